/** Hugging Face model folders on disk. Node only: the browser gets the same ModelFiles over HTTP. */
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { message } from '../contract/message';
import { configFile, tokenizerConfigFile, tokenizerFile, weightsFile } from '../contract/model-files';
import type { ModelFiles } from '../model/model';
import { type FileSource, type NamedFile, readModelFiles, toJson } from './model-files';
import { ModelFilesError } from './shard-index';

/** Throws ModelFilesError, its message beginning with the file's path. Sharded weights come back joined, as f32. */
export function readModelFolder(dir: string): Promise<ModelFiles> {
  return readModelFiles(folderSource(dir));
}

export function folderSource(dir: string): FileSource {
  return { read: (name) => readOptional(join(dir, name)), pathOf: (name) => join(dir, name) };
}

/** Writes the folder file by file, each one completely or not at all; the weights come last. */
export async function writeModelFolder(dir: string, files: ModelFiles): Promise<void> {
  await mkdir(dir, { recursive: true });
  await writeFileAtomic(join(dir, configFile), toJson(files.config));
  if (files.tokenizer != null) await writeFileAtomic(join(dir, tokenizerFile), toJson(files.tokenizer));
  if (files.tokenizerConfig !== undefined) {
    await writeFileAtomic(join(dir, tokenizerConfigFile), toJson(files.tokenizerConfig));
  }
  await writeFileAtomic(join(dir, weightsFile), files.weights);
}

/** Writes files into a folder, in order. */
export async function writeFiles(dir: string, files: readonly NamedFile[]): Promise<void> {
  await mkdir(dir, { recursive: true });
  for (const { name, bytes } of files) await writeFileAtomic(join(dir, name), bytes);
}

/** Temporary file, fsync, rename, fsync of the folder: after a crash the path holds the old content or the new. */
export async function writeFileAtomic(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new ModelFilesError(path, message('cannotBeWritten', { detail: (error as Error).message }));
  }
  await syncFolder(dirname(path));
}

async function syncFolder(dir: string): Promise<void> {
  // Windows cannot open a folder for syncing; its rename is durable without.
  if (process.platform === 'win32') return;
  const folder = await open(dir, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

export async function readOptional(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ModelFilesError(path, message('cannotBeRead', { detail: (error as Error).message }));
  }
}
