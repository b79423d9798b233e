import { describe, expect, it } from 'vitest';
import type { DescribedOperation } from '@/lib/schemas/open-api';
import { byTag, found, searchable } from './search-operations';

const operation = (id: string, rest: Partial<DescribedOperation>): DescribedOperation => ({
  id,
  method: 'GET',
  path: `/${id}`,
  tag: 'projects',
  scope: 'read',
  summary: '',
  description: '',
  parameters: [],
  body: null,
  bodyExample: null,
  answer: 'nothing',
  answerFile: null,
  samples: [],
  ...rest,
});
const body = { properties: { selection: { properties: { seed: { type: 'integer' } } } } };
const all = [
  operation('createSnapshot', { method: 'POST', summary: 'Freeze prompts', body }),
  operation('listPrompts', { parameters: [{ name: 'after', in: 'query', required: false, schema: {} }] }),
  operation('getRun', { tag: 'runs' }),
];
const ids = (looked: string) => found(all.map(searchable), looked).map(({ id }) => id);

describe('search', () => {
  it('finds by name, address, words and fields, however deep; whatever the case', () => {
    expect(ids('freeze')).toEqual(['createSnapshot']);
    expect(ids('SEED')).toEqual(['createSnapshot']);
    expect(ids('after')).toEqual(['listPrompts']);
    expect(ids('/getrun')).toEqual(['getRun']);
  });
  it('wants every word, in any order; without one everything is there', () => {
    expect(ids('prompts post')).toEqual(['createSnapshot']);
    expect(ids('prompts get')).toEqual(['listPrompts']);
    expect(ids('  ')).toHaveLength(3);
    expect(ids('nothing like it')).toEqual([]);
  });
  it('groups what it found', () => {
    expect(byTag(all).map(([tag, some]) => [tag, some.length])).toEqual([
      ['projects', 2],
      ['runs', 1],
    ]);
  });
});
