/** Parquet files as DuckDB reads them, which shares no code with what wrote them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chosenColumns } from '@/lib/formats/exports/readme';
import { awkwardTexts, testHeader, threeTiers, tied } from '@/lib/formats/exports/records.test-support';
import { exporters } from '@/lib/formats/exports/registry';
import { extraColumns } from '@/lib/schemas/export';
import type { SnapshotRecord } from '@/trainer/contract/record';
import { exportFiles } from './export-files';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rescue-parquet-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function rowsInDuckDb(format: 'parquet' | 'verl-rl' | 'verl-reward', records: readonly SnapshotRecord[]) {
  const exporter = exporters[format];
  const columns = chosenColumns(exporter, extraColumns);
  const about = { format, projectName: 'Boats', header: testHeader, columns, people: 'pseudonyms' as const };
  const source = {
    exporter,
    about,
    async *records() {
      yield* records;
    },
    nameOf: (pseudonym: string) => pseudonym,
  };
  const path = join(folder, `${format}.parquet`);
  for await (const { path: name, content } of exportFiles(source)) {
    const pieces: Uint8Array[] = [];
    for await (const piece of content) pieces.push(piece);
    if (name.endsWith('.parquet')) await writeFile(path, Buffer.concat(pieces));
  }
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  try {
    const reader = await connection.runAndReadAll(`select * from read_parquet('${path}')`);
    return reader.getRowObjectsJson();
  } finally {
    connection.closeSync();
  }
}

it('pairs for the hub: messages, numbers and every awkward text, over several row groups', async () => {
  const records = Array.from({ length: 1500 }, (_, i): SnapshotRecord => {
    const text = awkwardTexts[i % (awkwardTexts.length - 1)]!;
    const responses = threeTiers.responses.map((response) => ({ ...response, text: `${response.id} ${text}` }));
    return { ...threeTiers, id: `p${i}`, responses };
  });
  const rows = await rowsInDuckDb('parquet', records);
  expect(rows).toHaveLength(1500 * 5);
  expect(Object.keys(rows[0]!)).toEqual([
    'prompt',
    'chosen',
    'rejected',
    'prompt_id',
    'chosen_source',
    'rejected_source',
    'margin',
    'support',
    'against',
    'split',
  ]);
  for (const [i, record] of records.entries()) {
    const row = rows[i * 5]!;
    expect(row.prompt).toEqual(record.prompt);
    expect(row.chosen).toEqual([{ role: 'assistant', content: record.responses[0]!.text }]);
    expect([row.prompt_id, row.margin, row.support, row.against]).toEqual([`p${i}`, 1, 2, 0]);
  }
});

it('verl’s prompts, and its pairs', async () => {
  const [row, another] = await rowsInDuckDb('verl-rl', [threeTiers, tied]);
  expect(row).toEqual({
    data_source: 'rescue-studio',
    prompt: threeTiers.prompt,
    ability: 'preference',
    reward_model: { style: 'rule', ground_truth: 'harbour' },
    extra_info: { index: 0, split: 'train', prompt_id: 'a' },
  });
  expect(another).toMatchObject({ reward_model: { style: 'model', ground_truth: '' }, extra_info: { index: 1 } });
  expect(await rowsInDuckDb('verl-reward', [threeTiers])).toHaveLength(5);
  expect(await rowsInDuckDb('verl-reward', [tied])).toEqual([]);
});
