import { describe, expect, it } from 'vitest';
import type { IssueTag } from '@/lib/schemas/remarks';
import { keyOfTag, tagOfKey } from './tag-keys';

const offered = Array.from({ length: 12 }, (_, n): IssueTag => ({ id: `tag-${n}`, name: `Tag ${n}`, color: 'red' }));
const press = (key: string, more = {}) => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

describe('the keys of tags', () => {
  it('are the digits from 1 to 9, in the order offered', () => {
    for (let index = 0; index < 9; index++) expect(tagOfKey(press(keyOfTag(index)!), offered)).toBe(offered[index]);
    expect(keyOfTag(9)).toBeNull();
    expect(tagOfKey(press('0'), offered)).toBeNull();
    expect(tagOfKey(press('3'), offered.slice(0, 2))).toBeNull();
  });

  it('count by their place where a layout has other signs there', () => {
    expect(tagOfKey(press('&', { code: 'Digit1' }), offered)).toBe(offered[0]);
  });

  it('leave everything else alone: other keys, and the browser’s own with a modifier', () => {
    expect(tagOfKey(press('a'), offered)).toBeNull();
    expect(tagOfKey(press('Enter'), offered)).toBeNull();
    expect(tagOfKey(press('1', { ctrlKey: true }), offered)).toBeNull();
    expect(tagOfKey(press('1', { altKey: true }), offered)).toBeNull();
  });
});
