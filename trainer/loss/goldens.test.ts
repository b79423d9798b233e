import { describe, expect, it } from 'vitest';
import { createReferenceBackend } from '../backends/reference/reference-backend';
import { createWasmBackend } from '../backends/wasm/wasm-backend';
import { checkGoldens } from '../fixtures/check-goldens';
import { storiesGoldens, tinyGoldens } from '../fixtures/golden';

describe('tiny-llama goldens, reference backend', () => {
  it('has all five cases', () => expect(tinyGoldens.cases).toHaveLength(5));
  checkGoldens(tinyGoldens, createReferenceBackend);
});

describe('tiny-llama goldens, wasm backend', () => checkGoldens(tinyGoldens, createWasmBackend));

describe.skipIf(!storiesGoldens.available)('stories260K goldens (skipped without ../shared), wasm backend', () => {
  it('has all four cases', () => expect(storiesGoldens.cases).toHaveLength(4));
  checkGoldens(storiesGoldens, createWasmBackend);
});

describe.skipIf(!storiesGoldens.available)('stories260K goldens (skipped without ../shared), reference backend', () => {
  checkGoldens(storiesGoldens, createReferenceBackend);
});
