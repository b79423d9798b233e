import { describe, expect, it } from 'vitest';
import { createReferenceBackend } from '../backends/reference/reference-backend';
import { createWasmBackend } from '../backends/wasm/wasm-backend';
import { checkGoldens } from '../fixtures/check-goldens';
import {
  adapterGoldens,
  type GoldenSet,
  patternGoldens,
  storiesGoldens,
  tinyGoldens,
  variantGoldens,
} from '../fixtures/golden';
import { createModel } from '../model/model';
import { parameterShapes, readAll } from '../model/parameters';
import { lossOfCase } from './loss-of-case';

function relativeError(actual: number, expected: number): number {
  return Math.abs(actual - expected) / Math.max(Math.abs(expected), 1e-6);
}

describe('tiny-llama goldens, reference backend', () => {
  it('has all five cases', () => expect(tinyGoldens.cases).toHaveLength(5));
  checkGoldens(tinyGoldens, createReferenceBackend);
});

describe('tiny-llama goldens, wasm backend', () => checkGoldens(tinyGoldens, createWasmBackend));

for (const set of [...variantGoldens, adapterGoldens, ...patternGoldens]) {
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
