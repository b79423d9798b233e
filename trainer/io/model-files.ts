/** Reads a model's files from any source: a folder on disk, or a store in a browser. */

import { message } from '../contract/message';
import {
  chatTemplateFile,
  configFile,
  generationConfigFile,
  specialTokensFile,
  tokenizerConfigFile,
  tokenizerFile,
  unchangedTextFiles,
  weightsFile,
  weightsIndexFile,
} from '../contract/model-files';
import type { ModelFiles } from '../model/model';
import { detectForeignFile } from './foreign-file';
import type { ModelStore } from './model-store';
import { parseSafetensors, SafetensorsError, type SafetensorsTensor, serializeSafetensors } from './safetensors';
import { ModelFilesError, parseJson, parseShardIndex } from './shard-index';

/** A source of files. */
export interface FileSource {
  /** Undefined when there is no such file. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Path or address of the file, for messages. */
  pathOf(name: string): string;
}

/** A downloaded model's folder in a store. */
export function storeSource(store: ModelStore, folder: string): FileSource {
  return { read: (name) => store.read(`${folder}/${name}`), pathOf: (name) => `${folder}/${name}` };
}

/** Throws ModelFilesError. Sharded weights come back joined; as f32, unless all are of one 16-bit type. */
export async function readModelFiles(source: FileSource): Promise<ModelFiles> {
  const text = await readModelText(source);
  const single = await source.read(weightsFile);
  return single === undefined
    ? { ...text, weights: await readShards(source), weightsPath: source.pathOf(weightsIndexFile) }
    : { ...text, weights: single, weightsPath: source.pathOf(weightsFile) };
}

/** All files except the weights. Throws ModelFilesError. */
export async function readModelText(source: FileSource): Promise<Omit<ModelFiles, 'weights' | 'weightsPath'>> {
  const config = await readJson(source, configFile);
  if (config === undefined) throw new ModelFilesError(source.pathOf(configFile), message('noSuchFile'));
  const tokenizer = (await readJson(source, tokenizerFile)) ?? null;
  const tokenizerConfig = await readTokenizerConfig(source);
  const specialTokensMap = await readJson(source, specialTokensFile);
  const generationConfig = await readJson(source, generationConfigFile);
  return {
    config,
    tokenizer,
    ...(tokenizerConfig === undefined ? {} : { tokenizerConfig }),
    ...(specialTokensMap === undefined ? {} : { specialTokensMap }),
    ...(generationConfig === undefined ? {} : { generationConfig }),
  };
}

export interface NamedFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Copies of the files that training does not change, byte for byte. */
export async function readUnchangedText(source: FileSource): Promise<NamedFile[]> {
  const found: NamedFile[] = [];
  for (const name of unchangedTextFiles) {
    const bytes = await source.read(name);
    if (bytes !== undefined) found.push({ name, bytes: new Uint8Array(bytes) });
  }
  return found;
}

/** A chat template in a file of its own takes precedence. */
async function readTokenizerConfig(source: FileSource): Promise<unknown> {
  const config = await readJson(source, tokenizerConfigFile);
  const template = await source.read(chatTemplateFile);
  if (template === undefined) return config;
  const instead = detectForeignFile(template);
  if (instead) throw new ModelFilesError(source.pathOf(chatTemplateFile), instead);
  return { ...(config as object | undefined), chat_template: new TextDecoder().decode(template) };
}

export async function readJson(source: FileSource, name: string): Promise<unknown> {
  const bytes = await source.read(name);
  return bytes === undefined ? undefined : parseJson(source.pathOf(name), bytes);
}

/** The index and the shards must agree: every tensor is where the index puts it, and nowhere else. */
async function readShards(source: FileSource): Promise<Uint8Array> {
  const index = await source.read(weightsIndexFile);
  if (index === undefined) throw new ModelFilesError(source.pathOf(weightsFile), message('noSuchFile'));
  const weightMap = parseShardIndex(source.pathOf(weightsIndexFile), index);
  const tensors = new Map<string, SafetensorsTensor>();
  for (const shard of new Set(weightMap.values())) {
    const path = source.pathOf(shard);
    const bytes = await source.read(shard);
    if (bytes === undefined) throw new ModelFilesError(path, message('namedByIndex'));
    const parsed = parseNamed(path, bytes);
    for (const [name, tensor] of parsed) {
      const place = weightMap.get(name);
      if (place !== shard) {
        const reason =
          place === undefined ? message('notInIndex', { name }) : message('elsewhereInIndex', { name, place });
        throw new ModelFilesError(path, reason);
      }
      tensors.set(name, tensor);
    }
  }
  for (const [name, shard] of weightMap) {
    if (!tensors.has(name)) {
      throw new ModelFilesError(source.pathOf(shard), message('tensorMissingHere', { name }));
    }
  }
  const dtypes = new Set([...tensors.values()].map(({ dtype }) => dtype));
  const [dtype] = dtypes;
  return serializeSafetensors(tensors, { dtype: dtypes.size === 1 ? dtype : 'F32' });
}

function parseNamed(path: string, bytes: Uint8Array) {
  try {
    return parseSafetensors(bytes);
  } catch (error) {
    if (error instanceof SafetensorsError) throw new ModelFilesError(path, error.translatable);
    throw error;
  }
}

/** JSON in the format of a model folder's files. */
export const toJson = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;
