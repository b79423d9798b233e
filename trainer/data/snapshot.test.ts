import { describe, expect, it } from 'vitest';
import { parseSnapshot } from './snapshot';

const record = {
  id: 'p1',
  prompt: [{ role: 'user', content: 'Why?' }],
  responses: [
    { id: 'a', text: 'Because.', source: 'human' },
    { id: 'b', text: 'No.', source: 'm' },
  ],
  pairs: [{ chosen: 'a', rejected: 'b', margin: 1, support: [], against: [] }],
};
const line = (change: object = {}) => JSON.stringify({ ...record, ...change });
const pair = (chosen: string, rejected: string) => ({ chosen, rejected });

describe('parseSnapshot', () => {
  it('reads records, skipping blank lines and the ledger where it is missing', () => {
    const text = `\n${line()}\r\n\n${line({ id: 'p2', pairs: [pair('b', 'a')], target: null, documents: [{ title: 't', text: 'x' }] })}\n`;
    const records = parseSnapshot(text, 'file');
    expect(records.map(({ id }) => id)).toEqual(['p1', 'p2']);
    expect(records[1]?.pairs[0]).toEqual({ chosen: 'b', rejected: 'a', margin: 1, support: [], against: [] });
    expect(records[1]?.target).toBeNull();
  });

  it.each([
    ['broken JSON', '{"id":', 'data.jsonl:2: not JSON'],
    ['no id', line({ id: undefined }), 'data.jsonl:2: id: '],
    ['an empty id', line({ id: '' }), 'data.jsonl:2: id: '],
    ['no prompt', line({ prompt: [] }), 'data.jsonl:2: prompt: '],
    ['an unknown role', line({ prompt: [{ role: 'robot', content: 'x' }] }), 'data.jsonl:2: prompt.0.role: '],
    ['no responses', line({ responses: [] }), 'data.jsonl:2: responses: '],
    [
      'a response without text',
      line({ responses: [{ id: 'a', source: 'human' }] }),
      'data.jsonl:2: responses.0.text: ',
    ],
    [
      'a negative tier',
      line({ responses: [{ ...record.responses[0], tier: -1 }] }),
      'data.jsonl:2: responses.0.tier: ',
    ],
    ['no pairs field', line({ pairs: undefined }), 'data.jsonl:2: pairs: '],
    [
      'a response twice',
      line({ responses: [record.responses[0], record.responses[0]] }),
      'response "a" is listed twice',
    ],
    ['a pair of strangers', line({ pairs: [pair('a', 'z')] }), 'a pair names response "z", which is not there'],
    ['a pair with itself', line({ pairs: [pair('a', 'a')] }), 'a pair sets response "a" against itself'],
    ['a contradiction', line({ pairs: [pair('a', 'b'), pair('b', 'a')] }), 'each said to be better than the other'],
    ['an unknown target', line({ target: 'z' }), 'target is response "z", which is not there'],
    ['a prompt id twice', line({ id: 'p0' }), 'data.jsonl:2: prompt "p0" was already on line 1'],
  ])('refuses %s, naming file and line', (_, bad, message) => {
    const text = `${line({ id: 'p0' })}\n${bad}\n`;
    expect(() => parseSnapshot(text, 'data.jsonl')).toThrow(message);
    expect(() => parseSnapshot(text, 'data.jsonl')).toThrow('data.jsonl:2: ');
  });

  it('refuses a file without records', () => {
    expect(() => parseSnapshot('\n\n', 'empty.jsonl')).toThrow('empty.jsonl: there are no records in this file');
  });
});
