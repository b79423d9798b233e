/** Rows of CSV and TSV: an object of texts each, by the names in the header. Quoted cells may hold line breaks. */
import { isUtf8 } from 'node:buffer';
import { pipeline, Readable } from 'node:stream';
import { type CsvError, type Info, parse } from 'csv-parse';
import type { FileRow } from '@/lib/formats/file-row';
import { message } from '@/trainer/contract/message';
import { issue } from '../schemas/issue';
import { importLimits } from '../schemas/prompt-import';
import type { ByteStream } from './byte-stream';
import { FileFault } from './file-fault';

export async function* tableRows(stream: ByteStream, delimiter: string): AsyncGenerator<FileRow> {
  let fault: CsvError | undefined;
  const parser = parse({
    delimiter,
    info: true,
    max_record_size: importLimits.lineBytes,
    // Files that were put together have several.
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    // Cells of TSV are seldom quoted, so a quote in one is most often a quote.
    relax_quotes: delimiter === '\t',
    skip_empty_lines: true,
    // A fault that were thrown would overtake the rows before it.
    skip_records_with_error: true,
    on_skip: (error) => {
      fault ??= error;
      return undefined;
    },
  });
  pipeline(Readable.from(utf8Only(stream), { objectMode: false }), parser, () => undefined);
  let header: string[] | null = null;
  let line = 1;
  for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
    // Nobody knows in which cell the rows behind a fault are.
    if (fault && info.lines > Number(fault.lines)) break;
    if (header === null) {
      header = record.map((name) => name.trim());
      const twice = header.find((name, i) => header!.indexOf(name) !== i);
      if (twice !== undefined) throw new FileFault(issue('columnTwice', { name: twice }), 1);
    } else if (record.length !== header.length) {
      yield { line, error: issue('cellCount', { count: record.length, columns: header.length }) };
    } else {
      const names = header;
      yield { line, value: Object.fromEntries(record.map((cell, i) => [names[i], cell])), repeatedKeys: [] };
    }
    line = info.lines + 1;
  }
  if (fault) throw new FileFault(csvFault(fault), line);
}

function csvFault({ code, message: detail }: CsvError) {
  if (code === 'CSV_MAX_RECORD_SIZE') return issue('rowTooLong', { most: importLimits.lineBytes });
  return code === 'CSV_QUOTE_NOT_CLOSED' ? issue('quoteNotClosed') : issue('tableDamaged', { detail });
}

const LF = 0x0a;
/** The parser holds the rows of a whole piece at once, and with each that lacks cells an error that it makes of it. */
const PIECE = 4 * 1024;

/** The parser takes what is not UTF-8 for question marks. */
async function* utf8Only(stream: ByteStream): ByteStream {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  for await (const chunk of stream) {
    try {
      decoder.decode(chunk, { stream: true });
    } catch {
      throw new FileFault(message('lineNotUtf8'), line + linesBeforeFault(chunk));
    }
    for (const byte of chunk) if (byte === LF) line++;
    for (let start = 0; start < chunk.length; start += PIECE) yield chunk.subarray(start, start + PIECE);
  }
  try {
    decoder.decode();
  } catch {
    throw new FileFault(message('lineNotUtf8'), line);
  }
}

function linesBeforeFault(chunk: Uint8Array): number {
  // A character may have begun in the chunk before.
  let start = chunk.findIndex((byte) => (byte & 0xc0) !== 0x80);
  for (let lines = 0; ; lines++) {
    const end = chunk.indexOf(LF, start);
    if (end === -1 || !isUtf8(chunk.subarray(start, end))) return lines;
    start = end + 1;
  }
}
