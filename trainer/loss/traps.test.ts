/** The traps that earlier implementations of the method fell into, one test each. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReferenceBackend } from '../backends/reference/reference-backend';
import type { EncodedPrompt } from '../data/encoded-prompt';
import { type Packing, packPrompts } from '../data/pack';
import { tinyGoldens } from '../fixtures/golden';
import { tinyPrompts } from '../fixtures/tiny-prompts';
import { forward } from '../model/llama';
import type { Model } from '../model/model';
import { blockLoss } from './block-loss';
import { lengthNormalisedScore, promptLoss } from './prompt-loss';

const options = { alpha: 0.5, margin: 0.25, reduction: 'sum' } as const;
let model: Model;
beforeAll(async () => {
  model = await tinyGoldens.loadModel(createReferenceBackend());
});
afterAll(() => model.dispose());

async function lossesOf(prompts: readonly EncodedPrompt[], packing: Packing = 'shared') {
  const block = packPrompts(prompts, { packing });
  const logProbs = await model.backend.read(forward(model, block, { keep: false }).logProb, 0, block.targets.length);
  return blockLoss(prompts, block, logProbs, options, 1 / prompts.length).losses;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}

describe('traps', () => {
  const prompts = tinyPrompts({ count: 5 });

  it.each(['shared', 'naive'] as const)(
    'a batch holds many prompts: each scores as it does alone, whatever the lengths of its neighbours (%s)',
    async (packing) => {
      const together = await lossesOf(prompts, packing);
      for (const [i, prompt] of prompts.entries()) {
        const [alone] = await lossesOf([prompt], packing);
        alone!.scores.forEach((score, r) => {
          expect(together[i]!.scores[r]).toBeCloseTo(score, 6);
        });
        expect(together[i]!.loss).toBeCloseTo(alone!.loss, 6);
      }
    },
  );

  it('scores divide by the length of the response itself, EOS counted, to the power lambda', async () => {
    const [loss] = await lossesOf(prompts.slice(0, 1));
    prompts[0]!.responses.forEach(({ ids, lengthExponent }, r) => {
      expect(loss!.scores[r]).toBe(loss!.sequenceLogProbs[r]! / ids.length ** lengthExponent);
    });
    expect(lengthNormalisedScore(-12, 4, 0.5)).toBe(-6);
  });

  it('the input is not modified: frozen prompts can be trained on', async () => {
    const [frozen] = await lossesOf(deepFreeze(structuredClone(prompts.slice(0, 1))));
    expect(frozen!.loss).toBeGreaterThan(0);
  });

  it('the order comes from the pairs and never from the index: shuffled responses have the same loss', async () => {
    const [prompt] = prompts as [EncodedPrompt];
    const last = prompt.responses.length - 1;
    const turned: EncodedPrompt = {
      ...prompt,
      responses: [...prompt.responses].reverse(),
      pairs: prompt.pairs.map(({ chosen, rejected }) => ({ chosen: last - chosen, rejected: last - rejected })),
      target: last - prompt.target!,
    };
    const [straight] = await lossesOf([prompt]);
    const [reversed] = await lossesOf([turned]);
    expect(straight!.rank).toBeGreaterThan(0);
    expect(reversed!.rank).toBeCloseTo(straight!.rank, 6);
    expect(reversed!.sft).toBeCloseTo(straight!.sft, 6);
  });

  it('no BOS is scored at the start of a response: its first token is predicted by the last row of the prompt', () => {
    for (const packing of ['shared', 'naive'] as const) {
      const block = packPrompts(prompts, { packing });
      for (const { prompt, response, start, end } of block.spans) {
        const { promptIds, responses } = prompts[prompt]!;
        expect([...block.targets.slice(start, end)]).toEqual(responses[response]!.ids);
        expect(block.ids[block.predictRows[start]!]).toBe(promptIds.at(-1));
        expect(block.positions[block.predictRows[start]!]).toBe(promptIds.length - 1);
      }
    }
  });

  it('no wrong answer becomes the target when all are bad: rank loss alone', async () => {
    const [loss] = await lossesOf([{ ...prompts[0]!, target: null }]);
    const [usual] = await lossesOf(prompts.slice(0, 1));
    expect(loss!.sft).toBe(0);
    expect(loss!.loss).toBeCloseTo(options.alpha * usual!.rank, 10);
    // Each derivative of the usual loss has the target's share and the pairs' share; without a target the latter stays.
    const { target, responses } = prompts[0]!;
    const targetShare = -1 / responses[target!]!.ids.length;
    responses.forEach((_, r) => {
      const share = r === target ? targetShare : 0;
      expect(loss!.derivatives[r]).toBeCloseTo(usual!.derivatives[r]! - share, 10);
    });
  });

  it('a prompt that fills the window but for its response still trains, one token more is refused', async () => {
    const fits = {
      ...prompts[0]!,
      promptIds: Array(126).fill(18),
      responses: [{ id: 'r', ids: [5, 2], lengthExponent: 1 }],
    };
    const prompt = { ...fits, pairs: [], target: 0 };
    const [loss] = await lossesOf([prompt]);
    expect(loss!.sft).toBeGreaterThan(0);
    const over = { ...prompt, responses: [{ id: 'r', ids: [5, 5, 5, 2], lengthExponent: 1 }] };
    await expect(lossesOf([over])).rejects.toThrow("the model's context is 128");
  });

  it('a response of EOS alone has a score', async () => {
    const prompt = { ...prompts[0]!, responses: [{ id: 'r', ids: [2], lengthExponent: 1 }], pairs: [], target: 0 };
    const [shared] = await lossesOf([prompt]);
    const [naive] = await lossesOf([prompt], 'naive');
    expect(shared!.sft).toBeGreaterThan(0);
    expect(naive!.sft).toBeCloseTo(shared!.sft, 6);
  });
});

describe('promptLoss', () => {
  const prompt: EncodedPrompt = {
    id: 'p',
    promptIds: [1],
    responses: [4, 2, 1].map((length, i) => ({ id: `r${i}`, ids: Array(length).fill(3), lengthExponent: 1 })),
    pairs: [
      { chosen: 0, rejected: 1 },
      { chosen: 0, rejected: 2 },
    ],
    target: 0,
  };
  // Scores -2, -1.5, -3: the first pair is wrong by 0.5, the second right by 1.
  const logProbs = [-8, -3, -3];

  it('penalizes wrong pairs only, and does not reward right ones', () => {
    const loss = promptLoss(prompt, logProbs, { alpha: 0.1, margin: 0, reduction: 'sum' });
    expect(loss).toMatchObject({ scores: [-2, -1.5, -3], sft: 2, rank: 0.5, loss: 2.05 });
    expect(loss.derivatives).toEqual([-0.1 / 4 - 1 / 4, 0.1 / 2, 0]);
  });

  it('mean divides by the pairs, margin asks for a lead', () => {
    expect(promptLoss(prompt, logProbs, { alpha: 1, margin: 0, reduction: 'mean' }).rank).toBe(0.25);
    expect(promptLoss(prompt, logProbs, { alpha: 1, margin: 1.5, reduction: 'sum' }).rank).toBe(2 + 0.5);
  });

  it('ties make no pairs: without pairs there is no rank loss and no gradient from it', () => {
    const tied = promptLoss({ ...prompt, pairs: [], target: null }, logProbs, {
      alpha: 1,
      margin: 1,
      reduction: 'mean',
    });
    expect(tied).toMatchObject({ sft: 0, rank: 0, loss: 0, derivatives: [0, 0, 0] });
  });

  it('derivatives agree with finite differences', () => {
    const at = (values: number[]) => promptLoss(prompt, values, { alpha: 0.7, margin: 0.3, reduction: 'mean' });
    const { derivatives } = at(logProbs);
    logProbs.forEach((_, i) => {
      const nudged = (by: number) => at(logProbs.map((value, j) => (i === j ? value + by : value))).loss;
      expect(derivatives[i]).toBeCloseTo((nudged(1e-4) - nudged(-1e-4)) / 2e-4, 8);
    });
  });
});
