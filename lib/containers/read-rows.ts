import type { FileRow } from '@/lib/formats/file-row';
import { fileKind } from '@/trainer/data/file-kind';
import { issue } from '../schemas/issue';
import { type ByteStream, chunksOf, collected, peek } from './byte-stream';
import { FileFault } from './file-fault';
import { lineRows, valueRows } from './json-rows';
import { parquetRows } from './parquet-rows';
import { tableRows } from './table-rows';
import { fromUtf16, withoutMark, withoutMarkAtStart } from './text-encoding';
import { gunzipped, unzipped } from './unpack';

/** Enough to see what a text is. */
const HEAD_BYTES = 64 * 1024;

/**
 * The rows of a file: JSON Lines, a JSON array or objects over lines, CSV, TSV or Parquet, in UTF-8 or UTF-16, plain or
 * in gzip or ZIP. What is wrong with the file is a row, too: reading never throws because of the content.
 */
export async function* readRows(file: Uint8Array): AsyncGenerator<FileRow> {
  let line = 0;
  try {
    for await (const row of rowsOf(file)) {
      line = row.line;
      yield row;
    }
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    yield { line: error.line ?? line + 1, error: error.reason, ends: true };
  }
}

async function* rowsOf(file: Uint8Array): AsyncGenerator<FileRow> {
  switch (fileKind(file).is) {
    case 'parquet':
      return yield* parquetRows(file);
    case 'gzip':
      return yield* unpackedRows(gunzipped(file));
    case 'zip':
      return yield* unpackedRows(unzipped(file));
    default:
      return yield* textRows(chunksOf(file));
  }
}

async function* unpackedRows(unpacked: ByteStream): AsyncGenerator<FileRow> {
  const { head, all } = await peek(unpacked, HEAD_BYTES);
  switch (fileKind(head).is) {
    case 'parquet':
      // Parquet is read from its end.
      return yield* parquetRows(await collected(all));
    case 'gzip':
    case 'zip':
      throw new FileFault(issue('archiveInArchive'));
    default:
      return yield* textRows(all);
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
