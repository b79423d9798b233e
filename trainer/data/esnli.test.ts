import { expect, it } from 'vitest';
import { itemKey, parseEsnli } from './esnli';

const item = {
  id: 'x',
  premise: 'The boats are quiet.',
  hypothesis: 'Boats make noise.',
  label: 'contradiction' as const,
  human: ['Quiet boats make no noise.', 'Noise is not quiet.'],
  model: { entailment: 'Boats are boats.', neutral: 'No, not all boats.', contradiction: 'Quiet boats make none.' },
};

it('parseEsnli names file and line', () => {
  const line = JSON.stringify(item);
  expect(parseEsnli(`${line}\n\n`, 'f')).toEqual([item]);
  expect(() => parseEsnli(`${line}\n{}`, 'f.jsonl')).toThrow('f.jsonl:2: ');
  expect(() => parseEsnli('nope', 'f.jsonl')).toThrow('f.jsonl:1: ');
});

it('itemKey ignores case, punctuation and spacing', () => {
  expect(itemKey({ premise: 'A  Cat, sat.', hypothesis: 'x' })).toBe(
    itemKey({ premise: 'a cat sat', hypothesis: 'X!' }),
  );
  expect(itemKey({ premise: 'a b', hypothesis: 'c' })).not.toBe(itemKey({ premise: 'a', hypothesis: 'b c' }));
});
