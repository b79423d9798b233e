import type { Exporter, Row, RowContext } from '@/lib/formats/exports/exporter';
import { dataPath } from '@/lib/formats/exports/exporter';
import { type ExportAbout, readme } from '@/lib/formats/exports/readme';
import { splitOf } from '@/lib/formats/exports/record-views';
import type { SnapshotRecord } from '@/trainer/contract/record';
import type { DroppedPair } from '../schemas/snapshot';
import { writeRows } from './write-rows';
import type { WrittenFile } from './zip-files';

export interface ExportSource {
  readonly exporter: Exporter;
  readonly about: ExportAbout;
  /** Called once a split: the records are read again rather than kept. */
  records(): AsyncIterable<SnapshotRecord>;
  /** A person's name, or the pseudonym as it is. */
  nameOf(pseudonym: string): string;
}

/**
 * The files of an export: the rows of each split, what the trainer wants beside them, and the README, which comes last
 * because it counts. Nothing is kept but counts. A snapshot without splits is read once.
 */
export async function* exportFiles(source: ExportSource): AsyncGenerator<WrittenFile> {
  const { exporter, about } = source;
  const rows = new Map<string, number>();
  const leftOut = new Map<string, number>();
  const splits = new Set(['train']);
  // While the first split is written, the others come to light; they are written in the order of their names.
  for (const split of splits) {
    rows.set(split, 0);
    const counted = countedRows(source, split, {
      onRows: (count) => rows.set(split, rows.get(split)! + count),
      onSplit: (other) => splits.add(other),
      onLeftOut: (reason, count) => leftOut.set(reason, (leftOut.get(reason) ?? 0) + count),
    });
    const content = writeRows(exporter.container, exporter.fields(about.columns), counted);
    yield { path: dataPath(exporter, split), content };
  }
  const written = [...rows.keys()];
  for (const { path, text } of exporter.sideFiles?.(written, about.columns) ?? []) yield { path, content: whole(text) };
  yield { path: 'README.md', content: whole(readme(exporter, about, { rows, leftOut })) };
}

/** The first rows, of whatever split. */
export async function firstRows(source: ExportSource, most: number): Promise<Row[]> {
  const rows: Row[] = [];
  const contexts = new Map<string, RowContext>();
  for await (const record of source.records()) {
    const split = splitOf(record);
    const context = contexts.get(split) ?? rowContext(source, split);
    contexts.set(split, context);
    for (const row of source.exporter.rows(record, context)) rows.push(row);
    if (rows.length >= most) break;
  }
  return rows.slice(0, most);
}

async function* countedRows(
  source: ExportSource,
  split: string,
  {
    onRows,
    onSplit,
    onLeftOut,
  }: {
    onRows(count: number): void;
    onSplit(split: string): void;
    onLeftOut(reason: string, count: number): void;
  },
): AsyncGenerator<readonly Row[]> {
  const context = {
    ...rowContext(source, split),
    leaveOut: (reason: string, count: number) => {
      if (count > 0) onLeftOut(reason, count);
    },
  };
  for await (const record of source.records()) {
    const its = splitOf(record);
    onSplit(its);
    if (its !== split) continue;
    const rows = source.exporter.rows(record, context);
    onRows(rows.length);
    yield rows;
  }
}

function rowContext({ about, nameOf }: ExportSource, split: string): RowContext {
  let index = 0;
  const dropped = new Map<string, DroppedPair[]>();
  for (const { prompt, ...pair } of about.header.dropped ?? [])
    dropped.set(prompt, [...(dropped.get(prompt) ?? []), pair]);
  return {
    columns: about.columns,
    split,
    nameOf,
    droppedOf: (promptId) => dropped.get(promptId) ?? [],
    nextIndex: () => index++,
    leaveOut: () => undefined,
  };
}

async function* whole(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}
