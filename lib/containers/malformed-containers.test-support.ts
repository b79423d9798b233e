/** Files that cannot be read, because of what holds their rows: archives, encodings, Parquet, arrays and tables. */
import { gzipSync } from 'node:zlib';
import { lyingParquet, parquetOf, zipOf } from './lying-files.test-support';

export interface MalformedImport {
  name: string;
  file: Uint8Array;
  line: number;
  reason: RegExp;
  /** Other lines are wrong as well. */
  andMore?: true;
}

export const bytes = (...parts: (string | number[])[]) => {
  const encoded = parts.map((part) =>
    typeof part === 'string' ? new TextEncoder().encode(part) : Uint8Array.from(part),
  );
  return new Uint8Array(Buffer.concat(encoded));
};
export const good = (id: string) =>
  JSON.stringify({ external_id: id, prompt: 'Why?', responses: [{ text: 'A' }, { text: 'B' }] });
const utf16 = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le'));
const spaces = (size: number) => new Uint8Array(size).fill(0x20);
function longLine(size: number) {
  const file = spaces(size);
  file.set(bytes(good('a'), '\n'));
  return file;
}
const row = bytes(good('a'));

export const malformedContainers: MalformedImport[] = [
  {
    name: 'gzip that is cut off',
    file: gzipSync(good('a')).subarray(0, 40),
    line: 1,
    reason: /packed file is cut off/,
  },
  { name: 'gzip that is damaged', file: bytes([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8]), line: 1, reason: /damaged/ },
  { name: 'gzip of nothing', file: gzipSync(''), line: 1, reason: /holds no prompts/ },
  { name: 'gzip in gzip', file: gzipSync(gzipSync(good('a'))), line: 1, reason: /another archive/ },
  { name: 'a gzip bomb', file: gzipSync(spaces(64 << 20)), line: 1, reason: /unpacks to more than/ },
  { name: 'ZIP that is cut off', file: bytes('PK', [3, 4], 'data'), line: 1, reason: /packed file is damaged/ },
  { name: 'Parquet that is cut off', file: bytes('PAR1', [1, 2, 3]), line: 1, reason: /Parquet file cannot be read/ },
  {
    name: 'Parquet of zeros',
    file: bytes('PAR1', Array(40).fill(0), 'PAR1'),
    line: 1,
    reason: /Parquet file cannot be read/,
  },
  {
    name: 'gzip with something behind it',
    file: bytes([...gzipSync(good('a')), 1, 2, 3, 4]),
    line: 1,
    reason: /damaged|cut off/,
  },
  {
    name: 'a ZIP bomb',
    file: zipOf({ name: 'a.jsonl', data: spaces(64 << 20) }),
    line: 1,
    reason: /unpacks to more than/,
  },
  {
    name: 'a ZIP bomb that says it is small',
    file: zipOf({ name: 'a.jsonl', data: spaces(64 << 20), claimed: 100 }),
    line: 1,
    reason: /damaged|unpacks/,
  },
  {
    name: 'ZIP in ZIP',
    file: zipOf({ name: 'a.zip', data: zipOf({ name: 'a.jsonl', data: row }) }),
    line: 1,
    reason: /another archive/,
  },
  { name: 'gzip in ZIP', file: zipOf({ name: 'a.gz', data: gzipSync(good('a')) }), line: 1, reason: /another archive/ },
  {
    name: 'ZIP that climbs out of its folder',
    file: zipOf({ name: '../../a.jsonl', data: row }),
    line: 1,
    reason: /damaged/,
  },
  { name: 'ZIP with an absolute path', file: zipOf({ name: '/etc/a.jsonl', data: row }), line: 1, reason: /damaged/ },
  { name: 'ZIP with a backslash path', file: zipOf({ name: 'C:\\a.jsonl', data: row }), line: 1, reason: /damaged/ },
  { name: 'ZIP of nothing', file: zipOf(), line: 1, reason: /no file with data/ },
  {
    name: 'ZIP of two files with one prompt',
    file: zipOf({ name: 'a.jsonl', data: row }, { name: 'b.jsonl', data: row }),
    line: 2,
    reason: /already used on line 1/,
  },
  {
    name: 'ZIP with a password',
    file: zipOf({ name: 'a.jsonl', data: row, flags: 1 }),
    line: 1,
    reason: /password|encrypted|locked/,
  },
  {
    name: 'ZIP by a method of nobody',
    file: zipOf({ name: 'a.jsonl', data: row, method: 99 }),
    line: 1,
    reason: /damaged/,
  },
  {
    name: 'ZIP whose directory lies about where its file is',
    file: zipOf({ name: 'a.jsonl', data: row, at: 7 }),
    line: 1,
    reason: /damaged/,
  },
  {
    name: 'Parquet in ZIP that is cut off',
    file: zipOf({ name: 'a.parquet', data: parquetOf(['x']).subarray(0, 60) }),
    line: 1,
    reason: /Parquet/,
  },
  { name: 'UTF-16 without a mark that is cut off', file: utf16(good('a')).subarray(0, -1), line: 1, reason: /UTF-16/ },
  {
    name: 'UTF-16 with half a surrogate pair',
    file: bytes([0xff, 0xfe, ...utf16(good('a')), 0, 0xd8, 0x22, 0]),
    line: 1,
    reason: /UTF-16/,
  },
  {
    name: 'UTF-16 that becomes UTF-8',
    file: bytes([...utf16(`${good('a')}\n`)], good('bc')),
    line: 2,
    reason: /not valid JSON|UTF-16/,
  },
  {
    name: 'Parquet whose end is gone',
    file: parquetOf(['x']).subarray(0, -8),
    line: 1,
    reason: /Parquet file cannot be read/,
  },
  {
    name: 'Parquet with a footer that is longer than it',
    file: lyingParquet.footerLength(2 ** 31),
    line: 1,
    reason: /Parquet file cannot be read/,
  },
  {
    name: 'Parquet with a footer of no length',
    file: lyingParquet.footerLength(0),
    line: 1,
    reason: /Parquet file cannot be read/,
  },
  {
    name: 'Parquet that claims two billion rows',
    file: lyingParquet.metadata(({ row_groups: [group] }) => {
      group!.num_rows = 2_000_000_000n;
    }),
    line: 1,
    reason: /more than 10,000,000 rows/,
  },
  {
    name: 'Parquet that claims half a million rows and has one',
    file: lyingParquet.metadata(({ row_groups: [group] }) => {
      group!.num_rows = 500_000n;
    }),
    line: 1,
    reason: /text: 1 < 500000/,
  },
  {
    name: 'Parquet whose column is behind its end',
    file: lyingParquet.metadata(({ row_groups: [group] }) => {
      Object.assign(group!.columns[0]!.meta_data!, { data_page_offset: 1_000_000n, dictionary_page_offset: undefined });
    }),
    line: 1,
    reason: /Parquet file cannot be read/,
  },
  {
    name: 'Parquet packed in a way that nobody unpacks',
    file: lyingParquet.metadata(({ row_groups: [group] }) => {
      group!.columns[0]!.meta_data!.codec = 'LZO';
    }),
    line: 1,
    reason: /Parquet file cannot be read/,
  },
  {
    name: 'Parquet with a page of two billion empty values',
    file: lyingParquet.emptyValues(2_000_000_000),
    line: 1,
    reason: /more than 2,000,000 values/,
  },
  {
    name: 'Parquet with a page that unpacks to a gigabyte',
    file: lyingParquet.pageSize(2 ** 30),
    line: 1,
    reason: /unpacks to more than/,
  },
  {
    name: 'Parquet of texts that all are one long text',
    file: parquetOf(Array(3_000).fill('x'.repeat(100_000))),
    andMore: true,
    line: 1,
    reason: /prompt: must be/,
  },
  { name: 'Zstandard', file: bytes([0x28, 0xb5, 0x2f, 0xfd, 0]), line: 1, reason: /this is a Zstandard file/ },
  { name: 'a PDF', file: bytes('%PDF-1.7'), line: 1, reason: /this is a PDF file/ },
  { name: 'a web page', file: bytes('<!doctype html><html>'), line: 1, reason: /this is an HTML file/ },
  {
    name: 'a Git LFS pointer',
    file: bytes('version https://git-lfs.github.com/spec/v1\n'),
    line: 1,
    reason: /Git LFS/,
  },
  {
    name: 'an array that is cut off',
    file: bytes(`[${good('a')},\n{"id":`),
    line: 2,
    reason: /in the middle of its JSON/,
  },
  { name: 'an array with a comma too many', file: bytes(`[${good('a')},\n]`), line: 2, reason: /“]” is out of place/ },
  {
    name: 'an array without commas',
    file: bytes(`[${good('a')}\n${good('b')}]`),
    line: 2,
    reason: /“{” is out of place/,
  },
  { name: 'an empty array', file: bytes('[]'), line: 1, reason: /holds no prompts/ },
  { name: 'NaN in an array', file: bytes(`[\n{"id":NaN}]`), line: 2, reason: /not valid JSON/ },
  { name: 'nothing but depth', file: bytes('['.repeat(200_000)), line: 1, reason: /in the middle of its JSON/ },
  { name: 'depth in a line', file: bytes(`{"id":${'['.repeat(200_000)}}`), line: 1, reason: /not valid JSON/ },
  { name: 'a line of 50 MB', file: longLine(50 << 20), line: 2, reason: /too long/ },
  { name: 'a table without rows', file: bytes('prompt,chosen,rejected\n\n'), line: 1, reason: /not valid JSON/ },
  { name: 'a column twice', file: bytes('prompt,prompt\na,b\n'), line: 1, reason: /two columns are called/ },
  { name: 'a quote that never ends', file: bytes('prompt,chosen,rejected\nq,"a,b\n'), line: 2, reason: /never ends/ },
  { name: 'a cell too many', file: bytes('prompt,chosen,rejected\nq,a,b,c\n'), line: 2, reason: /4 cells/ },
  {
    name: 'a table in Latin-1',
    file: bytes('prompt,chosen,rejected\ncaf', [0xe9], ',a,b\n'),
    line: 2,
    reason: /not valid UTF-8/,
  },
  {
    name: 'UTF-8 that becomes UTF-16',
    file: bytes(good('a'), '\n', [0x7b, 0, 0x22, 0, 0xe9, 0]),
    line: 2,
    reason: /not valid UTF-8/,
  },
];
