import { expect, it } from 'vitest';
import { updateProjectSchema } from './account';
import { tagNamesIn } from './thinking-tags';

it('reads names as people write lists, with brackets or without', () => {
  expect(tagNamesIn('')).toEqual([]);
  expect(tagNamesIn(' <scratch>, plan  plan、</notes> ')).toEqual(['scratch', 'plan', 'notes']);
});

const accepts = (thinkingTags: string[]) => updateProjectSchema.safeParse({ thinkingTags, baseVersion: 1 }).success;

it('takes ten names of letters, digits, - and _ that begin with a letter', () => {
  expect(accepts([])).toBe(true);
  expect(accepts(Array.from({ length: 10 }, (_, i) => `inner-Thought_${i}`))).toBe(true);
  expect(accepts(Array.from({ length: 11 }, (_, i) => `a${i}`))).toBe(false);
  for (const name of ['', '1a', 'a b', 'é', `a${'b'.repeat(31)}`, '<a>']) expect(accepts([name])).toBe(false);
});
