/**
 * Stores downloads in a browser's origin-private file system: NAME when complete, NAME.part and NAME.part.tag until
 * then. For dedicated workers, which alone have handles that write immediately, so that a closed tab loses nothing.
 */
import type { ModelStore, PartWriter } from './model-store';

/** Missing in TypeScript's DOM library. */
interface SyncHandle {
  write(bytes: Uint8Array<ArrayBuffer>, options: { at: number }): number;
  truncate(size: number): void;
  getSize(): number;
  flush(): void;
  close(): void;
}
type WorkerFileHandle = FileSystemFileHandle & {
  createSyncAccessHandle(): Promise<SyncHandle>;
  move(name: string): Promise<void>;
};

const LOCK_TIMEOUT_MS = 3000;

/** `root`: usually `await navigator.storage.getDirectory()`. */
export function createOpfsStore(root: FileSystemDirectoryHandle): ModelStore {
  const folderOf = async (path: string, create: boolean) => {
    const parts = path.split('/');
    const name = parts.pop() as string;
    let folder = root;
    for (const part of parts) folder = await folder.getDirectoryHandle(part, { create });
    return { folder, name };
  };
  const find = async (path: string): Promise<File | undefined> => {
    try {
      const { folder, name } = await folderOf(path, false);
      return await (await folder.getFileHandle(name)).getFile();
    } catch (error) {
      if ((error as Error).name === 'NotFoundError') return undefined;
      throw error;
    }
  };
  const writeWhole = async (folder: FileSystemDirectoryHandle, name: string, bytes: Uint8Array) => {
    // A writable takes effect when it closes: the old content or the new, never a part.
    const writable = await (await folder.getFileHandle(name, { create: true })).createWritable();
    await writable.write(bytes as Uint8Array<ArrayBuffer>);
    await writable.close();
  };
  return {
    async read(path) {
      const file = await find(path);
      return file && new Uint8Array(await file.arrayBuffer());
    },
    has: async (path) => (await find(path)) !== undefined,
    async write(path, bytes) {
      const { folder, name } = await folderOf(path, true);
      await writeWhole(folder, name, bytes);
    },
    async part(path) {
      const file = await find(`${path}.part`);
      return file ? { size: file.size, tag: (await (await find(`${path}.part.tag`))?.text()) ?? '' } : null;
    },
    async openPart(path, { tag, append }) {
      const { folder, name } = await folderOf(path, true);
      const handle = (await folder.getFileHandle(`${name}.part`, { create: true })) as WorkerFileHandle;
      const access = await lock(handle);
      if (!append) {
        // The old part is deleted before the new tag is written, so that a tag never belongs to bytes of another file.
        access.truncate(0);
        access.flush();
        await writeWhole(folder, `${name}.part.tag`, new TextEncoder().encode(tag));
      }
      return new OpfsPart(folder, name, handle, access);
    },
  };
}

/**
 * Opens the one handle that may write the file. A worker that was just terminated releases its handle a moment later,
 * so a stopped download can be resumed at once; a handle that is still held after the timeout belongs to another tab.
 */
async function lock(handle: WorkerFileHandle): Promise<SyncHandle> {
  const patience = Date.now() + LOCK_TIMEOUT_MS;
  for (;;) {
    try {
      return await handle.createSyncAccessHandle();
    } catch (error) {
      if ((error as Error).name !== 'NoModificationAllowedError' || Date.now() > patience) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

class OpfsPart implements PartWriter {
  private open = true;
  private size: number;

  constructor(
    private readonly folder: FileSystemDirectoryHandle,
    private readonly name: string,
    private readonly handle: WorkerFileHandle,
    private readonly access: SyncHandle,
  ) {
    this.size = access.getSize();
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.access.write(bytes as Uint8Array<ArrayBuffer>, { at: this.size });
    this.size += bytes.length;
  }

  async finish(): Promise<void> {
    await this.close();
    await this.handle.move(this.name);
    await this.folder.removeEntry(`${this.name}.part.tag`);
  }

  async close(): Promise<void> {
    if (!this.open) return;
    this.open = false;
    this.access.flush();
    this.access.close();
  }
}
