import { expect, it } from 'vitest';
import { MAX_NAMED_PROMPTS } from '@/lib/schemas/assignment-rules';
import { namedPrompts } from './named-prompts';

it('takes one prompt from each line, without repeats and empty lines', () => {
  expect(namedPrompts(' p1\r\n\np 2 \np1\n')).toEqual(['p1', 'p 2']);
  expect(namedPrompts(' \n')).toEqual([]);
});

it('takes no more than a request may name', () => {
  const text = Array.from({ length: MAX_NAMED_PROMPTS + 1 }, (_, i) => `p${i}`).join('\n');
  expect(namedPrompts(text)).toHaveLength(MAX_NAMED_PROMPTS);
});
