/** What the commands share: options, reading files, and errors a person can act on. */
import { readFile } from 'node:fs/promises';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Backend } from '../backends/backend';
import { createBackend } from '../backends/create-backend';
import { nodeGpu } from '../backends/webgpu/node-gpu';
import { isSoftware, NoAdapterError } from '../backends/webgpu/request-device';
import { createWebGpuBackend } from '../backends/webgpu/webgpu-backend';
import { RecordError } from '../data/encode-record';
import { parseSnapshot, type SnapshotRecord } from '../data/snapshot';
import { defaultLengthExponents, type LengthExponents } from '../infer/score-records';
import { readAdapterFolder } from '../io/adapter-folder';
import { createDiskStore } from '../io/disk-store';
import { readModelFolder } from '../io/model-folder';
import { loadAdapter } from '../model/adapter';
import { loadModel, type Model } from '../model/model';
import { cacheFolder } from './cache-folder';

/** The command was called wrongly or its input cannot be used: told without a stack trace, exit code `code`. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  constructor(
    message: string,
    readonly code = 1,
  ) {
    super(message);
  }
}

export interface Command {
  /** One line for `rescue --help`. */
  readonly summary: string;
  readonly help: string;
  /** Resolves to the exit code. Throws CommandError, or the trainer's own named errors. */
  run(argv: readonly string[], io: CommandIo): Promise<number>;
}

/** Where a command writes. */
export interface CommandIo {
  stdout(text: string): void;
  /** Somebody reads what goes to stdout: a table suits better than JSON. */
  readonly terminal?: boolean;
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** parseArgs, its refusals as CommandError with exit code 2. Positional arguments are refused. */
export function parseOptions<T extends Options>(argv: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    // Node's text goes on about positional arguments in its second sentence; the first says what is wrong.
    throw new CommandError((error as Error).message.split('. ')[0] as string, 2);
  }
}

export function required(value: string | undefined, option: string): string {
  if (value === undefined || value === '') throw new CommandError(`${option} is missing`, 2);
  return value;
}

export function oneOf<T extends string>(
  value: string | undefined,
  option: string,
  allowed: readonly T[],
): T | undefined {
  if (value === undefined || (allowed as readonly string[]).includes(value)) return value as T | undefined;
  throw new CommandError(`${option} is "${value}"; it may be ${allowed.join(' or ')}`, 2);
}

export function numberOf(value: string | undefined, option: string): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number))
    throw new CommandError(`${option} is "${value}", not a number`, 2);
  return number;
}

/** At least 1. */
export function wholeNumberOf(value: string | undefined, option: string): number | undefined {
  const number = numberOf(value, option);
  if (number === undefined || (Number.isInteger(number) && number >= 1)) return number;
  throw new CommandError(`${option} is "${value}"; it may be a whole number from 1`, 2);
}

export async function readText(path: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new CommandError(`${path}: ${missing ? 'there is no such file' : (error as Error).message}`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CommandError(`${path}: not valid UTF-8`);
  }
}

export async function readJson(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CommandError(`${path}: not JSON: ${(error as Error).message}`);
  }
}

/** The trainer's own errors have names of their own; these come from a fault of the program. */
export function isFault(error: Error): boolean {
  return ['Error', 'TypeError', 'ReferenceError', 'RangeError', 'SyntaxError'].includes(error.name);
}

export const backendOptions = { backend: { type: 'string' }, threads: { type: 'string' } } as const;

export interface BackendChoice {
  readonly backend?: string;
  readonly threads?: string;
}

/**
 * Unnamed (or 'auto'), a real GPU is taken, else the CPU. 'webgpu' means it: an emulated adapter will do, which is said,
 * and without any adapter the command is refused instead of running on something else.
 */
export async function openBackend(options: BackendChoice, io: CommandIo): Promise<Backend> {
  const choice = oneOf(options.backend, '--backend', ['auto', 'wasm', 'webgpu']) ?? 'auto';
  const threads = numberOf(options.threads, '--threads');
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1 && threads <= 32)) {
    throw new CommandError(`--threads is "${options.threads}"; it may be a whole number from 1 to 32`, 2);
  }
  if (choice === 'wasm') return createBackend({ prefer: 'wasm', threads });
  const gpu = await nodeGpu();
  const tileMemory = createDiskStore(cacheFolder());
  if (choice === 'auto') {
    return gpu ? createBackend({ gpu, threads, tileMemory }) : createBackend({ prefer: 'wasm', threads });
  }
  if (!gpu) throw new CommandError('--backend webgpu: this machine has no WebGPU (the package `webgpu`, and Vulkan)');
  try {
    const backend = await createWebGpuBackend({ gpu, allowSoftware: true, tileMemory });
    if (isSoftware(backend.device.adapterInfo)) {
      io.stderr.write(`rescue: this GPU is emulated on the CPU; --backend wasm is faster\n`);
    }
    return backend;
  } catch (error) {
    if (error instanceof NoAdapterError) throw new CommandError(`--backend webgpu: ${error.message}`);
    throw error;
  }
}

export interface OpenModelOptions {
  /** The folder of an adapter to put on it. */
  readonly adapter?: string;
  /** Its weights will not be changed: see createModel. */
  readonly frozen?: boolean;
}

/** The model of a folder on the backend; errors name the folder. */
export async function openModel(
  dir: string,
  backend: Backend,
  { adapter: adapterDir, frozen }: OpenModelOptions = {},
): Promise<Model> {
  const files = await readModelFolder(dir);
  const model = await loadModel(files, backend, { frozen }).catch((error) => blameFolder(dir, error));
  if (adapterDir === undefined) return model;
  const adapter = await readAdapterFolder(adapterDir);
  try {
    return loadAdapter(model, adapter);
  } catch (error) {
    return blameFolder(adapterDir, error);
  }
}

function blameFolder(dir: string, error: unknown): never {
  if (!(error instanceof Error) || isFault(error)) throw error;
  throw new CommandError(`${dir}: ${error.message}`);
}

export interface RecordFile<T> {
  readonly records: readonly T[];
  /** Puts file, and line where there is one, in front of what the trainer says about the data. */
  blame(error: unknown): never;
}

export type SnapshotFile = RecordFile<SnapshotRecord>;
export const readSnapshot = (path: string): Promise<SnapshotFile> => readRecords(path, parseSnapshot);

/** One record a line, as `parse` reads them. */
export async function readRecords<T extends { readonly id: string }>(
  path: string,
  parse: (text: string, fileName: string) => T[],
): Promise<RecordFile<T>> {
  const text = await readText(path);
  const records = parse(text, path);
  return {
    records,
    blame(error) {
      if (error instanceof RecordError) {
        const index = records.findIndex(({ id }) => id === error.promptId);
        const lines = text.split('\n').flatMap((line, i) => (line.trim() === '' ? [] : [i + 1]));
        throw new CommandError(`${path}:${lines[index]}: ${error.message}`);
      }
      if (error instanceof Error && error.name === 'TrainingDataError') {
        throw new CommandError(`${path}: ${error.message}`);
      }
      throw error;
    },
  };
}

export const lengthExponentOptions = {
  'lambda-human': { type: 'string' },
  'lambda-model': { type: 'string' },
} as const;

export function readLengthExponents(values: { 'lambda-human'?: string; 'lambda-model'?: string }): LengthExponents {
  return {
    human: numberOf(values['lambda-human'], '--lambda-human') ?? defaultLengthExponents.human,
    model: numberOf(values['lambda-model'], '--lambda-model') ?? defaultLengthExponents.model,
  };
}
