/** Rows of Parquet, a group of them at a time. */
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { FileRow } from '@/lib/formats/file-row';
import { canonicalJson } from '@/trainer/contract/canonical-json';
import { issue } from '../schemas/issue';
import { importLimits } from '../schemas/prompt-import';
import { FileFault } from './file-fault';

export async function* parquetRows(bytes: Uint8Array): AsyncGenerator<FileRow> {
  const file = {
    byteLength: bytes.length,
    slice: (start: number, end?: number) => bytes.slice(start, end).buffer as ArrayBuffer,
  };
  try {
    const metadata = await parquetMetadataAsync(file);
    let rowStart = 0;
    // A group of rows is what can be read by itself.
    for (const { num_rows, total_byte_size } of metadata.row_groups) {
      if (total_byte_size > importLimits.unpackedBytes) {
        throw new FileFault(issue('unpacksTooLarge', { most: importLimits.unpackedBytes }), rowStart + 1);
      }
      const rowEnd = rowStart + Number(num_rows);
      const rows = await parquetReadObjects({ file, metadata, compressors: boundedCompressors, rowStart, rowEnd });
      for (const [i, row] of rows.entries()) yield rowOf(rowStart + i + 1, row);
      rowStart = rowEnd;
    }
  } catch (error) {
    // All other errors are those that the library makes of the file.
    if (error instanceof FileFault) throw error;
    throw new FileFault(issue('parquetDamaged', { detail: (error as Error).message }));
  }
}

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
