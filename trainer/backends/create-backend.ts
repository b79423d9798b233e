import type { Backend } from './backend';
import { createWasmBackend } from './wasm/wasm-backend';

/**
 * The backend to train and score with; its `description` says which one it became. `prefer` is a wish: where that
 * device is not there the next best one is taken.
 */
export async function createBackend(_options: { prefer?: 'wasm' | 'webgpu' } = {}): Promise<Backend> {
  return createWasmBackend();
}
