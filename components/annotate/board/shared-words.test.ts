import { describe, expect, it } from 'vitest';
import { sharedSpans } from '@/components/content/shared-spans';
import { sharedWords } from './shared-words';

const shared = (document: string, response: string) => sharedWords(document, sharedSpans(document, response));

describe('sharedWords', () => {
  it('counts the words of all shared passages, and shows the passages on one line', () => {
    const document = 'The footbridge was reopened on\n3 May 2016. It has a deck of recycled glass fibre.';
    expect(shared(document, 'It was reopened on 3 May 2016, and has a deck of recycled glass fibre.')).toEqual({
      count: 13,
      passages: ['was reopened on 3 May 2016', 'has a deck of recycled glass fibre'],
    });
  });

  it('shows the first three passages, and of a long one its first twelve words', () => {
    const numbers = (from: number, count: number) => Array.from({ length: count }, (_, n) => `n${from + n}`).join(' ');
    const parts = [numbers(0, 20), numbers(100, 3), numbers(200, 3), numbers(300, 3)];
    const { count, passages } = shared(parts.join(' apart '), parts.join(' other '));
    expect(count).toBe(29);
    expect(passages).toEqual([`${numbers(0, 12)} …`, parts[1], parts[2]]);
  });

  it('counts words where none are spaces between them', () => {
    const { count } = shared('据记载，东京塔于一九五八年建成，高三百三十三米。', '答案是东京塔于一九五八年建成');
    expect(count).toBeGreaterThan(3);
    expect(count).toBeLessThan(12);
  });

  it('is nothing where nothing is shared', () => {
    expect(shared('One text.', 'Another one.')).toEqual({ count: 0, passages: [] });
  });
});
