/**
 * Parsers of large files. They are pure and slow, and run on the server's thread for small files, else in a worker
 * (parse-file-worker.ts), which sends `rest` at once and `items` in slices.
 */
import { createHash } from 'node:crypto';
import { openFile, sourceOf } from '@/lib/containers/byte-source';
import { readImport } from '@/lib/containers/read-import';
import { snapshotReader } from '@/lib/formats/registry';
import { recordLine } from '@/lib/formats/snapshot-records';
import type { ColumnMapping } from '@/lib/schemas/column-mapping';
import type { SnapshotRecord } from '@/trainer/contract/record';
import type { ImportFile } from './import-file';

/** The hash and counts of records, as a snapshot's header has them. */
function hashAndCount(records: readonly SnapshotRecord[], lines: readonly string[]) {
  const hash = createHash('sha256');
  for (const line of lines) hash.update(line).update('\n');
  const sum = (of: (record: SnapshotRecord) => number) => records.reduce((total, record) => total + of(record), 0);
  const counts = {
    prompts: records.length,
    responses: sum(({ responses }) => responses.length),
    pairs: sum(({ pairs }) => pairs.length),
  };
  return { hash: hash.digest('hex'), counts };
}

export const fileParsers = {
  /** An import file: its prompts, then its judgements. */
  async prompts(file: ImportFile, mapping?: ColumnMapping) {
    const source = file instanceof Uint8Array ? sourceOf(file) : await openFile(file.path);
    try {
      const { prompts, judgements, ...rest } = await readImport(source, mapping);
      return { items: [...prompts, ...judgements], rest };
    } finally {
      await source.close();
    }
  },
  /** A snapshot bundle: the lines to store, and the hash and counts that its header has to match. */
  bundle(file: ImportFile) {
    if (!(file instanceof Uint8Array)) throw new TypeError('a snapshot is read from memory');
    const { records, resolved, ...rest } = snapshotReader(file).read(file);
    const lines = resolved.map(recordLine);
    const asSettled = hashAndCount(resolved, lines);
    const unchanged = resolved.every((record, i) => record === records[i]);
    const asGiven = unchanged ? asSettled : hashAndCount(records, records.map(recordLine));
    return { items: lines, rest: { ...rest, asGiven, asSettled } };
  },
};

export type ParserName = keyof typeof fileParsers;
export type ParsedFile<R extends ParserName> = Awaited<ReturnType<(typeof fileParsers)[R]>>;
