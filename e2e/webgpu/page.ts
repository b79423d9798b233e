/** Runs in the page: the contract suite and a golden case on the browser's own WebGPU. */
import { formsInTurn } from '../../trainer/backends/contract-epilogue';
import { describeHalfActivations, describeHalfWeights } from '../../trainer/backends/contract-half';
import { describeBackend } from '../../trainer/backends/contract-suite';
import { createBackend } from '../../trainer/backends/create-backend';
import { requestDevice } from '../../trainer/backends/webgpu/request-device';
import { createWebGpuBackend } from '../../trainer/backends/webgpu/webgpu-backend';
import { lossOfCase } from '../../trainer/loss/loss-of-case';
import { loadAdapter } from '../../trainer/model/adapter';
import { loadModel } from '../../trainer/model/model';
import { describe, expect, it, runTests } from './page-vitest';

export interface GoldenRequest {
  readonly config: unknown;
  readonly weights: string;
  readonly adapter: { readonly config: unknown; readonly weights: string } | null;
  readonly cases: readonly unknown[];
}

/** One device a page: what it has compiled serves every golden set and both packings. */
let requested: ReturnType<typeof requestDevice> | undefined;
const emulated = () => (requested ??= requestDevice({ allowSoftware: true }));

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

const pageApi = {
  async contract(only: string) {
    const { device, description } = await emulated();
    describeBackend('webgpu', () => createWebGpuBackend({ device }), formsInTurn);
    describeHalfWeights('webgpu', () => createWebGpuBackend({ device }));
    describeHalfActivations('webgpu', () => createWebGpuBackend({ device }), formsInTurn);
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

  /** All cases of a golden set. Bytes travel as base64. */
  async goldens({ config, weights, adapter, cases }: GoldenRequest, packing: 'shared' | 'naive') {
    const { device } = await emulated();
    const backend = await createWebGpuBackend({ device });
    const base = await loadModel({ config, weights: bytesOf(weights) }, backend);
    const model = adapter ? loadAdapter(base, { config: adapter.config, weights: bytesOf(adapter.weights) }) : base;
    const losses = [];
    for (const lossCase of cases) {
      const { sft_loss, rank_loss, loss, score, grad_norm } = await lossOfCase(model, lossCase, { packing });
      losses.push({ sft_loss, rank_loss, loss, score, grad_norm });
    }
    backend.dispose();
    return losses;
  },
};

export type PageApi = typeof pageApi;
Object.assign(globalThis, { pageApi });
