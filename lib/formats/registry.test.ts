import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SnapshotRecord } from '@/trainer/contract/record';
import { LANGUAGE_CODES } from '../i18n/locales';
import { translate } from '../i18n/translate';
import type { SnapshotHeader } from '../schemas/snapshot';
import { annotationsJsonl } from './annotations-jsonl';
import { allPrompts, fileHead, formats, readPrompts, snapshotReader, snapshotWriter } from './registry';
import { serializePrompt } from './serialize-prompt.test-support';
import { recordLine } from './snapshot-records';

const snapshotWriterIds = formats.flatMap(({ id, ...format }) =>
  format.holds === 'snapshot' && 'write' in format ? [id] : [],
);

const record: SnapshotRecord = {
  id: 'p1',
  prompt: [{ role: 'user', content: 'Why?' }],
  responses: [
    { id: 'a', text: 'Because.', source: 'human', tier: 0 },
    { id: 'b', text: 'So.', source: 'm', tier: 1 },
  ],
  pairs: [{ chosen: 'a', rejected: 'b', margin: 1, support: ['x'], against: [] }],
  target: 'a',
};
const header: SnapshotHeader = {
  schema_version: 1,
  hash: 'a'.repeat(64),
  name: 'S',
  tiers: ['Good', 'Bad'],
  strategy: 'annotations',
  filters: {},
  counts: { prompts: 1, responses: 2, pairs: 1, annotations: 1, dropped_pairs: 0 },
  created_at: '2026-01-01T00:00:00.000Z',
};
const written = (id: string): string => {
  const { begin, record: lines } = snapshotWriter(id).write;
  return `${[...(begin?.(header) ?? []), ...(lines?.(recordLine(record)) ?? [])].join('\n')}\n`;
};
const files: Record<string, string> = {
  prompts: serializePrompt({
    externalId: 'p1',
    messages: record.prompt,
    documents: [],
    responses: record.responses.map(({ id, text, source }) => ({ id, text, source })),
  }),
  ...Object.fromEntries(snapshotWriterIds.map((id) => [id, written(id)])),
  annotations: annotationsJsonl.write({
    prompt: 'p1',
    role: 'annotator',
    annotator: { id: 'x', name: 'Ada' },
    version: 1,
    in_force: true,
    extra: false,
    text_version: 1,
    created_at: '2026-01-01T00:00:00.000Z',
    time_on_task_ms: 1,
    all_bad: false,
    placements: [],
    comment: '',
    tags: [],
    marks: [],
  }),
};
const bytes = (text: string) => new TextEncoder().encode(text);
const sniffing = (file: string) => {
  const head = fileHead(bytes(file));
  return formats.filter((format) => format.sniff(head)).map(({ id }) => id);
};

describe('the formats', () => {
  it('each have an id of their own, and a title in every language', () => {
    const ids = formats.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(Object.keys(files).sort()).toEqual([...ids].sort());
    for (const language of LANGUAGE_CODES) {
      const titles = formats.map(({ title }) => translate(language, title));
      expect(new Set(titles).size).toBe(ids.length);
      expect(titles.join()).not.toMatch(/trainer\./);
    }
  });

  it.each<[string, string[]]>([
    // A snapshot's records import as prompts, too.
    ['records', ['prompts', 'records']],
    ['prompts', ['prompts']],
    ['bundle', ['bundle']],
    ['header', ['header']],
    ['pairs', ['pairs']],
    ['annotations', ['annotations']],
  ])('%s is known by what it writes, and nothing else takes that for its own', (id, expected) => {
    expect(sniffing(files[id]!)).toEqual(expected);
  });

  it.each(['', 'PK\u0003\u0004', 'a,b\n1,2\n', '{"instruction":"x","output":"y"}', '{', '\ufeff[]'])(
    'none takes %j for its own',
    (file) => {
      expect(sniffing(file)).toEqual([]);
    },
  );

  it('an unrecognised file is read by the first reader of its kind, which reports the errors', async () => {
    const verl = { data_source: 'x', reward_model: {} };
    async function* rows() {
      yield { line: 1, value: verl, repeatedKeys: [] };
    }
    const { errors } = await allPrompts((await readPrompts(rows())).events);
    expect(translate('en', errors[0]!.reason)).toMatch(/verl/);
    expect(
      translate('en', snapshotReader(bytes(JSON.stringify(verl))).read(bytes(JSON.stringify(verl))).errors[0]!.reason),
    ).toMatch(/verl/);
  });

  it('that write snapshots are the downloads of a snapshot', () => {
    const folder = 'app/api/snapshots/[snapshotId]';
    const downloads = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('route.ts'))
      .flatMap((name) => [...readFileSync(join(folder, name), 'utf8').matchAll(/snapshotDownload\('(.*)'\)/g)])
      .map(([, id]) => id);
    expect([...snapshotWriterIds].sort()).toEqual(downloads.sort());
    expect(() => snapshotWriter('csv')).toThrow('csv');
  });
});
