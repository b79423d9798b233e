import { open } from 'node:fs/promises';

/** Puts what a file holds, or the names that a folder holds, on the disk. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
