import type { Backend } from './backend';
import { createWasmBackend } from './wasm/wasm-backend';

export interface BackendOptions {
  /** A wish: where that device is not there the next best one is taken. */
  readonly prefer?: 'wasm' | 'webgpu';
  /** Of the CPU. Default: as many as it has cores and this place allows, at most 8. The results are the same. */
  readonly threads?: number;
}

/** The backend to train and score with; its `description` says which one it became. */
export async function createBackend(options: BackendOptions = {}): Promise<Backend> {
  return createWasmBackend({ threads: options.threads ?? 'automatic' });
}
