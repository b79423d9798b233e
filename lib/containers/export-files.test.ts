import { setTimeout as wait } from 'node:timers/promises';
import * as fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import yauzl from 'yauzl';
import { chosenColumns } from '@/lib/formats/exports/readme';
import {
  arbitraryRecord,
  awkwardTexts,
  testHeader,
  threeTiers,
  tied,
} from '@/lib/formats/exports/records.test-support';
import { exporters } from '@/lib/formats/exports/registry';
import type { ExportFormat } from '@/lib/schemas/export';
import type { SnapshotRecord } from '@/trainer/contract/record';
import { type ExportSource, exportFiles, firstRows } from './export-files';
import { zipFiles } from './zip-files';

const sourceOf = (format: ExportFormat, records: readonly SnapshotRecord[]): ExportSource => ({
  exporter: exporters[format],
  about: {
    format,
    projectName: 'Boats',
    header: testHeader,
    columns: chosenColumns(exporters[format], undefined),
    people: 'pseudonyms',
  },
  async *records() {
    yield* records;
  },
  nameOf: (pseudonym) => pseudonym,
});

async function collected(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Path -> content, as a program of other people's reads the archive. */
async function unzipped(archive: Buffer): Promise<Map<string, string>> {
  const zip = await yauzl.fromBufferPromise(archive);
  const files = new Map<string, string>();
  for await (const entry of zip.eachEntry()) {
    files.set(entry.fileName, (await collected(await zip.openReadStreamPromise(entry))).toString());
  }
  return files;
}
const exported = async (source: ExportSource) => unzipped(await collected(zipFiles(exportFiles(source))));
const rowsIn = (file: string) =>
  file
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

it('the first rows are counted as the file counts them', async () => {
  const rows = await firstRows(sourceOf('verl-rl', [threeTiers, tied]), 3);
  expect(rows.map(({ extra_info: info }) => info)).toMatchObject([{ index: 0 }, { index: 1 }]);
});

describe('the archive of an export', () => {
  it('holds the rows, what the trainer wants beside them, and a README that says how they were made', async () => {
    const files = await exported(sourceOf('llama-factory-sharegpt', [threeTiers, tied]));
    expect([...files.keys()]).toEqual(['train.jsonl', 'dataset_info.json', 'README.md']);
    expect(rowsIn(files.get('train.jsonl')!)).toHaveLength(5);
    expect(JSON.parse(files.get('dataset_info.json')!)).toEqual({
      rescue_train: {
        file_name: 'train.jsonl',
        ranking: true,
        formatting: 'sharegpt',
        columns: { messages: 'conversations', chosen: 'chosen', rejected: 'rejected' },
      },
    });
    const readme = files.get('README.md')!;
    expect(readme).toContain(testHeader.hash);
    expect(readme).toContain('| `train.jsonl` | 5 |');
    expect(readme).toContain('“Boats”');
    expect(readme).toContain('llamafactory-cli train --stage dpo');
    expect(readme).not.toMatch(/^license:/m);
  });

  it('has a file for each split, which its README and the trainer’s own list name', async () => {
    const validation = { ...threeTiers, id: 'c', split: 'validation' as const };
    const files = await exported(sourceOf('llama-factory-alpaca', [threeTiers, validation, tied]));
    expect([...files.keys()]).toEqual(['train.jsonl', 'validation.jsonl', 'dataset_info.json', 'README.md']);
    expect(rowsIn(files.get('validation.jsonl')!)).toHaveLength(5);
    expect(Object.keys(JSON.parse(files.get('dataset_info.json')!))).toEqual(['rescue_train', 'rescue_validation']);
    expect(files.get('README.md')).toContain('- split: validation\n    path: validation.jsonl');
    expect(files.get('README.md')).toContain('--eval_dataset rescue_validation');
  });

  it('says in its README what has no row, and why', async () => {
    const readme = (await exported(sourceOf('trl-kto', [threeTiers]))).get('README.md')!;
    expect(readme).toMatch(/^- 2 \(a response each\): it is better than one response and worse than another/m);
  });

  it('ends no line inside a text, for any reader’s idea of a line', async () => {
    const records = awkwardTexts.map((text, i) => ({
      ...threeTiers,
      id: `p${i}`,
      responses: threeTiers.responses.map((response) => ({ ...response, text: `${response.id} ${text}` })),
    }));
    const file = (await exported(sourceOf('trl-explicit', records))).get('train.jsonl')!;
    // Python's str.splitlines() ends lines at these, too; the others that it knows are control characters, which JSON escapes.
    const lines = file.split(/\r\n|[\n\r\u0085\u2028\u2029]/);
    expect(lines).toHaveLength(records.length * 5 + 1);
    expect(rowsIn(file).map(({ chosen }) => chosen)).toEqual(
      awkwardTexts.flatMap((text) => ['x', 'x', 'x', 'y', 'w'].map((id) => `${id} ${text}`)),
    );
  });

  it('brings back every text as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(arbitraryRecord, { minLength: 1, maxLength: 3 }), async (records) => {
        const source = sourceOf('trl-conversational', records);
        const rows = rowsIn((await exported(source)).get('train.jsonl')!);
        const context = {
          columns: source.about.columns,
          split: 'train',
          leaveOut: () => undefined,
          nextIndex: () => 0,
        };
        const expected = records.flatMap((record) =>
          source.exporter.rows(record, { ...context, nameOf: source.nameOf, droppedOf: () => [] }),
        );
        expect(rows).toEqual(JSON.parse(JSON.stringify(expected)));
      }),
      { numRuns: 30 },
    );
  });

  describe('is made no faster than it is read', () => {
    /** Records whose texts do not compress, and how many of them were asked for. */
    const endless = () => {
      const asked = { records: 0 };
      const source: ExportSource = {
        ...sourceOf('trl-explicit', []),
        async *records() {
          for (; asked.records < 600; asked.records++) {
            const noise = () => Buffer.from(crypto.getRandomValues(new Uint8Array(4096))).toString('base64');
            yield { ...tied, ...threeTiers, responses: threeTiers.responses.map((one) => ({ ...one, text: noise() })) };
          }
        },
      };
      return { asked, source };
    };

    it('a reader who stops is sent a few pieces, and the rest is never made', async () => {
      const { asked, source } = endless();
      const archive = zipFiles(exportFiles(source));
      await archive.next();
      await wait(200);
      const whileWaiting = asked.records;
      expect(whileWaiting).toBeLessThan(100);
      await archive.return(undefined);
      await wait(50);
      expect(asked.records).toBe(whileWaiting);
    });

    it('the control: one who goes on gets them all', async () => {
      const { asked, source } = endless();
      for await (const _ of zipFiles(exportFiles(source)));
      expect(asked.records).toBe(600);
    });
  });

  it('breaks off where reading the records fails, and does not end as if it were whole', async () => {
    const source: ExportSource = {
      ...sourceOf('trl-explicit', []),
      async *records() {
        yield threeTiers;
        throw new Error('the database went away');
      },
    };
    await expect(collected(zipFiles(exportFiles(source)))).rejects.toThrow('the database went away');
  });
});

