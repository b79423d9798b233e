import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inEnglish } from '../contract/english';
import { readSnapshotFile } from './snapshot';

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
const read = (text: string | Uint8Array, pairs: 'needed' | 'optional' = 'needed') =>
  readSnapshotFile(typeof text === 'string' ? new TextEncoder().encode(text) : text, 'data.jsonl', { pairs });

describe('a file of records', () => {
  it('is read past blank lines and a missing ledger; lines keep their numbers', () => {
    const text = `\n${line()}\r\n\n${line({ id: 'p2', pairs: [pair('b', 'a')], target: null, documents: [{ title: 't', text: 'x' }] })}\n`;
    const { records, lines, notes } = read(text);
    expect(records.map(({ id }) => id)).toEqual(['p1', 'p2']);
    expect(records[1]?.pairs[0]).toEqual({ chosen: 'b', rejected: 'a', margin: 1, support: [], against: [] });
    expect(records[1]?.target).toBeNull();
    expect(lines).toEqual([2, 4]);
    expect(notes).toEqual([]);
  });

  it('may begin with the header that the app puts there', () => {
    const header = JSON.stringify({ snapshot: { schema_version: 1, name: 'first' } });
    const { records, lines } = read(`\ufeff${header}\n${line()}\n`);
    expect(records).toEqual([record]);
    expect(lines).toEqual([2]);
    expect(() => read(`${line()}\n${header}\n`)).toThrow('data.jsonl:2: this is a lossless snapshot file');
  });

  it('may be an import file where no pairs are needed', () => {
    const text = JSON.stringify({
      external_id: 7,
      prompt: 'Why?',
      reference_label: 1,
      documents: null,
      responses: [
        { id: null, text: 'A', source: null, label: 0 },
        { id: 12345678901234567890n.toString(), text: 'B' },
      ],
    }).replace('"12345678901234567890"', '12345678901234567890');
    expect(read(text, 'optional').records).toEqual([
      {
        id: '7',
        prompt: [{ role: 'user', content: 'Why?' }],
        responses: [
          { id: 'r1', text: 'A', source: 'unknown', label: '0' },
          { id: '12345678901234567890', text: 'B', source: 'unknown' },
        ],
        reference_label: '1',
        pairs: [],
      },
    ]);
    expect(() => read(text)).toThrow('data.jsonl: this is an import file: its prompts have no pairs to train on');
  });

  it.each([
    ['broken JSON', '{"id":', 'the line is not valid JSON: it ends too early'],
    ['a list', '[1]', 'the line must be a JSON object'],
    ['no id', line({ id: undefined }), 'id: is missing'],
    ['an empty id', line({ id: '' }), 'id: must not be empty'],
    ['two ids', line({ external_id: 'x' }), 'id "p1" and external_id "x" differ'],
    ['no prompt', line({ prompt: undefined }), 'prompt: must be a text or a list of messages'],
    ['an empty prompt', line({ prompt: [] }), 'prompt: must be a text or a list of messages'],
    ['an unknown role', line({ prompt: [{ role: 'robot', content: 'x' }] }), 'prompt[0].role: must be one of "system"'],
    ['no responses', line({ responses: [] }), 'responses: is missing'],
    ['a response without text', line({ responses: [{ id: 'a', source: 'human' }] }), 'responses[0].text: is missing'],
    [
      'a text of the wrong kind',
      line({ responses: [{ id: 'a', text: [] }] }),
      'responses[0].text: must be a text, not a list',
    ],
    [
      'a negative tier',
      line({ responses: [{ ...record.responses[0], tier: -1 }] }),
      'responses[0].tier: must be at least 0',
    ],
    ['a response twice', line({ responses: [record.responses[0], record.responses[0]] }), '"a" is listed twice'],
    ['a pair of strangers', line({ pairs: [pair('a', 'z')] }), 'a pair names response "z", which does not exist'],
    ['a pair with itself', line({ pairs: [pair('a', 'a')] }), 'a pair compares response "a" with itself'],
    ['a contradiction', line({ pairs: [pair('a', 'b'), pair('b', 'a')] }), 'each said to be better than the other'],
    ['an unknown target', line({ target: 'z' }), 'target is response "z", which does not exist'],
    ['a prompt id twice', line({ id: 'p0' }), 'prompt "p0" was already on line 1'],
    ['a row of TRL', '{"prompt":"q","chosen":"a","rejected":"b"}', 'this is a TRL preference file'],
    ['scores', '{"id":"a","responses":[{"id":"r","score":1,"rank":1}]}', 'this is the output of "rescue score"'],
  ])('with %s is refused by file and line', (_, bad, message) => {
    const text = `${line({ id: 'p0' })}\n${bad}\n`;
    expect(() => read(text)).toThrow(message);
    expect(() => read(text)).toThrow('data.jsonl:2: ');
  });

  it('without records is refused', () => {
    expect(() => read('\n\n')).toThrow('data.jsonl: there are no prompts in this file');
    expect(() => read('{"snapshot":{}}\n')).toThrow('data.jsonl: there are no prompts in this file');
  });

  it('tells what it puts right by file and line', () => {
    const repeated = line({ id: 'p2' }).replace('"id"', '"id":"x","id"');
    const { records, notes } = read(`${line({ pairs: [pair('a', 'b'), pair('a', 'b')] })}\n${repeated}\n`);
    expect(records.map(({ pairs }) => pairs.length)).toEqual([1, 1]);
    expect(notes.map(inEnglish)).toEqual([
      'data.jsonl:2: the key "id" appears more than once; the last one counts',
      'data.jsonl:1: pairs that are listed more than once count once: "a" before "b"',
    ]);
  });
});

