import { describe, expect, it } from 'vitest';
import { countWords, searchSpans, sharedSpans } from './shared-spans';

const document =
  'After two years of work, the Ostrel footbridge was reopened on 3 May 2016. Its planks were replaced by a deck of recycled glass fibre.';
const shared = (response: string, text = document) =>
  sharedSpans(text, response).map(({ start, end }) => text.slice(start, end));

describe('sharedSpans', () => {
  it('finds what a response took from the document, however it is written', () => {
    expect(shared('It REOPENED on 3 May, 2016, with a deck of recycled glass fibre [2].')).toEqual([
      'reopened on 3 May 2016',
      'a deck of recycled glass fibre',
    ]);
  });

  it('says nothing about fillers and chance words', () => {
    expect(shared('by a deck')).toEqual([]);
    expect(shared('the bridge reopened with glass')).toEqual([]);
    expect(shared('')).toEqual([]);
  });

  it('knows texts without spaces, and right-to-left ones', () => {
    expect(
      shared('答案是东京塔于一九五八年建成', '据记载，东京塔于一九五八年建成，高三百三十三米。').join(''),
    ).toContain('东京塔于一九五八年建成');
    expect(shared('افتتح الجسر القديم في مايو', 'قيل إن الجسر القديم في مايو كان مغلقا')).toEqual([
      'الجسر القديم في مايو',
    ]);
  });
});

describe('searchSpans', () => {
  const find = (query: string) => searchSpans(document, query).map(({ start, end }) => document.slice(start, end));

  it('finds every place, case aside, with signs taken as they are', () => {
    expect(find('OF')).toEqual(['of', 'of']);
    expect(find('2016.')).toEqual(['2016.']);
    expect(find('  ')).toEqual([]);
    expect(find('(')).toEqual([]);
  });

  it('matches across line breaks and stops at its limit', () => {
    expect(searchSpans('glass\nfibre', 'glass fibre')).toEqual([{ start: 0, end: 11 }]);
    expect(searchSpans('a'.repeat(5000), 'a', 10)).toHaveLength(10);
  });
});

describe('countWords', () => {
  it('counts words in any script', () => {
    expect(countWords('')).toBe(0);
    expect(countWords('Two and two: it’s 4.0, isn’t it?')).toBe(7);
    expect(countWords('これは本です。')).toBeGreaterThan(2);
  });

  it('says about how many where there are very many', () => {
    expect(countWords('four '.repeat(30_000))).toBe(30_000);
  });
});
