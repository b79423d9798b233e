/** What the commands share that open the server's own database. */
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandError } from '../trainer/cli/command-line';

/** Migrations are found below RESCUE_ROOT; the bundle is in dist/cli. */
export function setProjectRoot(): void {
  process.env.RESCUE_ROOT ??= resolve(fileURLToPath(new URL('../..', import.meta.url)));
}

/** An empty folder would be made into a new database. */
export async function assertDatabaseIn(folder: string): Promise<void> {
  const files = await readdir(join(folder, 'database')).catch(() => []);
  if (files.length === 0) throw new CommandError(`${folder} holds no database. DATA_DIR or --data-dir names it.`);
}
