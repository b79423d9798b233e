import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Placement } from '@/trainer/contract/judgement';
import { foldedText } from '@/trainer/data/response-text';
import type { ImportedPrompt } from '../schemas/prompt-import';
import { collapsePlacements, expandPlacements, firstOfEqualTexts } from './equal-responses';
import { heuristicPairs, heuristics } from './heuristics';
import { snapshotRecord } from './record';
import { weakOrder } from './tiers';

const texts = ['same', 'other', ' same\n', 'e\u0301', '\u00e9', 'same'];
const responses = texts.map((text, i) => ({ id: `${i}`, text }));
const placed = (responseId: string, tier: number): Placement => ({ responseId, state: 'placed', tier });
const unjudged = (responseId: string): Placement => ({ responseId, state: 'not_judged', tier: null });

describe('responses that say the same', () => {
  it('are shown once, the first of them', () => {
    expect(firstOfEqualTexts(responses).map(({ id }) => id)).toEqual(['0', '1', '3']);
  });

  it('are judged once, and for all', () => {
    const given = [placed('0', 2), placed('1', 0), unjudged('3')];
    expect(collapsePlacements(given, responses)).toEqual(given);
    expect(expandPlacements(given, responses)).toEqual([
      placed('0', 2),
      placed('1', 0),
      placed('2', 2),
      unjudged('3'),
      unjudged('4'),
      placed('5', 2),
    ]);
  });

  it('that were judged apart count as the first that was judged at all', () => {
    const given = [unjudged('0'), placed('2', 3), placed('5', 1), placed('4', 0)];
    expect(collapsePlacements(given, responses)).toEqual([placed('0', 3), placed('3', 0)]);
  });
});

describe('whatever people or heuristics say', () => {
  const labels = fc.option(fc.constantFrom('yes', 'no'), { nil: undefined });
  const anyResponses = fc
    .array(
      fc.record({
        text: fc.constantFrom('a', ' a', 'a\n', 'b', 'e\u0301', '\u00e9', 'c c', 'c\u00a0 c'),
        source: fc.constantFrom('human', 'm'),
        label: labels,
      }),
      { minLength: 2, maxLength: 8 },
    )
    .map((all) =>
      all.map(({ label, ...one }, i) => ({ id: `${i}`, ...one, ...(label === undefined ? {} : { label }) })),
    );
  const prompt = (all: ImportedPrompt['responses']): ImportedPrompt => ({
    externalId: 'p',
    messages: [{ role: 'user', content: 'q' }],
    documents: [],
    responses: all,
    referenceLabel: 'yes',
  });
  /** Everybody's tiers of all responses, equal ones apart, as they may be stored from before. */
  const judged = fc.tuple(
    anyResponses,
    fc.array(fc.array(fc.option(fc.nat(3)), { minLength: 8, maxLength: 8 }), { maxLength: 4 }),
  );

  const check = (all: ImportedPrompt['responses'], record: ReturnType<typeof snapshotRecord>['record']) => {
    const textOf = new Map(all.map(({ id, text }) => [id, foldedText(text)]));
    const tiers = new Map<string, number | undefined>();
    for (const { id, tier } of record.responses) {
      const text = textOf.get(id)!;
      if (tiers.has(text)) expect(tier).toBe(tiers.get(text));
      tiers.set(text, tier);
    }
    // Pairs as texts: none with equal sides, none with its opposite, and all or none of a text's responses are in one.
    const pairs = new Set(record.pairs.map(({ chosen, rejected }) => `${textOf.get(chosen)}>${textOf.get(rejected)}`));
    for (const pair of pairs) {
      const [better, worse] = pair.split('>');
      expect(better).not.toBe(worse);
      expect(pairs).not.toContain(`${worse}>${better}`);
      const count = (text: string) => all.filter(({ id }) => textOf.get(id) === text).length;
      expect(
        record.pairs.filter(({ chosen, rejected }) => textOf.get(chosen) === better && textOf.get(rejected) === worse),
      ).toHaveLength(count(better!) * count(worse!));
    }
  };

  it('no pair has equal sides, and equal texts are tied: by annotations', () => {
    fc.assert(
      fc.property(judged, ([all, people]) => {
        const judgements = people.map((tiers, i) => ({
          annotator: `annotator-${i}`,
          allBad: false,
          order: weakOrder(
            expandPlacements(
              all.map(({ id }, r) => (tiers[r] == null ? unjudged(id) : placed(id, tiers[r]!))),
              all,
            ),
          ),
        }));
        check(all, snapshotRecord(prompt(all), judgements, { strategy: 'annotations', tierCount: 4 }).record);
      }),
    );
  });

  it.each(heuristics)('and by the heuristic %s', (strategy) => {
    fc.assert(
      fc.property(anyResponses, (all) => {
        const { record } = snapshotRecord(prompt(all), [], { strategy, tierCount: 4 });
        check(all, record);
        // What is imitated is no worse, by its text, than another with the right label or by a human.
        const target = all.find(({ id }) => id === record.target);
        const isHuman = all.some(
          (one) => foldedText(one.text) === foldedText(target?.text ?? '') && one.source === 'human',
        );
        if (target && strategy === 'human' && isHuman) {
          expect(record.pairs.some(({ rejected }) => rejected === target.id)).toBe(false);
        }
      }),
    );
  });

  it('a model’s response that equals a human one is as good', () => {
    const pairs = heuristicPairs('human', [
      { id: 'm', text: 'x', source: 'm' },
      { id: 'h', text: ' x ', source: 'human' },
      { id: 'n', text: 'y', source: 'n' },
    ]);
    expect(pairs.map(({ chosen, rejected }) => `${chosen}>${rejected}`)).toEqual(['m>n', 'h>n']);
  });

  it('labels of equal texts that differ say nothing', () => {
    const two = [
      { id: 'a', text: 'x', source: 'm', label: 'yes' },
      { id: 'b', text: 'x', source: 'm', label: 'no' },
      { id: 'c', text: 'y', source: 'm', label: 'no' },
    ];
    expect(heuristicPairs('label', two, 'yes')).toEqual([]);
    expect(snapshotRecord(prompt(two), [], { strategy: 'label', tierCount: 4 }).record.target).toBeNull();
  });
});
