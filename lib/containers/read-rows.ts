import type { FileRow } from '@/lib/formats/file-row';
import { fileKind, kindOfRow } from '@/trainer/data/file-kind';
import { issue } from '../schemas/issue';
import { importLimits } from '../schemas/prompt-import';
import { type ByteSource, sourceOf, streamOf } from './byte-source';
import { type ByteStream, collected, joined, peek } from './byte-stream';
import { FileFault } from './file-fault';
import { lineRows, valueRows } from './json-rows';
import { parquetRows } from './parquet-rows';
import { Reading } from './reading';
import { tableRows } from './table-rows';
import { fromUtf16, withoutMark, withoutMarkAtStart } from './text-encoding';
import { gunzipped, unzipped } from './unpack';

/** Enough to see what a text is. */
const HEAD_BYTES = 64 * 1024;

/**
 * The rows of a file: JSON Lines, a JSON array or objects over lines, CSV, TSV or Parquet, in UTF-8 or UTF-16, plain or
 * in gzip or ZIP. The files of an archive are read one behind the other, and their lines counted through. What is wrong
 * with the file is a row, too: reading never throws because of the content.
 */
export async function* readRows(file: Uint8Array | ByteSource, reading = new Reading()): AsyncGenerator<FileRow> {
  const source = reading.watched(file instanceof Uint8Array ? sourceOf(file) : file);
  let line = 0;
  try {
    for await (const row of rowsOf(source, reading)) {
      line = row.line;
      yield row;
    }
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    yield { line: error.line ?? line + 1, error: error.reason, ends: true };
  }
}

async function* rowsOf(source: ByteSource, reading: Reading): AsyncGenerator<FileRow> {
  switch (fileKind(await bothEnds(source)).is) {
    case 'parquet':
      return yield* parquetRows(source, reading);
    case 'gzip':
      return yield* unpackedRows(gunzipped(source, reading), reading);
    case 'zip':
      return yield* archiveRows(source, reading);
    default:
      return yield* textRows(streamOf(source));
  }
}

/** The beginning of a file, and its end, in which archives list what they hold. */
async function bothEnds(source: ByteSource): Promise<Uint8Array> {
  const head = await source.read(0, HEAD_BYTES);
  if (source.size <= HEAD_BYTES) return head;
  return joined([head, await source.read(Math.max(HEAD_BYTES, source.size - HEAD_BYTES), source.size)]);
}

/** The files of an archive must hold rows of one kind: nobody packs two data sets as one. */
async function* archiveRows(source: ByteSource, reading: Reading): AsyncGenerator<FileRow> {
  let linesBefore = 0;
  let first: { name: string; kind: string | null } | undefined;
  for await (const { name, bytes } of unzipped(source, reading)) {
    reading.members.push({ name, linesBefore });
    let last = 0;
    let known = false;
    try {
      for await (const row of unpackedRows(bytes, reading)) {
        if (!known && 'value' in row) {
          known = true;
          const kind = kindOfRow(row.value)?.id ?? null;
          first ??= { name, kind };
          if (first.kind !== kind) throw new FileFault(issue('archiveMixed', { first: first.name, second: name }));
        }
        last = row.line;
        yield { ...row, line: linesBefore + row.line };
      }
    } catch (error) {
      if (!(error instanceof FileFault)) throw error;
      throw new FileFault(error.reason, linesBefore + (error.line ?? last + 1));
    }
    linesBefore += last;
  }
}

async function* unpackedRows(unpacked: ByteStream, reading: Reading): AsyncGenerator<FileRow> {
  const { head, all } = await peek(unpacked, HEAD_BYTES);
  switch (fileKind(head).is) {
    case 'parquet':
      // Parquet is read from its end.
      return yield* parquetRows(await keptSource(all, reading), reading);
    case 'gzip':
    case 'zip':
      throw new FileFault(issue('archiveInArchive'));
    default:
      return yield* textRows(all);
  }
}

async function keptSource(stream: ByteStream, { scratch }: Reading): Promise<ByteSource> {
  if (scratch) return scratch.keep(stream);
  return sourceOf(await collected(atMost(importLimits.bodyBytes, stream)));
}

async function* atMost(most: number, stream: ByteStream): ByteStream {
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > most) throw new FileFault(issue('unpacksTooLarge', { most }));
    yield chunk;
  }
}

async function* textRows(stream: ByteStream): AsyncGenerator<FileRow> {
  const { head, all } = await peek(stream, HEAD_BYTES);
  const kind = fileKind(withoutMarkAtStart(head));
  switch (kind.is) {
    case 'utf-16':
      return yield* textRows(fromUtf16(all, head));
    case 'lines':
      return yield* lineRows(withoutMark(all));
    case 'array':
    case 'objects':
      return yield* valueRows(withoutMark(all), kind.is === 'array');
    case 'csv':
      return yield* tableRows(withoutMark(all), separatorOf(head));
    case 'tsv':
      return yield* tableRows(withoutMark(all), '\t');
    default:
      throw new FileFault(kind.problem, 1);
  }
}

/** Spreadsheets of countries that write 1,5 part cells by semicolons. */
function separatorOf(head: Uint8Array): ',' | ';' {
  const [header = ''] = new TextDecoder().decode(head).split(/[\r\n]/, 1);
  return header.split(';').length > header.split(',').length ? ';' : ',';
}