/** What went wrong once, or must go on going right: a refusal, or how many records and what is said of them. */
const cases: Readonly<Record<string, string | { records: number; notes: readonly string[] }>> = {
  'bad-bom.jsonl': { records: 1, notes: [] },
  'bad-both.jsonl': 'data.jsonl:1: "1" and "2" are each said to be better than the other',
  'bad-cycle.jsonl': 'data.jsonl:1: the pairs form a cycle: "1" > "2" > "3" > "1"',
  'bad-duppair.jsonl': { records: 1, notes: ['pairs that are listed more than once count once: "1" before "2"'] },
  'bad-import-format.jsonl': 'data.jsonl: this is an import file',
  'bad-nopairs.jsonl': 'data.jsonl: this is an import file',
  'bad-notjson.jsonl': 'data.jsonl:1: the line is not valid JSON: it ends too early',
  'bad-numeric-id.jsonl': { records: 1, notes: [] },
  'bad-prompt-string.jsonl': { records: 1, notes: [] },
  'bad-role.jsonl': 'data.jsonl:1: prompt[0].role: must be one of "system", "user", "assistant"',
  'bad-self.jsonl': 'data.jsonl:1: a pair compares response "1" with itself',
  'bad-tier-contradict.jsonl': {
    records: 1,
    notes: ['a pair says that "1" is better than "2", but the tiers say the opposite'],
  },
  'bad-trl-format.jsonl': 'data.jsonl:1: this is a TRL preference file',
  'edge.jsonl': {
    records: 9,
    notes: ['response "0" is empty', 'the pair of "0" and "1" is left out: they have the same text'],
  },
};

describe('files that people had', () => {
  const folder = new URL('fixtures/', import.meta.url);

  it.each(readdirSync(folder))('%s', (name) => {
    const expected = cases[name];
    const bytes = readFileSync(new URL(name, folder));
    if (typeof expected === 'string') {
      expect(() => read(bytes)).toThrow(expected);
      return;
    }
    const { records, notes } = read(bytes);
    const told = notes.map((note) => inEnglish(note).replace(/^data\.jsonl:\d+: /, ''));
    expect({ records: records.length, notes: told }).toEqual(expected);
  });
});
