import { createOpfsStore } from '../io/opfs-store';
import type { Backend } from './backend';
import { createWasmBackend } from './wasm/wasm-backend';
import { NoAdapterError } from './webgpu/request-device';
import type { TileMemory } from './webgpu/tile-memory';
import { createWebGpuBackend } from './webgpu/webgpu-backend';

export interface CreateBackendOptions {
  /** A wish: where that device is not there the next best one is taken. Default: a real GPU, else the CPU. */
  readonly prefer?: 'wasm' | 'webgpu';
  /** Where WebGPU comes from; default `navigator.gpu`. Node has it through webgpu/node-gpu.ts. */
  readonly gpu?: GPU | null;
  /** Of the CPU. Default: as many as it has cores and this place allows, at most 8. The results are the same. */
  readonly threads?: number;
  /** Take a WebGPU adapter that runs on the CPU, too. It is slower than wasm by far: for tests, or when asked for. */
  readonly allowSoftware?: boolean;
  /** Where a GPU's tuning is kept. Default: the browser's private files, where there are any. */
  readonly tileMemory?: TileMemory;
  /** Hears, in words, why the GPU is not used. */
  readonly onFallback?: (reason: string) => void;
}

/** The backend to train and score with; its `description` says which one it became. */
export async function createBackend(options: CreateBackendOptions = {}): Promise<Backend> {
  const { prefer, gpu, allowSoftware, onFallback, threads = 'automatic' } = options;
  if (prefer === 'wasm') return createWasmBackend({ threads });
  try {
    const tileMemory = options.tileMemory ?? (await privateFiles());
    return await createWebGpuBackend({ gpu: gpu ?? undefined, allowSoftware, tileMemory });
  } catch (error) {
    // Drivers fail in their own ways; none of them may keep someone from training on the CPU.
    onFallback?.(error instanceof NoAdapterError ? error.message : `WebGPU failed: ${(error as Error).message}`);
    return createWasmBackend({ threads });
  }
}

/** Undefined where there are none, or none may be kept. */
async function privateFiles(): Promise<TileMemory | undefined> {
  const { storage } = (globalThis.navigator ?? {}) as Partial<Navigator>;
  return storage?.getDirectory?.().then(createOpfsStore, () => undefined);
}
