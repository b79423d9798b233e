/** Shared by the commands: options, reading files, and errors that a user can act on. */
import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Backend } from '../backends/backend';
import { createBackend } from '../backends/create-backend';
import { MATRIX_UNIT_FLAGS, nodeGpu } from '../backends/webgpu/node-gpu';
import { hasMatrixUnits, isSoftware, NoAdapterError } from '../backends/webgpu/request-device';
import { createWebGpuBackend } from '../backends/webgpu/webgpu-backend';
import { inEnglish } from '../contract/english';
import type { Message } from '../contract/message';
import type { SnapshotRecord } from '../contract/record';
import { RecordError } from '../data/encode-record';
import { jsonFault } from '../data/json-scan';
import { type RecordFile, readSnapshotFile } from '../data/snapshot';
import { readAdapterFolder } from '../io/adapter-folder';
import { createDiskStore } from '../io/disk-store';
import { readModelFolder } from '../io/model-folder';
import { ModelFilesError } from '../io/shard-index';
import { loadAdapter } from '../model/adapter';
import { loadModel, type Model } from '../model/model';
import { cacheFolder } from './cache-folder';

/**
 * The command was called wrongly or its input cannot be used: reported without a stack trace, with exit code `code`.
 */
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

/** Where a command writes its output. */
export interface CommandIo {
  stdout(text: string): void;
  /** stdout is a terminal: a table is printed instead of JSON. */
  readonly terminal?: boolean;
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** parseArgs, with its errors as CommandError with exit code 2. Positional arguments are refused. */
export function parseOptions<T extends Options>(argv: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    // Only the first sentence of Node's message is about the error; the second one explains positional arguments.
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

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new CommandError(`${path}: ${ofFile(error)}`);
  }
}

/** A system error about a path, in plain words. */
function ofFile(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'this is a folder, not a file';
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return 'there is no permission for it';
  return message;
}

export async function readText(path: string): Promise<string> {
  const bytes = await readBytes(path);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CommandError(`${path}: not valid UTF-8`);
  }
}

/**
 * Checks an output path before work that may take hours: the file can be written, or the folder created or filled.
 * Throws CommandError.
 */
export async function checkOutputPath(path: string, kind: 'file' | 'folder', option = '--out'): Promise<void> {
  const refuse = (reason: string): never => {
    throw new CommandError(`${option} ${path}: ${reason}`);
  };
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => null,
  );
  if (isFolder === true && kind === 'file') refuse('this is a folder; name a file');
  if (isFolder === false && kind === 'folder') refuse('this is a file; name a folder');
  let folder = isFolder ? path : dirname(resolve(path));
  // A folder is created with its parents, a file is not.
  while (kind === 'folder' && dirname(folder) !== folder && !(await exists(folder))) folder = dirname(folder);
  const above = await stat(folder).catch((error: NodeJS.ErrnoException) =>
    refuse(error.code === 'ENOENT' ? `there is no folder ${folder}` : `${folder}: ${ofFile(error)}`),
  );
  if (!above.isDirectory()) refuse(`${folder} is a file, not a folder`);
  await access(folder, constants.W_OK | constants.X_OK).catch((error) => refuse(`${folder}: ${ofFile(error)}`));
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

export async function readJson(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandError(`${path}: not JSON: ${inEnglish(jsonFault(text))}`);
  }
}

/** Whether an error is a bug of the program: the trainer's own errors have names of their own. */
export function isFault(error: Error): boolean {
  return ['Error', 'TypeError', 'ReferenceError', 'RangeError', 'SyntaxError'].includes(error.name);
}

export const dtypeOption = { dtype: { type: 'string' } } as const;

/** --dtype as safetensors names it. */
export function readDtype(value: string | undefined): 'F32' | 'F16' | 'BF16' {
  const names = { f32: 'F32', f16: 'F16', bf16: 'BF16' } as const;
  return names[oneOf(value, '--dtype', ['bf16', 'f16', 'f32']) ?? 'f32'];
}

export const backendOptions = {
  backend: { type: 'string' },
  threads: { type: 'string' },
  'matrix-units': { type: 'boolean' },
} as const;

export interface BackendChoice {
  readonly backend?: string;
  readonly threads?: string;
  readonly 'matrix-units'?: boolean;
}

/**
 * Without a name (or with 'auto'), a real GPU is used, else the CPU. 'webgpu' is strict: an emulated adapter is
 * accepted, with a note, and without any adapter the command is refused.
 */
