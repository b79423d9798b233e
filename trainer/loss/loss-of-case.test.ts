import { beforeAll, describe, expect, it } from 'vitest';
import { createReferenceBackend } from '../backends/reference/reference-backend';
import { tinyGoldens } from '../fixtures/golden';
import type { Model } from '../model/model';
import { encodeLossCase, lossOfCase, parseLossCase } from './loss-of-case';

const golden = tinyGoldens.cases.find(({ name }) => name === 'tiny-4')!.expected as unknown as Record<string, unknown>;
let model: Model;
beforeAll(async () => {
  model = await tinyGoldens.loadModel(createReferenceBackend());
});

describe('lossOfCase', () => {
  it('derives pairs and target from the tiers where a case gives none, to the same loss', async () => {
    const { pairs, target, ...rest } = golden;
    const derived = encodeLossCase(parseLossCase(rest));
    expect(derived.pairs.map(({ chosen, rejected }) => [chosen, rejected])).toEqual(pairs);
    expect(derived.target).toBe(target);
    const { loss } = await lossOfCase(model, rest);
    expect(loss).toBe((await lossOfCase(model, golden)).loss);
  });

  it('has no target where none is asked for, or no response has a tier', async () => {
    expect(encodeLossCase(parseLossCase({ ...golden, target: null })).target).toBeNull();
    const untiered = { prompt_ids: [1], responses: [{ ids: [5, 2] }] };
    expect(encodeLossCase(parseLossCase(untiered))).toMatchObject({ target: null, pairs: [] });
    expect(await lossOfCase(model, untiered)).toMatchObject({ loss: 0, grad_norm: 0 });
  });

  it.each([
    [{ prompt_ids: [] }, 'prompt_ids'],
    [{ reduction: 'median' }, 'reduction'],
    [{ responses: [{ ids: [] }] }, 'responses'],
    [{ pairs: [[0, 6]] }, 'names response 6, but has only 6'],
    [{ prompt_ids: [1, 96] }, 'token 96'],
    [{ prompt_ids: Array(126).fill(5) }, "the model's context is 128"],
  ])('refuses %j in words', async (change, message) => {
    await expect(lossOfCase(model, { ...golden, ...change })).rejects.toThrow(message);
  });

  it('leaves no gradients behind', async () => {
    await lossOfCase(model, golden);
    const { bytesInUse } = model.backend;
    await lossOfCase(model, golden);
    expect(model.backend.bytesInUse).toBe(bytesInUse);
  });
});
