import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createWasmBackend } from '../backends/wasm/wasm-backend';
import { parseSafetensors } from '../io/safetensors';
import { lossOfCase } from '../loss/loss-of-case';
import { parseModelConfig, serializeModelConfig } from './config';
import { createModel } from './model';
import { ropeFrequencies } from './rope-scaling';
import { ropeTables } from './rope-tables';

const fixture = (name: string) => readFileSync(new URL(`../fixtures/rope/${name}`, import.meta.url));
const json = (name: string) => JSON.parse(fixture(name).toString());
const { config: base, cases } = json('expected.json') as {
  config: Record<string, unknown>;
  cases: { name: string; fields: Record<string, unknown>; logprob: number[] }[];
};

describe('rope fields mean what transformers makes of them', () => {
  const weights = parseSafetensors(fixture('model.safetensors'));
  const logprobOf = async (file: Record<string, unknown>) => {
    const backend = await createWasmBackend();
    const model = createModel({ config: parseModelConfig(file), weights, backend });
    const { sequence_logprob } = await lossOfCase(model, json('case.json'));
    backend.dispose();
    return sequence_logprob;
  };

  it.each(cases)('$name', async ({ fields, logprob }) => {
    const file = { ...base, ...fields };
    const found = await logprobOf(file);
    found.forEach((value, i) => {
      expect(value).toBeCloseTo(logprob[i]!, 3);
    });
    expect(await logprobOf(serializeModelConfig(parseModelConfig(file)))).toEqual(found);
  });

  it('a dictionary for each type of layer is read where the file names no types', async () => {
    const { fields, logprob } = cases.find(({ name }) => name === 'per layer type')!;
    const [first] = await logprobOf({ ...base, ...fields, layer_types: undefined });
    expect(first).toBeCloseTo(logprob[0]!, 3);
  });

  it('control: the cases differ, so that each would fail if its fields were ignored', () => {
    const plain = cases.find(({ name }) => name === 'plain')!.logprob;
    const same = cases.filter(({ logprob }) => logprob[0] === plain[0]).map(({ name }) => name);
    expect(same).toEqual(['plain', 'dynamic', 'yarn, factor 1']);
  });
});

describe('ropeFrequencies', () => {
  const llama3 = {
    type: 'llama3',
    factor: 8,
    lowFrequencyFactor: 1,
    highFrequencyFactor: 4,
    originalMaxPositions: 100,
  } as const;

  it('llama3 keeps high frequencies, divides low ones, and blends between without a jump', () => {
    // At this theta frequency j turns 1.6 times less often than the one before, from 15.9 times on.
    const plain = ropeFrequencies(20, 1.6 ** 10, undefined);
    const scaled = ropeFrequencies(20, 1.6 ** 10, llama3);
    const kept = [...scaled].map((frequency, j) => frequency / plain[j]!);
    expect(kept.slice(0, 3)).toEqual([1, 1, 1]);
    expect(kept.slice(6)).toEqual([1 / 8, 1 / 8, 1 / 8, 1 / 8]);
    const turns = (100 * plain[4]!) / (2 * Math.PI);
    expect(kept[4]).toBeCloseTo((turns - 1) / 3 + (1 - (turns - 1) / 3) / 8, 12);
    expect(kept).toEqual([...kept].sort((a, b) => b - a));
  });

  it('linear divides all frequencies; dynamic, and no scaling, change none within the context', () => {
    const plain = ropeFrequencies(8, 100, undefined);
    expect([...ropeFrequencies(8, 100, { type: 'linear', factor: 4 })]).toEqual([...plain].map((f) => f / 4));
    expect(ropeFrequencies(8, 100, { type: 'dynamic', factor: 4 })).toEqual(plain);
  });
});

describe('ropeTables', () => {
  it('hold the scaled angles: position 8 of a rotation stretched 4 times is position 2', () => {
    const shape = { headDim: 6, ropeTheta: 100 };
    const plain = ropeTables(shape, 3);
    const stretched = ropeTables({ ...shape, ropeScaling: { type: 'linear', factor: 4 } }, 9);
    expect([...stretched.cosine.slice(24)]).toEqual([...plain.cosine.slice(6)]);
    expect([...stretched.sine.slice(24)]).toEqual([...plain.sine.slice(6)]);
  });
});
