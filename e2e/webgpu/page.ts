/** Runs in the page: the contract suite and a golden case on the browser's own WebGPU. */
import { describeBackend } from '../../trainer/backends/contract-suite';
import { createBackend } from '../../trainer/backends/create-backend';
import { requestDevice } from '../../trainer/backends/webgpu/request-device';
import { createWebGpuBackend } from '../../trainer/backends/webgpu/webgpu-backend';
import { lossOfCase } from '../../trainer/loss/loss-of-case';
import { loadModel } from '../../trainer/model/model';
import { describe, expect, it, runTests } from './page-vitest';

const doors = {
  async contract(only: string) {
    const { device, description } = await requestDevice({ allowSoftware: true });
    describeBackend('webgpu', () => createWebGpuBackend({ device }));
    describe('control', () => {
      it('fails', () => void expect(1).toBe(2));
    });
    return { description, results: await runTests(only) };
  },

  /** What a user of this browser would get. */
  async chosen() {
    const backend = await createBackend();
    return backend.name;
  },

  async golden(config: unknown, weights: string, lossCase: unknown, packing: 'shared' | 'naive') {
    const { device } = await requestDevice({ allowSoftware: true });
    const backend = await createWebGpuBackend({ device });
    const bytes = Uint8Array.from(atob(weights), (character) => character.charCodeAt(0));
    const model = await loadModel({ config, weights: bytes }, backend);
    const { sft_loss, rank_loss, loss, score, grad_norm } = await lossOfCase(model, lossCase, { packing });
    return { sft_loss, rank_loss, loss, score, grad_norm };
  },
};

export type Doors = typeof doors;
Object.assign(globalThis, { doors });
