/** Archives and Parquet files that say of themselves what is not so, which no library would write. */
import { crc32, deflateRawSync } from 'node:zlib';
import { type FileMetaData, parquetMetadata } from 'hyparquet';
import { ByteWriter, parquetWriteBuffer } from 'hyparquet-writer';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';

interface Member {
  name: string;
  data: Uint8Array;
  /** What the archive says of it, where that is not so: its size unpacked, its place, how it is packed. */
  claimed?: number;
  at?: number;
  method?: number;
  flags?: number;
}

const DEFLATED = 8;

/** A ZIP archive, byte by byte. */
export function zipOf(...members: Member[]): Uint8Array {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data, claimed = data.length, at = offset, method = DEFLATED, flags = 0 } of members) {
    const packed = deflateRawSync(data);
    const path = Buffer.from(name);
    // Version, flags, method, time, date; the checksum, sizes and the name's length.
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(claimed, 18);
    common.writeUInt16LE(path.length, 22);
    const file = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, path, packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000'), common, place, path]));
    files.push(file);
    offset += file.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(members.length, 4);
  end.writeUInt16LE(members.length, 6);
  end.writeUInt32LE(entries.length, 8);
  end.writeUInt32LE(offset, 12);
  return new Uint8Array(Buffer.concat([...files, entries, Buffer.from('PK\u0005\u0006'), end]));
}

/** One column of texts. */
export const parquetOf = (texts: string[]) =>
  new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'text', data: texts, type: 'STRING' }] }));

const TAIL = 8;
const footerLengthOf = (file: Uint8Array) =>
  new DataView(file.buffer, file.byteOffset).getUint32(file.length - TAIL, true);

/** The pages of a file, and a footer made of what `change` leaves of its own. */
function withFooter(file: Uint8Array, pages: Uint8Array, change: (metadata: FileMetaData) => void): Uint8Array {
  const metadata = parquetMetadata(file);
  change(metadata);
  const writer = new ByteWriter();
  writer.appendBytes(pages);
  // The writer has a version of the reader's types of its own.
  writeMetadata(writer, metadata as Parameters<typeof writeMetadata>[1]);
  writer.appendBytes(new TextEncoder().encode('PAR1'));
  return writer.getBytes().slice();
}

/** A file whose only page is this, of an optional column. */
function ofOnePage(header: Parameters<typeof writePageHeader>[1], content: Uint8Array, rows: number): Uint8Array {
  const writer = new ByteWriter();
  writer.appendBytes(new TextEncoder().encode('PAR1'));
  writePageHeader(writer, header);
  writer.appendBytes(content);
  const pages = writer.getBytes().slice();
  const file = new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'text', data: [null], type: 'STRING' }] }));
  return withFooter(file, pages, ({ row_groups: [group] }) => {
    const column = group!.columns[0]!.meta_data!;
    group!.num_rows = BigInt(rows);
    column.num_values = BigInt(rows);
    column.data_page_offset = 4n;
    column.dictionary_page_offset = undefined as never;
    column.total_compressed_size = BigInt(pages.length - 4);
  });
}

export const lyingParquet = {
  metadata(change: (metadata: FileMetaData) => void): Uint8Array {
    const file = parquetOf(['x']);
    return withFooter(file, file.subarray(0, file.length - TAIL - footerLengthOf(file)), change);
  },
  footerLength(length: number): Uint8Array {
    const file = parquetOf(['x']).slice();
    new DataView(file.buffer).setUint32(file.length - TAIL, length, true);
    return file;
  },
  /** A few bytes that say: so many times nothing. */
  emptyValues(count: number): Uint8Array {
    const run: number[] = [];
    for (let rest = count * 2; ; rest = Math.floor(rest / 128)) {
      run.push(rest < 128 ? rest : (rest % 128) + 128);
      if (rest < 128) break;
    }
    const levels = [...run, 0];
    const content = Uint8Array.from([levels.length, 0, 0, 0, ...levels]);
    const data = {
      num_values: count,
      encoding: 'PLAIN',
      definition_level_encoding: 'RLE',
      repetition_level_encoding: 'RLE',
    };
    const sizes = { uncompressed_page_size: content.length, compressed_page_size: content.length };
    return ofOnePage({ type: 'DATA_PAGE', ...sizes, data_page_header: data } as never, content, 1);
  },
  pageSize(size: number): Uint8Array {
    const data = {
      num_values: 1,
      encoding: 'PLAIN',
      definition_level_encoding: 'RLE',
      repetition_level_encoding: 'RLE',
    };
    const sizes = { uncompressed_page_size: size, compressed_page_size: 4 };
    return ofOnePage(
      { type: 'DATA_PAGE', ...sizes, data_page_header: data } as never,
      Uint8Array.from([1, 2, 3, 4]),
      1,
    );
  },
};
