/** What is exported comes back: our own importer reads a format, and what it read is exported to the same bytes. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SnapshotRecord } from '@/trainer/contract/record';
import type { ExportFormat } from '../../schemas/export';
import type { ImportedPrompt } from '../../schemas/prompt-import';
import { allPrompts, readPrompts } from '../registry';
import type { Row } from './exporter';
import { arbitraryRecord, awkwardTexts } from './records.test-support';
import { exporters } from './registry';

const written = (format: ExportFormat, records: readonly SnapshotRecord[]): string =>
  records
    .flatMap((record) =>
      exporters[format].rows(record, {
        columns: new Set(),
        split: 'train',
        nameOf: (pseudonym) => pseudonym,
        droppedOf: () => [],
        nextIndex: () => 0,
        leaveOut: () => undefined,
      }),
    )
    .map((row) => `${JSON.stringify(row)}\n`)
    .join('');

const parsedRows = (file: string): Row[] =>
  file
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));

async function imported(file: string) {
  async function* rows() {
    for (const [i, value] of parsedRows(file).entries()) yield { line: i + 1, value, repeatedKeys: [] };
  }
  const { prompts, errors } = await allPrompts((await readPrompts(rows())).events);
  expect(errors).toEqual([]);
  return prompts.map(({ prompt }) => prompt);
}

/** The text of an answer, whatever holds it. */
function textOf(answer: unknown): string {
  if (typeof answer === 'string') return answer;
  if (Array.isArray(answer)) return textOf(answer.at(-1));
  const { content, value } = answer as { content?: string; value?: string };
  return content ?? value!;
}

/** The records that the imported prompts and the file's own comparisons make: the pairs are those of the prompt's rows. */
function recordsOf(prompts: readonly ImportedPrompt[], file: string): SnapshotRecord[] {
  const rows = parsedRows(file).map(({ chosen, rejected }) => [textOf(chosen), textOf(rejected)] as const);
  return prompts.map(({ externalId, messages, responses }) => {
    const idOf = new Map(responses.map(({ id, text }) => [text, id]));
    return {
      id: externalId,
      prompt: messages,
      responses,
      pairs: rows.flatMap(([chosen, rejected]) =>
        idOf.has(chosen) && idOf.has(rejected)
          ? [{ chosen: idOf.get(chosen)!, rejected: idOf.get(rejected)!, margin: 1, support: [], against: [] }]
          : [],
      ),
    };
  });
}

/** Every prompt and response once, so that rows of different prompts are not merged, and texts that a database keeps. */
const distinctRecords = fc
  .array(fc.tuple(arbitraryRecord, fc.constantFrom(...awkwardTexts)), { minLength: 1, maxLength: 3 })
  .map((given) =>
    given.map(([record, text], at): SnapshotRecord => {
      const question = { role: 'user' as const, content: `${at} ${text}` };
      const responses = record.responses.map((response, i) => ({ ...response, text: `${at}.${i} ${text}` }));
      return { ...record, id: `p${at}`, documents: [], prompt: [question], responses };
    }),
  );

describe.each<ExportFormat>([
  'trl-conversational',
  'trl-explicit',
  'trl-implicit',
  'llama-factory-sharegpt',
  'llama-factory-alpaca',
  'open-rlhf',
  'parquet',
])('%s', (format) => {
  it('export, import, export gives the same bytes', async () => {
    await fc.assert(
      fc.asyncProperty(distinctRecords, async (records) => {
        const file = written(format, records);
        fc.pre(file !== '');
        const prompts = await imported(file);
        expect(written(format, recordsOf(prompts, file))).toBe(file);
      }),
      { numRuns: 25 },
    );
  });
});

it('a conversation with a system message and earlier answers comes back as it was', async () => {
  const turns = [
    { role: 'system' as const, content: 'Be brief.' },
    { role: 'user' as const, content: 'Where?' },
    { role: 'assistant' as const, content: 'Where is what?' },
    { role: 'user' as const, content: 'The boat.' },
  ];
  const pairs = [{ chosen: 'x', rejected: 'y', margin: 1, support: [], against: [] }];
  const responses = ['x', 'y'].map((id) => ({ id, text: `${id}!`, source: 'm' }));
  const record = { id: 'a', prompt: turns, responses, pairs };
  for (const format of ['trl-conversational', 'trl-implicit', 'llama-factory-sharegpt'] as const) {
    const [prompt] = await imported(written(format, [record]));
    expect(prompt!.messages).toEqual(turns);
  }
});
