import { createOpfsStore } from '../io/opfs-store';
import type { Backend } from './backend';
import { createWasmBackend } from './wasm/wasm-backend';
import { NoAdapterError } from './webgpu/request-device';
import type { TileCache } from './webgpu/tile-cache';
import { createWebGpuBackend } from './webgpu/webgpu-backend';

export interface CreateBackendOptions {
  /** The device to try first. Default: a real GPU, else the CPU, which is also the fallback. */
  readonly prefer?: 'wasm' | 'webgpu';
  /** Where WebGPU comes from; default `navigator.gpu`. Node has it through webgpu/node-gpu.ts. */
  readonly gpu?: GPU | null;
  /** CPU threads. Default: one per core where threads can share memory, at most 8. Results do not depend on it. */
  readonly threads?: number;
  /** Accept a WebGPU adapter that is emulated on the CPU. It is much slower than wasm: for tests, or on request. */
  readonly allowSoftware?: boolean;
  /** Where the tuning of a GPU is stored. Default: the browser's origin-private file system, if there is one. */
  readonly tileCache?: TileCache;
  /** Called with the reason when the GPU is not used. */
  readonly onFallback?: (reason: string) => void;
}

/** Creates the backend to train and score with; its `description` names the device. Never fails for want of a GPU. */
export async function createBackend(options: CreateBackendOptions = {}): Promise<Backend> {
  const { prefer, gpu, allowSoftware, onFallback, threads = 'automatic' } = options;
  if (prefer === 'wasm') return createWasmBackend({ threads });
  try {
    const tileCache = options.tileCache ?? (await privateFiles());
    return await createWebGpuBackend({ gpu: gpu ?? undefined, allowSoftware, tileCache });
  } catch (error) {
    // A driver that fails, in whatever way, must not keep anyone from training on the CPU.
    onFallback?.(error instanceof NoAdapterError ? error.message : `WebGPU failed: ${(error as Error).message}`);
    return createWasmBackend({ threads });
  }
}

/** Undefined where there is no such file system, or it may not be used. */
async function privateFiles(): Promise<TileCache | undefined> {
  const { storage } = (globalThis.navigator ?? {}) as Partial<Navigator>;
  return storage?.getDirectory?.().then(createOpfsStore, () => undefined);
}
