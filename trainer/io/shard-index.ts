/** model.safetensors.index.json: which file of a sharded model holds which tensor. */
import * as z from 'zod';
import { type Message, message } from '../contract/message';
import { jsonFault, scanJson } from '../data/json-scan';
import { TrainerError } from '../trainer-error';
import { detectForeignFile } from './foreign-file';

/** A model's file cannot be used; the message starts with its path or address. */
export class ModelFilesError extends TrainerError {
  override readonly name: string = 'ModelFilesError';

  constructor(file: string, reason: Message | string) {
    super(message('inFile', { file, reason }));
  }
}

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

export function parseJson(path: string, bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ModelFilesError(path, detectForeignFile(bytes) ?? message('fileNotUtf8'));
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new ModelFilesError(path, detectForeignFile(bytes) ?? message('notJson', { reason: jsonFault(text) }));
  }
}

/** Tensor name to file name. Throws ModelFilesError. */
export function parseShardIndex(path: string, bytes: Uint8Array): Map<string, string> {
  const index = indexSchema.safeParse(parseJson(path, bytes));
  if (!index.success) throw new ModelFilesError(path, message('weightMapMissing'));
  const [duplicate] = scanJson(new TextDecoder().decode(bytes)).repeatedKeys;
  if (duplicate) throw new ModelFilesError(path, message('listedTwice', { name: duplicate.key }));
  const places = new Map(Object.entries(index.data.weight_map));
  for (const file of places.values()) {
    // A file name, not a path: an index must not reach outside its folder.
    if (!/^(?!\.)[^/\\]+$/.test(file)) throw new ModelFilesError(path, message('notPlainFileName', { name: file }));
  }
  return places;
}
