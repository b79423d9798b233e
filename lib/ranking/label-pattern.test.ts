import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ImportedPrompt } from '../schemas/prompt-import';
import { heuristicPairs } from './heuristics';
import { compileLabelPattern, PatternError, withFoundLabels } from './label-pattern';

describe('a label pattern', () => {
  it.each([
    ['####\\s*(.+)$', 'Six and four.\n#### 10', '10'],
    ['(?i)answer(?: is)?:? \\(?([A-D])\\)?', 'The answer is (B), not (C). Answer: D', 'D'],
    ['\\\\boxed\\{([^}]*)\\}', 'So \\boxed{ 42 } it is.', '42'],
    ['yes|no', 'no, or rather yes', 'yes'],
    ['#### (.*)$', 'Nothing here', undefined],
    ['答えは(.+?)です', '答えは東京です。', '東京'],
    ['(x)?y', 'y', undefined],
    ['^Answer: (\\w+)$', 'Answer: one\nThat is all.', 'one'],
  ])('%s finds the last match', (pattern, text, label) => {
    expect(compileLabelPattern(pattern)(text)).toBe(label);
  });

  it.each(['(', 'a**', '(?=a)b', '(a)\\1', '[z-a]', 'a{1001}'])('%s is refused with what is wrong', (pattern) => {
    expect(() => compileLabelPattern(pattern)).toThrow(PatternError);
    expect(() => compileLabelPattern(pattern)).toThrow(/./);
  });

  it('that is large when it is written out is refused, and its half is not', () => {
    expect(() => compileLabelPattern('(a|b|c){900}')).toThrow('too large');
    expect(compileLabelPattern('(a|b|c){9}$')('abcabcabc')).toBe('c');
  });

  it('takes work in proportion to the text, where another engine would take as good as for ever', () => {
    // Each of these is exponential or cubic for an engine that goes back.
    for (const pattern of ['(a+)+$', '(a|a)*$', '(.*a){12}$', '([a-z]+)*!']) {
      const find = compileLabelPattern(pattern);
      expect(() => find(`${'a'.repeat(100_000)}b`)).not.toThrow();
    }
  });

  it('looks at the end of a text alone, never at half a character, and gives a label of bounded length', () => {
    expect(compileLabelPattern('Answer: (\\w)')(`Answer: A${' '.repeat(3990)}`)).toBe('A');
    expect(compileLabelPattern('Answer: (\\w)')(`Answer: A${' '.repeat(4000)}`)).toBeUndefined();
    expect(compileLabelPattern('^(.)')(`${'😀'.repeat(2000)}x`)).toBe('😀');
    expect(compileLabelPattern('(.+)$')('😀'.repeat(300))).toBe('😀'.repeat(200));
  });

  it('never fails for any text', () => {
    const find = compileLabelPattern('(\\w+)\\W*$');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        const label = find(text);
        expect(label === undefined || (label === label.trim() && label !== '')).toBe(true);
      }),
    );
  });
});

describe('labels that are found', () => {
  const prompt: ImportedPrompt = {
    externalId: 'p',
    messages: [{ role: 'user', content: 'What is it?' }],
    documents: [],
    referenceLabel: 'Yes',
    responses: [
      { id: 'a', text: 'I think: yes', source: 'm1' },
      { id: 'b', text: 'I think: no', source: 'm2' },
      { id: 'c', text: 'I think: yes!', source: 'm3', label: 'given' },
      { id: 'd', text: 'Who knows', source: 'm4' },
    ],
  } as unknown as ImportedPrompt;

  it('leave those alone that were imported, and are written as the reference is', () => {
    const { responses } = withFoundLabels(prompt, compileLabelPattern('I think: (\\w+)'));
    expect(responses.map(({ label }) => label)).toEqual(['Yes', 'no', 'given', undefined]);
    const pairs = heuristicPairs('label', responses, 'Yes').map(({ chosen, rejected }) => `${chosen}>${rejected}`);
    expect(pairs.sort()).toEqual(['a>b', 'a>c']);
  });
});