export async function openBackend(options: BackendChoice, io: CommandIo): Promise<Backend> {
  const choice = oneOf(options.backend, '--backend', ['auto', 'wasm', 'webgpu']) ?? 'auto';
  const threads = numberOf(options.threads, '--threads');
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1 && threads <= 32)) {
    throw new CommandError(`--threads is "${options.threads}"; it may be a whole number from 1 to 32`, 2);
  }
  const matrixUnits = options['matrix-units'] === true;
  if (matrixUnits && choice !== 'webgpu') throw new CommandError('--matrix-units needs --backend webgpu', 2);
  if (choice === 'wasm') return createBackend({ prefer: 'wasm', threads });
  const gpu = await nodeGpu(matrixUnits ? MATRIX_UNIT_FLAGS : []);
  const tileCache = createDiskStore(cacheFolder());
  if (choice === 'auto') {
    return gpu ? createBackend({ gpu, threads, tileCache }) : createBackend({ prefer: 'wasm', threads });
  }
  if (!gpu) throw new CommandError('--backend webgpu: this machine has no WebGPU (the package `webgpu`, and Vulkan)');
  try {
    const backend = await createWebGpuBackend({ gpu, allowSoftware: true, tileCache, matrixUnits });
    if (matrixUnits && !hasMatrixUnits(backend.device)) {
      backend.dispose();
      throw new CommandError('--matrix-units: WebGPU offers none here that multiply 16 x 16 matrices of f16 into f32');
    }
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
  /** Folder of an adapter to attach. */
  readonly adapter?: string;
  /** The weights will not change: see createModel. */
  readonly frozen?: boolean;
}

/** Loads the model of a folder onto the backend; errors name the file or the folder. */
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
  if (!(error instanceof Error) || isFault(error) || error instanceof ModelFilesError) throw error;
  throw new CommandError(`${dir}: ${error.message}`);
}

/** The data of a command. */
export interface Data<T> {
  readonly records: readonly T[];
  /** Rethrows an error of the trainer about the data, with the file and, where known, the line in front. */
  blame(error: unknown): never;
}

export type SnapshotData = Data<SnapshotRecord>;

/** --data as snapshot records, with the header of a snapshot or without, or as an import file. */
export const readSnapshot = (path: string, io: CommandIo, pairs: 'needed' | 'optional'): Promise<SnapshotData> =>
  readData(path, io, (bytes, fileName) => readSnapshotFile(bytes, fileName, { pairs }));

/** Most notes and errors printed about one file. */
const SHOWN_NOTES = 20;

/** Reads records with `read`, and prints its notes. */
export async function readData<T extends { readonly id: string }>(
  path: string,
  io: CommandIo,
  read: (bytes: Uint8Array, fileName: string) => RecordFile<T>,
): Promise<Data<T>> {
  const { records, lines, notes } = read(await readBytes(path), path);
  for (const note of notes.slice(0, SHOWN_NOTES)) io.stderr.write(`rescue: ${inEnglish(note)}\n`);
  const more = notes.length - SHOWN_NOTES;
  if (more > 0) io.stderr.write(`rescue: ${path}: ${more} more of such ${more === 1 ? 'note' : 'notes'}\n`);
  return {
    records,
    blame(error) {
      if (error instanceof RecordError) {
        const index = records.findIndex(({ id }) => id === error.promptId);
        throw new CommandError(`${path}:${lines[index]}: ${error.message}`);
      }
      if (error instanceof Error && error.name === 'TrainingDataError') {
        throw new CommandError(`${path}: ${error.message}`);
      }
      throw error;
    },
  };
}

/** Prints notes on prompts to stderr, the first SHOWN_NOTES of them. */
export function noteWriter(command: string, io: CommandIo): (note: Message) => void {
  let notes = 0;
  return (note) => {
    if (++notes <= SHOWN_NOTES) io.stderr.write(`rescue ${command}: ${inEnglish(note)}\n`);
    if (notes === SHOWN_NOTES + 1) io.stderr.write(`rescue ${command}: and more of such notes\n`);
  };
}

/** Accepted formats of --data, for the help of the commands. */
export const dataHelp = `snapshot records, one a line, or the app's "Snapshot (lossless)"`;
/** The end of the help of these commands. */
export const formatsHelp = `
docs/formats.md describes every file that is read or written, with examples.
`;
