/** Hugging Face model folders on disk. Node only: the browser gets the same ModelFiles over HTTP. */
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { parseSafetensors, SafetensorsError, serializeSafetensors } from './safetensors';
import { ModelFilesError, parseJson, parseShardIndex } from './shard-index';

/** A model as its files: what `loadModel` takes. */
export interface ModelFiles {
  readonly config: unknown;
  /** model.safetensors, whole. */
  readonly weights: Uint8Array;
  /** tokenizer.json; null when the folder has none, which is enough for work on token ids. */
  readonly tokenizer: unknown;
  readonly tokenizerConfig?: unknown;
}

/** A folder that is not a usable model; the message starts with the file's path. */
export class ModelFolderError extends ModelFilesError {
  override readonly name = 'ModelFolderError';
}

/** Throws ModelFolderError. Sharded weights come back joined, as f32. */
export async function readModelFolder(dir: string): Promise<ModelFiles> {
  const config = await readJson(join(dir, 'config.json'));
  if (config === undefined) throw new ModelFolderError(`${join(dir, 'config.json')}: there is no such file`);
  const weights = (await readOptional(join(dir, 'model.safetensors'))) ?? (await readShards(dir));
  const tokenizer = (await readJson(join(dir, 'tokenizer.json'))) ?? null;
  const tokenizerConfig = await readJson(join(dir, 'tokenizer_config.json'));
  return { config, weights, tokenizer, ...(tokenizerConfig === undefined ? {} : { tokenizerConfig }) };
}

/** Writes the folder file by file, each complete or not there at all; the weights come last. */
export async function writeModelFolder(dir: string, files: ModelFiles): Promise<void> {
  await mkdir(dir, { recursive: true });
  await writeFileAtomic(join(dir, 'config.json'), toJson(files.config));
  if (files.tokenizer != null) await writeFileAtomic(join(dir, 'tokenizer.json'), toJson(files.tokenizer));
  if (files.tokenizerConfig !== undefined) {
    await writeFileAtomic(join(dir, 'tokenizer_config.json'), toJson(files.tokenizerConfig));
  }
  await writeFileAtomic(join(dir, 'model.safetensors'), files.weights);
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
    throw new ModelFolderError(`${path}: cannot be written: ${(error as Error).message}`);
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

export const toJson = (value: unknown) => `${JSON.stringify(value, null, 1)}\n`;

export async function readOptional(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ModelFolderError(`${path}: cannot be read: ${(error as Error).message}`);
  }
}

export async function readJson(path: string): Promise<unknown> {
  const bytes = await readOptional(path);
  return bytes === undefined ? undefined : parseJson(path, bytes);
}

/** The index and the shards must tell the same story: every tensor is where the index puts it, and nowhere else. */
async function readShards(dir: string): Promise<Uint8Array> {
  const indexPath = join(dir, 'model.safetensors.index.json');
  const text = await readOptional(indexPath);
  if (text === undefined) throw new ModelFolderError(`${join(dir, 'model.safetensors')}: there is no such file`);
  const weightMap = parseShardIndex(indexPath, text);
  const tensors = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  for (const shard of new Set(weightMap.values())) {
    const path = join(dir, shard);
    const bytes = await readOptional(path);
    if (bytes === undefined) throw new ModelFolderError(`${path}: named by the index, but there is no such file`);
    const parsed = parseNamed(path, bytes);
    for (const [name, tensor] of parsed) {
      const place = weightMap.get(name);
      if (place !== shard) {
        const elsewhere = place === undefined ? 'the index does not list' : `the index puts in ${place}`;
        throw new ModelFolderError(`${path}: holds the tensor "${name}", which ${elsewhere}`);
      }
      tensors.set(name, tensor);
    }
  }
  for (const [name, shard] of weightMap) {
    if (!tensors.has(name)) {
      throw new ModelFolderError(`${join(dir, shard)}: tensor "${name}", which the index puts here, is missing`);
    }
  }
  return serializeSafetensors(tensors);
}

function parseNamed(path: string, bytes: Uint8Array) {
  try {
    return parseSafetensors(bytes);
  } catch (error) {
    if (error instanceof SafetensorsError) throw new ModelFolderError(`${path}: ${error.message}`);
    throw error;
  }
}