describe('a Parquet file', () => {
  const rowsOfFile = async (source: ExportSource) => {
    const files = new Map<string, Buffer>();
    for await (const { path, content } of exportFiles(source)) files.set(path, await collected(content));
    return files;
  };

  it('is read back by another program with every text, list and number as it was', async () => {
    const records = awkwardTexts.map((text, i) => ({
      ...threeTiers,
      id: `p${i}`,
      responses: threeTiers.responses.map((response) => ({ ...response, text: `${response.id} ${text}` })),
    }));
    const source = sourceOf('parquet', records);
    const file = (await rowsOfFile(source)).get('data/train-00000-of-00001.parquet')!;
    const read = await parquetReadObjects({ file: new Uint8Array(file).buffer });
    const context = { columns: source.about.columns, split: 'train', leaveOut: () => undefined, nextIndex: () => 0 };
    const expected = records.flatMap((record) =>
      source.exporter.rows(record, { ...context, nameOf: source.nameOf, droppedOf: () => [] }),
    );
    expect(read).toEqual(JSON.parse(JSON.stringify(expected)));
  });

  it('of no row at all still has its columns', async () => {
    const file = (await rowsOfFile(sourceOf('verl-reward', [tied]))).get('train.parquet')!;
    const { schema, num_rows } = parquetMetadata(new Uint8Array(file).buffer);
    expect(num_rows).toBe(0n);
    expect(schema.map(({ name }) => name)).toEqual(['root', 'prompt', 'chosen', 'rejected']);
  });
});
