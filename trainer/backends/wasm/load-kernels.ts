import { kernelBytes } from './build/kernels';
import { argumentValues, type KernelFunctions, type Kernels, kernelsFrom } from './kernel-parameters';

/** All exports of an instance. */
export interface KernelExports extends KernelFunctions {
  readonly memory: WebAssembly.Memory;
  heapStart(threads: number): number;
}

/** All exports of an instance that shares its memory with other threads: see assembly/calls.ts. */
export interface ThreadExports extends KernelExports {
  setThread(thread: number, threads: number): void;
  setTimeoutSeconds(seconds: number): void;
  argumentsStart(): number;
  messageStart(): number;
  begin(kernel: number): void;
  awaitWorkers(): void;
  claimFailure(): number;
  publishFailure(): void;
  awaitFailure(): void;
}

/** Kernels ready to be called, and the memory their pointers point into. */
export interface LoadedKernels {
  readonly kernels: Kernels;
  readonly memory: WebAssembly.Memory;
  /** First byte behind the static data and scratch memory, where the host may allocate. */
  readonly heapStart: number;
  readonly threads: number;
  /** Ends the threads; the kernels may not be called any more. */
  close(): void;
}

export type KernelBuild = 'simd' | 'relaxed-simd';
type BinaryName = keyof typeof kernelBytes;

const modules = new Map<BinaryName, Promise<WebAssembly.Module>>();

function bytesOf(name: BinaryName): Uint8Array<ArrayBuffer> {
  const text = atob(kernelBytes[name]);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

let relaxedRuns: boolean | undefined;

/** The fastest build this engine accepts. Node 20 has no relaxed SIMD, Chrome and Node 22 do. */
export function fastestBuild(): KernelBuild {
  relaxedRuns ??= WebAssembly.validate(bytesOf('relaxed-simd'));
  return relaxedRuns ? 'relaxed-simd' : 'simd';
}

/** Compiled once per process and shared by all instances. */
export function compileKernels(name: BinaryName): Promise<WebAssembly.Module> {
  let module = modules.get(name);
  if (!module) {
    module = WebAssembly.compile(bytesOf(name));
    modules.set(name, module);
  }
  return module;
}

/** What every instance imports, with the memory for the builds that share one. */
export function kernelImports(memory?: WebAssembly.Memory): WebAssembly.Imports {
  const abort = (_message: number, file: number, line: number, column: number) => {
    throw new Error(`wasm kernel aborted at ${file}:${line}:${column}`);
  };
  return { env: { abort, ...(memory && { memory }) } };
}

/** Kernels for one thread, with a memory of their own. */
export async function loadKernels(build: KernelBuild): Promise<LoadedKernels> {
  const instance = await WebAssembly.instantiate(await compileKernels(build), kernelImports());
  const exports = instance.exports as unknown as KernelExports;
  const kernels = kernelsFrom((name, args) => exports[name](...argumentValues(name, args)));
  return { kernels, memory: exports.memory, heapStart: exports.heapStart(1), threads: 1, close: () => {} };
}
