/**
 * What a group of Parquet rows takes once it is unpacked, from the headers of its pages. A few bytes can say that two
 * billion equal values follow, and a reader makes room for as many before anything else is known of them.
 */
import type { FileMetaData } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { issue } from '../schemas/issue';
import { importLimits } from '../schemas/prompt-import';
import type { ByteSource } from './byte-source';
import { FileFault } from './file-fault';
import { mostUnpacked } from './unpack';

type RowGroup = FileMetaData['row_groups'][number];

/**
 * @param line where the group begins
 * @throws FileFault where reading the group would take more memory than a file may, or its footer claims rows that no
 * page has
 */
export async function checkPages(source: ByteSource, group: RowGroup, line: number): Promise<void> {
  const { parquetGroupBytes, parquetPageValues, parquetGroupValues } = importLimits;
  const refuse = (key: 'tooManyRows' | 'parquetGroupTooLarge' | 'unpacksTooLarge' | 'parquetValues', most: number) => {
    throw new FileFault(issue(key, { most }), line);
  };
  const rows = Number(group.num_rows);
  const ratio = mostUnpacked(source.size);
  if (rows > importLimits.rows) refuse('tooManyRows', importLimits.rows);
  if (group.total_byte_size > parquetGroupBytes) refuse('parquetGroupTooLarge', parquetGroupBytes);
  let values = 0;
  let bytes = 0;
  for (const { meta_data } of group.columns) {
    if (!meta_data) continue;
    let there = 0;
    for await (const page of pagesOf(source, meta_data)) {
      if (!page.isDictionary) there += page.values;
      values += page.values;
      bytes += page.bytes;
      if (bytes > ratio) refuse('unpacksTooLarge', ratio);
      if (bytes > parquetGroupBytes) refuse('parquetGroupTooLarge', parquetGroupBytes);
      if (page.values > parquetPageValues) refuse('parquetValues', parquetPageValues);
      if (values > parquetGroupValues) refuse('parquetValues', parquetGroupValues);
    }
    if (there < rows) {
      const detail = `${meta_data.path_in_schema.join('.')}: ${there} < ${rows}`;
      throw new FileFault(issue('parquetDamaged', { detail }), line);
    }
  }
}

/** Most headers are some dozens of bytes; one with the least and the greatest text of its page may be long. */
const HEADER_BYTES = [4096, 1024 * 1024];

/** Up to the first page that makes no sense, where the reader of the values gives up, too. */
async function* pagesOf(source: ByteSource, column: NonNullable<RowGroup['columns'][number]['meta_data']>) {
  const start = Number(column.dictionary_page_offset || column.data_page_offset);
  const end = Math.min(source.size, start + Number(column.total_compressed_size));
  for (let at = start; at < end - 1; ) {
    const found = await headerAt(source, at, end);
    if (!found) return;
    const { header, length } = found;
    const { compressed_page_size: packed, uncompressed_page_size: size } = header;
    if (!(packed >= 0 && size >= 0)) return;
    at += length + packed;
    const isDictionary = header.type === 'DICTIONARY_PAGE';
    const said = isDictionary ? header.dictionary_page_header : (header.data_page_header ?? header.data_page_header_v2);
    yield { bytes: size, values: said?.num_values ?? 0, isDictionary };
  }
}

async function headerAt(source: ByteSource, at: number, end: number) {
  for (const most of HEADER_BYTES) {
    const bytes = await source.read(at, Math.min(end, at + most));
    const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: 0 };
    try {
      return { header: parquetHeader(reader), length: reader.offset };
    } catch (error) {
      if (bytes.length < most) return null;
      // It is longer than any that a library writes, and was not read to its end.
      if (most === HEADER_BYTES.at(-1)) throw error;
    }
  }
  return null;
}
