/** Rows of Parquet, a part of a group of them at a time. */
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { FileRow } from '@/lib/formats/file-row';
import { canonicalJson } from '@/trainer/contract/canonical-json';
import { issue } from '../schemas/issue';
import { importLimits } from '../schemas/prompt-import';
import type { ByteSource } from './byte-source';
import { FileFault } from './file-fault';
import { checkPages } from './parquet-pages';
import type { Reading } from './reading';

/** Of the rows that are values at one time, before they are values. */
const WINDOW_BYTES = 8 * 1024 * 1024;

export async function* parquetRows(source: ByteSource, reading: Reading): AsyncGenerator<FileRow> {
  const file = {
    byteLength: source.size,
    slice: async (start: number, end: number = source.size) => (await source.read(start, end)).buffer,
  };
  try {
    const metadata = await parquetMetadataAsync(file);
    const isFlat = metadata.schema.every(({ repetition_type, num_children }, i) =>
      i === 0 ? true : repetition_type !== 'REPEATED' && !num_children,
    );
    const total = Number(metadata.num_rows);
    let groupStart = 0;
    for (const group of metadata.row_groups) {
      await checkPages(source, group, groupStart + 1);
      const { num_rows, total_byte_size } = group;
      const groupEnd = groupStart + Number(num_rows);
      // Lists are put together from the start of a group, so these are read by whole groups.
      const step = isFlat ? windowOf(Number(num_rows), Number(total_byte_size)) : Number(num_rows);
      for (let rowStart = groupStart; rowStart < groupEnd; rowStart += step) {
        const rowEnd = Math.min(groupEnd, rowStart + step);
        const rows = await parquetReadObjects({ file, metadata, compressors: boundedCompressors, rowStart, rowEnd });
        for (const [i, row] of rows.entries()) yield rowOf(rowStart + i + 1, row);
        reading.share = total > 0 ? rowEnd / total : 1;
      }
      groupStart = groupEnd;
    }
  } catch (error) {
    // All other errors are those that the library makes of the file.
    if (error instanceof FileFault) throw error;
    throw new FileFault(issue('parquetDamaged', { detail: (error as Error).message }));
  }
}

const windowOf = (rows: number, bytes: number) => Math.max(1, Math.floor(rows / Math.max(1, bytes / WINDOW_BYTES)));

function rowOf(line: number, row: unknown): FileRow {
  const value = asJson(row);
  const size = canonicalJson(value).length;
  if (size > importLimits.lineBytes) return { line, error: issue('rowTooLong', { most: importLimits.lineBytes }) };
  return { line, value, repeatedKeys: [] };
}

type Unpack = (packed: Uint8Array, size: number) => Uint8Array;

/** Pages say how long they are once unpacked, and that much memory is taken before anything else is known of them. */
const boundedCompressors = Object.fromEntries(
  Object.entries(compressors as Record<string, Unpack>).map(([codec, unpack]) => [
    codec,
    (packed: Uint8Array, size: number) => {
      if (size > importLimits.parquetPageBytes) {
        throw new FileFault(issue('unpacksTooLarge', { most: importLimits.parquetPageBytes }));
      }
      return unpack(packed, size);
    },
  ]),
);

/** Values as they would be in JSON. Bytes that are no text, which no prompt has, become null. */
function asJson(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (ArrayBuffer.isView(value)) return null;
  if (Array.isArray(value)) return value.map(asJson);
  if (typeof value === 'number' && !Number.isFinite(value)) return null;
  if (typeof value !== 'object' || value === null) return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asJson(inner)]));
}
