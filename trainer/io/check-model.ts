/**
 * Checks, before a download, an upload, or a run, whether a folder holds a model that can be trained, by its small
 * files and the headers of its weights.
 */

import { type Message, message } from '../contract/message';
import { configFile, tokenizerFile, unchangedTextFiles, weightsFile, weightsIndexFile } from '../contract/model-files';
import type { ModelConfig } from '../model/config';
import { parseModelConfig } from '../model/config';
import { checkWeightShapes, parameterCount } from '../model/parameters';
import { loadTokenizer } from '../tokenizer/load-tokenizer';
import { checkTokenizerFitsModel } from '../tokenizer/tokenizer';
import { TrainerError } from '../trainer-error';
import { SNIFFED_BYTES } from './foreign-file';
import { type FileSource, readModelText } from './model-files';
import { readSafetensorsHeader, safetensorsHeaderBytes, type TensorHeaders } from './safetensors';
import { ModelFilesError, parseShardIndex } from './shard-index';

/** A source of files whose large files can be read in part. */
export interface PeekableSource extends FileSource {
  /** In bytes; undefined when there is no such file. */
  size(name: string): Promise<number | undefined>;
  /** The first bytes of a file, fewer where it ends before. */
  readStart(name: string, bytes: number): Promise<Uint8Array>;
}

export interface CheckedModel {
  readonly config: ModelConfig;
  /** The files of the model; other files of the folder are not needed. */
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  readonly bytes: number;
  readonly parameters: number;
}

/** Throws ModelFilesError: the file, a colon, and what is wrong with it. */
export async function checkModel(source: PeekableSource): Promise<CheckedModel> {
  const text = await readModelText(source);
  const config = named(source, configFile, () => parseModelConfig(text.config));
  if (text.tokenizer === null) throw new ModelFilesError(source.pathOf(tokenizerFile), message('noSuchFile'));
  named(source, tokenizerFile, () =>
    checkTokenizerFitsModel(loadTokenizer(text.tokenizer, text.tokenizerConfig, text), config.vocabSize),
  );
  const single = (await source.size(weightsFile)) !== undefined;
  const { weights, tensors } = single
    ? { weights: [weightsFile], tensors: await headersOf(source, weightsFile) }
    : await shardHeaders(source);
  named(source, weights[0]!, () => checkWeightShapes(config, tensors));
  const names = [configFile, ...unchangedTextFiles, ...weights];
  const sizes = await Promise.all(names.map(async (name) => ({ name, bytes: await source.size(name) })));
  const files = sizes.flatMap(({ name, bytes }) => (bytes === undefined ? [] : [{ name, bytes }]));
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return { config, files, bytes, parameters: parameterCount(config) };
}

async function headersOf(source: PeekableSource, name: string): Promise<TensorHeaders> {
  const size = await source.size(name);
  if (size === undefined) throw new ModelFilesError(source.pathOf(name), message('namedByIndex'));
  const first = await source.readStart(name, SNIFFED_BYTES);
  const needed = named(source, name, () => safetensorsHeaderBytes(first));
  const start = await source.readStart(name, needed);
  return named(source, name, () => readSafetensorsHeader(start, size));
}

/** The index and the shards must agree. */
async function shardHeaders(source: PeekableSource): Promise<{ weights: string[]; tensors: TensorHeaders }> {
  const index = await source.read(weightsIndexFile);
  if (index === undefined) throw new ModelFilesError(source.pathOf(weightsFile), message('noSuchFile'));
  const places = parseShardIndex(source.pathOf(weightsIndexFile), index);
  const shards = [...new Set(places.values())];
  const tensors = new Map<string, { dtype: 'F32' | 'F16' | 'BF16'; shape: readonly number[] }>();
  for (const shard of shards) {
    for (const [name, header] of await headersOf(source, shard)) {
      if (places.get(name) !== shard) {
        throw new ModelFilesError(source.pathOf(shard), message('notInIndexThere', { name }));
      }
      tensors.set(name, header);
    }
  }
  const missing = [...places].find(([name]) => !tensors.has(name));
  if (missing) {
    throw new ModelFilesError(source.pathOf(missing[1]), message('tensorMissingHere', { name: missing[0] }));
  }
  return { weights: [weightsIndexFile, ...shards], tensors };
}

/** Runs a check, and adds the file's name to its error. */
function named<T>(source: FileSource, name: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    // A file from outside may break the code that reads it; that is reported with the file's name, too.
    const reason = error instanceof TrainerError ? withoutFile(error.translatable, name) : unreadable(error);
    throw new ModelFilesError(source.pathOf(name), reason);
  }
}

/** An error of another program about a file. Of a system error only the code, since its text names folders. */
export function unreadable(error: unknown): Message {
  const { code, message: words } = error as NodeJS.ErrnoException;
  return message('cannotBeRead', { detail: code ?? words });
}

/** Without the file's name, which would otherwise appear twice. */
function withoutFile(reason: Message, name: string): Message {
  const { file, reason: inner } = reason.values ?? {};
  return reason.key === 'trainer.inFile' && file === name && typeof inner === 'object' ? inner : reason;
}
