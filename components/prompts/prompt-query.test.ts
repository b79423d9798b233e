import { describe, expect, it } from 'vitest';
import { isFiltered, queryOf, searchOf } from './prompt-query';

describe('the address of the list of prompts', () => {
  it('says what is looked for, and is read as it was written', () => {
    const search = { text: 'a & b', state: 'partly', sign: 'flagged', source: 'model-b', sort: 'changed' } as const;
    expect(searchOf(new URLSearchParams(queryOf(search)))).toEqual(search);
  });

  it('names no usual order and nothing empty', () => {
    expect(queryOf({ sort: 'import', text: '' })).toBe('');
    expect(searchOf(new URLSearchParams())).toEqual({ sort: 'import' });
  });

  it('leaves out what the list cannot be asked for, and keeps the rest', () => {
    const params = new URLSearchParams({ state: 'judged', sort: 'size', text: 'x', after: '0.3', page: '2' });
    expect(searchOf(params)).toEqual({ sort: 'import', text: 'x' });
  });

  it('tells a list that is sorted from one that is filtered', () => {
    expect(isFiltered({ sort: 'changed' })).toBe(false);
    expect(isFiltered({ sort: 'import', language: 'ja' })).toBe(true);
  });
});
