import { expect, it } from 'vitest';
import { newTagId } from './tag-id';

it('a new tag’s id differs from every id in use or retired', () => {
  const taken: { id: string }[] = [];
  for (let n = 0; n < 30; n++) {
    const id = newTagId('tag', taken);
    expect(taken.map((tag) => tag.id)).not.toContain(id);
    taken.push({ id });
  }
});

it('an id is not given again when an earlier tag has gone', () => {
  expect(newTagId('tag', [{ id: 'tag-2' }])).toBe('tag-3');
});
