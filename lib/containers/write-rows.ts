/** Rows of an export as the bytes of a file: JSON Lines, CSV or Parquet; as streams that hold one piece at a time. */
import type { CsvCell } from '@/lib/formats/csv-line';
import { csvLine } from '@/lib/formats/csv-line';
import type { Exporter, Field, Row } from '@/lib/formats/exports/exporter';
import { parquetBytes } from './parquet-bytes';

/** Text that is sent at once. One record may have some hundred long rows, so that they are never made all together. */
const PIECE_CHARS = 128 * 1024;

export async function* writeRows(
  container: Exporter['container'],
  fields: readonly Field[],
  rows: AsyncIterable<readonly Row[]>,
): AsyncGenerator<Uint8Array> {
  if (container === 'parquet') return yield* parquetBytes(fields, rows);
  const encoder = new TextEncoder();
  const line = container === 'csv' ? csvRow(fields) : jsonLine;
  let piece = container === 'csv' ? csvLine(fields.map(({ name }) => name)) : '';
  for await (const some of rows) {
    for (const row of some) {
      piece += line(row);
      if (piece.length < PIECE_CHARS) continue;
      yield encoder.encode(piece);
      piece = '';
    }
  }
  if (piece !== '') yield encoder.encode(piece);
}

/** Python's splitlines ends lines at these too, so that readers that use it would find half a row. */
const lineEnds = /[\u0085\u2028\u2029]/g;

export const jsonLine = (row: Row): string =>
  `${JSON.stringify(row).replace(lineEnds, (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;

const csvRow = (fields: readonly Field[]) => (row: Row) => csvLine(fields.map(({ name }) => csvCell(row[name])));

/** A list or an object has no cell of its own, so that it is written as JSON. */
function csvCell(value: unknown): CsvCell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' || typeof value === 'string') return value;
  return JSON.stringify(value);
}
