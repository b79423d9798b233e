import { createTranslator } from 'next-intl';
import { describe, expect, it } from 'vitest';
import type { SettingsEffects } from '@/lib/schemas/settings-effects';
import messages from '@/messages/en.json';
import { effectSentences, hasEffects } from './settings-effects';

const t = createTranslator({ locale: 'en', messages, namespace: 'ui' });
const nothing: SettingsEffects = {
  reopened: 0,
  closed: 0,
  judgements: 0,
  uncertain: 0,
  held: 0,
  stopped: 0,
  resumed: 0,
  goldSooner: 0,
  goldLater: 0,
  shown: null,
  decisionsInForce: 0,
  decisionsLifted: 0,
  pairs: null,
};

describe('what settings would do, in words', () => {
  it('is nothing where they do nothing', () => {
    expect(hasEffects(nothing)).toBe(false);
    expect(effectSentences(nothing, t)).toEqual([]);
  });

  it('has a sentence for whatever they do', () => {
    const effects: Partial<SettingsEffects>[] = [
      ...(Object.keys(nothing) as (keyof SettingsEffects)[])
        .filter((name) => nothing[name] === 0)
        .map((name) => ({ [name]: 2 })),
      { judgements: -3 },
      { shown: { before: 0, after: 5 } },
      { shown: { before: 5, after: 0 } },
      { pairs: { before: 6, after: 3 } },
      { pairs: { before: 6, after: null } },
    ];
    const sentences = effects.map((one) => {
      expect(hasEffects({ ...nothing, ...one })).toBe(true);
      const said = effectSentences({ ...nothing, ...one }, t);
      expect(said, JSON.stringify(one)).toHaveLength(1);
      return said[0]!;
    });
    expect(new Set(sentences).size).toBe(sentences.length);
    expect(effectSentences({ ...nothing, reopened: 120, judgements: 240 }, t)).toEqual([
      '120 prompts that are done would be open again.',
      'About 240 more judgements would be asked for.',
    ]);
  });
});
