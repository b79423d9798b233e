import { describe, expect, it } from 'vitest';
import { canonicalJson } from '@/trainer/contract/canonical-json';
import { MAX_ID_LENGTH } from '@/trainer/contract/ids';
import type { SnapshotRecord } from '@/trainer/contract/record';
import { runScoreSchema } from '@/trainer/contract/run-event';
import { translate } from '../i18n/translate';
import type { SnapshotHeader } from '../schemas/snapshot';
import { bundleHeaderLine, parseSnapshotBundle } from './snapshot-bundle';
import { recordLine } from './snapshot-records';
import { trlPreferenceSchema, trlPreferences } from './trl-preference';

const record: SnapshotRecord = {
  id: 'a',
  prompt: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Where?' },
  ],
  documents: [{ title: 'Harbour', text: 'Boats are “here” – 10 µm.' }],
  responses: [
    { id: 'x', text: 'Here [1].', source: 'human', tier: 0 },
    { id: 'y', text: 'There.', source: 'm', label: 'incorrect', tier: 2 },
  ],
  reference_label: 'correct',
  pairs: [{ chosen: 'x', rejected: 'y', margin: 2, support: ['annotator-1'], against: [] }],
  target: 'x',
};
/** The record with another id for its first response. */
const renamed = (id: string): SnapshotRecord => ({
  ...record,
  responses: [{ ...record.responses[0]!, id }, record.responses[1]!],
  pairs: [{ ...record.pairs[0]!, chosen: id }],
  target: id,
});
const header: SnapshotHeader = {
  schema_version: 1,
  hash: 'a'.repeat(64),
  name: 'first',
  tiers: ['good', 'bad'],
  strategy: 'annotations',
  filters: {},
  counts: { prompts: 1, responses: 2, pairs: 1, annotations: 1, dropped_pairs: 0 },
  created_at: '2025-01-01T00:00:00.000Z',
};
const parse = (...lines: string[]) => parseSnapshotBundle(new TextEncoder().encode(lines.join('\n')));

describe('canonical JSON', () => {
  it('does not depend on the order of keys and leaves out what is absent', () => {
    expect(canonicalJson({ b: [1, { d: undefined, c: null }], a: 'é"' })).toBe('{"a":"é\\"","b":[1,{"c":null}]}');
    const reversed = Object.fromEntries(Object.entries(record).reverse()) as SnapshotRecord;
    expect(recordLine(reversed)).toBe(recordLine(record));
  });

  it('refuses values without a JSON form', () => {
    expect(() => canonicalJson({ a: Number.NaN })).toThrow('no JSON form');
    expect(() => canonicalJson([undefined])).toThrow('no JSON form');
  });
});

describe('a snapshot bundle', () => {
  it('is read as it was written, byte for byte', () => {
    const parsed = parse(bundleHeaderLine(header), recordLine(record), '');
    expect(parsed.errors).toEqual([]);
    expect(parsed.header).toEqual(header);
    expect(parsed.records.map(recordLine)).toEqual([recordLine(record)]);
  });

  it('takes ids of as many characters as scores may have', () => {
    const longest = { ...renamed('x'.repeat(MAX_ID_LENGTH)), id: 'a'.repeat(MAX_ID_LENGTH) };
    expect(parse(bundleHeaderLine(header), recordLine(longest)).errors).toEqual([]);
    const score = { promptId: longest.id, responseId: longest.responses[0]!.id, score: -1, heldOut: false };
    expect(runScoreSchema.safeParse(score).success).toBe(true);
  });

  const bad: [string, string[], number, RegExp][] = [
    ['nothing', [''], 1, /empty/],
    ['records without a header', [recordLine(record)], 1, /not a snapshot header/],
    [
      'a header of another version',
      [canonicalJson({ snapshot: { ...header, schema_version: 2 } })],
      1,
      /schema_version/,
    ],
    ['a broken record', [bundleHeaderLine(header), '{'], 2, /not valid JSON/],
    ['an id twice', [bundleHeaderLine(header), recordLine(record), recordLine(record)], 3, /already used on line 2/],
    [
      'an id that is too long for scores',
      [bundleHeaderLine(header), recordLine({ ...record, id: 'a'.repeat(MAX_ID_LENGTH + 1) })],
      2,
      /^id: .*200/,
    ],
    [
      'a response id that is too long for scores',
      [bundleHeaderLine(header), recordLine(renamed('x'.repeat(MAX_ID_LENGTH + 1)))],
      2,
      /^responses\[0\]\.id: .*200/,
    ],
    ['an unknown field', [bundleHeaderLine(header), canonicalJson({ ...record, extra: 1 })], 2, /extra/],
    [
      'a pair with nobody',
      [bundleHeaderLine(header), recordLine({ ...record, pairs: [{ ...record.pairs[0]!, chosen: 'z' }] })],
      2,
      /names response "z", which does not exist/,
    ],
    ['a target that is not there', [bundleHeaderLine(header), recordLine({ ...record, target: 'z' })], 2, /target/],
    [
      'pairs in a circle',
      [
        bundleHeaderLine(header),
        recordLine({
          ...record,
          pairs: [record.pairs[0]!, { ...record.pairs[0]!, chosen: 'y', rejected: 'x' }],
        }),
      ],
      2,
      /each said to be better than the other/,
    ],
    [
      'prompts to import',
      ['{"id":"a","prompt":"q","responses":[]}'],
      1,
      /not a snapshot header: this is an import file/,
    ],
    [
      'a pair of one',
      [bundleHeaderLine(header), recordLine({ ...record, pairs: [{ ...record.pairs[0]!, rejected: 'x' }] })],
      2,
      /itself/,
    ],
  ];
  for (const [name, lines, line, reason] of bad) {
    it(`with ${name} is refused by line and reason`, () => {
      const errors = parse(...lines).errors.map((error) => ({
        line: error.line,
        message: translate('en', error.reason),
      }));
      expect(errors).toContainEqual({ line, message: expect.stringMatching(reason) });
    });
  }
});

describe('a bundle whose records contradict themselves', () => {
  it('is read as written and as normalised, with the differences reported by line', () => {
    const pair = record.pairs[0]!;
    const twice = { ...record, pairs: [pair, { ...pair, support: ['annotator-2'] }] };
    const { records, resolved, errors, notes } = parse(bundleHeaderLine(header), recordLine(twice));
    expect(errors).toEqual([]);
    expect(records).toEqual([twice]);
    expect(resolved).toEqual([{ ...record, pairs: [{ ...pair, support: ['annotator-1', 'annotator-2'] }] }]);
    expect(notes.map((note) => ({ line: note.line, message: translate('en', note.reason) }))).toEqual([
      { line: 2, message: 'pairs that are listed more than once count once: "x" before "y"' },
    ]);
  });

  it('one that agrees with itself comes back itself', () => {
    const { records, resolved, notes } = parse(bundleHeaderLine(header), recordLine(record));
    expect(resolved[0]).toBe(records[0]);
    expect(notes).toEqual([]);
  });
});

describe('TRL preferences', () => {
  it('are one row a pair, the documents before the question', () => {
    const [row, ...rest] = trlPreferences(record);
    expect(rest).toEqual([]);
    expect(trlPreferenceSchema.parse(row)).toEqual({
      prompt: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Document [1] (Title: Harbour) Boats are “here” – 10 µm.\n\nWhere?' },
      ],
      chosen: [{ role: 'assistant', content: 'Here [1].' }],
      rejected: [{ role: 'assistant', content: 'There.' }],
      margin: 2,
    });
    expect(trlPreferences({ ...record, pairs: [] })).toEqual([]);
  });
});
