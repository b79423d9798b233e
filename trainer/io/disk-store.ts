/** Stores downloads in a folder: NAME when complete, NAME.part and NAME.part.tag until then. Node only. */
import { type FileHandle, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readOptional, writeFileAtomic } from './model-folder';
import type { ModelStore, PartWriter } from './model-store';

export function createDiskStore(root: string): ModelStore {
  const at = (path: string) => join(root, path);
  const size = (path: string) =>
    stat(path).then(
      (found) => found.size,
      () => null,
    );
  return {
    read: (path) => readOptional(at(path)),
    has: async (path) => (await size(at(path))) !== null,
    async write(path, bytes) {
      await mkdir(dirname(at(path)), { recursive: true });
      await writeFileAtomic(at(path), bytes);
    },
    async part(path) {
      const found = await size(`${at(path)}.part`);
      if (found === null) return null;
      const tag = await readFile(`${at(path)}.part.tag`, 'utf8').catch(() => '');
      return { size: found, tag };
    },
    async openPart(path, { tag, append }) {
      await mkdir(dirname(at(path)), { recursive: true });
      if (!append) {
        // The old part is deleted before the new tag is written, so that a tag never belongs to bytes of another file.
        await rm(`${at(path)}.part`, { force: true });
        await writeFile(`${at(path)}.part.tag`, tag);
      }
      return new DiskPart(at(path), await open(`${at(path)}.part`, 'a'));
    },
  };
}

class DiskPart implements PartWriter {
  private open = true;

  constructor(
    private readonly path: string,
    private readonly file: FileHandle,
  ) {}

  async write(bytes: Uint8Array): Promise<void> {
    await this.file.writeFile(bytes);
  }

  async finish(): Promise<void> {
    await this.file.sync();
    await this.close();
    await rename(`${this.path}.part`, this.path);
    await rm(`${this.path}.part.tag`, { force: true });
  }

  async close(): Promise<void> {
    if (!this.open) return;
    this.open = false;
    await this.file.close();
  }
}
