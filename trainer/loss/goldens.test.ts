import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../backends/backend';
import { createReferenceBackend } from '../backends/reference/reference-backend';
import { createWasmBackend } from '../backends/wasm/wasm-backend';
import { adapterGoldens, type GoldenSet, storiesGoldens, tinyGoldens, variantGoldens } from '../fixtures/golden';
import { createModel, type Model } from '../model/model';
import { parameterShapes, readAll } from '../model/parameters';
import { lossOfCase } from './loss-of-case';

function relativeError(actual: number, expected: number): number {
  return Math.abs(actual - expected) / Math.max(Math.abs(expected), 1e-6);
}

function compare(actual: Float32Array, expected: Float32Array): { relative: number; cosine: number } {
  let difference = 0;
  let dot = 0;
  let a2 = 0;
  let e2 = 0;
  expected.forEach((e, i) => {
    const a = actual[i]!;
    difference += (a - e) ** 2;
    dot += a * e;
    a2 += a * a;
    e2 += e * e;
  });
  return { relative: Math.sqrt(difference / e2), cosine: dot / Math.sqrt(a2 * e2) };
}

function checkGoldens(set: GoldenSet, makeBackend: () => Promise<Backend> | Backend): void {
  let backend: Backend;
  let model: Model;
  beforeAll(async () => {
    backend = await makeBackend();
    model = await set.loadModel(backend);
  });
  afterAll(() => {
    model?.dispose();
    expect(backend?.bytesInUse).toBe(0);
    backend?.dispose();
  });

  for (const { name, expected, gradients } of set.cases) {
    it.each(['shared', 'naive'] as const)(`${name}, %s packing`, async (packing) => {
      const actual = await lossOfCase(model, expected, { packing });
      for (const key of ['sft_loss', 'rank_loss', 'loss'] as const) {
        expect(relativeError(actual[key], expected[key]), key).toBeLessThan(1e-4);
      }
      for (const key of ['score', 'sequence_logprob'] as const) {
        expect(actual[key]).toHaveLength(expected[key].length);
        actual[key].forEach((value, i) => {
          expect(relativeError(value, expected[key][i]!), `${key}[${i}]`).toBeLessThan(1e-4);
        });
      }
      actual.token_logprobs.forEach((tokens, i) => {
        expect(tokens).toHaveLength(expected.token_logprobs[i]!.length);
        tokens.forEach((value, t) => {
          expect(Math.abs(value - expected.token_logprobs[i]![t]!), `token ${t} of ${i}`).toBeLessThan(1e-3);
        });
      });
      expect(relativeError(actual.grad_norm, expected.grad_norm)).toBeLessThan(1e-3);
      const found = actual.gradients();
      expect([...found.keys()].sort()).toEqual([...gradients.keys()].sort());
      for (const [tensor, { data, shape }] of gradients) {
        expect(found.get(tensor)!.shape).toEqual(shape);
        const { relative, cosine } = compare(found.get(tensor)!.data, data);
        expect(relative, tensor).toBeLessThan(1e-3);
        expect(cosine, tensor).toBeGreaterThan(0.9999);
      }
    });
  }
}

describe('tiny-llama goldens, reference backend', () => {
  it('has all five cases', () => expect(tinyGoldens.cases).toHaveLength(5));
  checkGoldens(tinyGoldens, createReferenceBackend);
});

describe('tiny-llama goldens, wasm backend', () => checkGoldens(tinyGoldens, createWasmBackend));

for (const set of [...variantGoldens, adapterGoldens]) {
  describe(`${set.name} goldens`, () => {
    it('has its case', () => expect(set.cases).toHaveLength(1));
    describe('reference backend', () => checkGoldens(set, createReferenceBackend));
    describe('wasm backend', () => checkGoldens(set, createWasmBackend));
  });
}

it('a golden catches a rotation that is not scaled (control)', async () => {
  const [{ cases, loadModel }] = variantGoldens as [GoldenSet];
  const model = await loadModel(await createWasmBackend());
  const { ropeScaling: scaling, ...config } = model.config;
  expect(scaling).toMatchObject({ type: 'llama3' });
  const weights = await readAll(model.backend, parameterShapes(model.config), model.parameters);
  const unscaled = createModel({ config, weights, backend: model.backend });
  const { loss } = await lossOfCase(unscaled, cases[0]!.expected);
  expect(relativeError(loss, cases[0]!.expected.loss)).toBeGreaterThan(1e-2);
});

describe.skipIf(!storiesGoldens.available)('stories260K goldens (skipped without ../shared), wasm backend', () => {
  it('has all four cases', () => expect(storiesGoldens.cases).toHaveLength(4));
  checkGoldens(storiesGoldens, createWasmBackend);
});

describe.skipIf(!storiesGoldens.available)('stories260K goldens (skipped without ../shared), reference backend', () => {
  checkGoldens(storiesGoldens, createReferenceBackend);
});
