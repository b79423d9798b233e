import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import yazl from 'yazl';
import type { FileRow } from '@/lib/formats/file-row';
import { translate } from '../i18n/translate';
import { importLimits } from '../schemas/prompt-import';
import { collected } from './byte-stream';
import { lineRows, valueRows } from './json-rows';
import { readRows } from './read-rows';

const utf8 = (text: string) => new TextEncoder().encode(text);
const utf16 = (text: string, { bigEndian = false, mark = true } = {}) => {
  const bytes = Buffer.from(mark ? `\ufeff${text}` : text, 'utf16le');
  return Uint8Array.from(bigEndian ? bytes.swap16() : bytes);
};
async function zip(members: Record<string, Uint8Array>) {
  const archive = new yazl.ZipFile();
  for (const [name, bytes] of Object.entries(members)) archive.addBuffer(Buffer.from(bytes), name);
  archive.end();
  return collected(Readable.from(archive.outputStream));
}
const parquet = (columnData: Parameters<typeof parquetWriteBuffer>[0]['columnData']) =>
  new Uint8Array(parquetWriteBuffer({ columnData }));

async function rowsIn(rows: AsyncIterable<FileRow>) {
  const all: FileRow[] = [];
  for await (const row of rows) all.push(row);
  return all;
}
const read = (file: Uint8Array) => rowsIn(readRows(file));
const said = (rows: FileRow[]) =>
  rows.map((row) => ('error' in row ? `${row.line}: ${translate('en', row.error)}` : [row.line, row.value]));
const valuesIn = (rows: FileRow[]) => rows.map((row) => ('value' in row ? row.value : translate('en', row.error)));

const two = [
  { a: 'x, "y"', b: 'é\nß' },
  { a: '日本 😀', b: '' },
];
const lines = (end: string) => two.map((row) => JSON.stringify(row) + end).join('');
const csv = `a,b\r\n"x, ""y""","é\nß"\r\n日本 😀,\r\n`;

describe('the same rows, whatever holds them', () => {
  it.each<[string, Uint8Array | Promise<Uint8Array>]>([
    ['lines', utf8(lines('\n'))],
    ['lines with CRLF and a mark', utf8(`\ufeff${lines('\r\n')}`)],
    ['lines with CR', utf8(lines('\r'))],
    ['a JSON array', utf8(JSON.stringify(two))],
    ['a JSON array set out for reading, with a mark', utf8(`\ufeff${JSON.stringify(two, null, 2)}\n`)],
    ['objects set out for reading', utf8(two.map((row) => JSON.stringify(row, null, 2)).join('\n'))],
    ['UTF-16, little-endian', utf16(lines('\n'))],
    ['UTF-16, big-endian', utf16(lines('\r\n'), { bigEndian: true })],
    ['UTF-16 without a mark', utf16(JSON.stringify(two), { mark: false })],
    ['UTF-16, big-endian, without a mark', utf16(lines('\n'), { mark: false, bigEndian: true })],
    ['CSV', utf8(csv)],
    ['CSV with a mark', utf8(`\ufeff${csv}`)],
    ['CSV in UTF-16, as spreadsheets write it', utf16(csv)],
    ['CSV with semicolons', utf8('a;b\n"x, ""y""";"é\nß"\n日本 😀;\n')],
    ['TSV', utf8('a\tb\nx, "y"\t"é\nß"\n日本 😀\t\n')],
    [
      'Parquet',
      parquet([
        { name: 'a', data: two.map(({ a }) => a), type: 'STRING' },
        { name: 'b', data: two.map(({ b }) => b), type: 'STRING' },
      ]),
    ],
    ['lines in gzip', gzipSync(lines('\n'))],
    ['two gzip files behind one another', Buffer.concat(two.map((row) => gzipSync(`${JSON.stringify(row)}\n`)))],
    ['UTF-16 in gzip', gzipSync(utf16(lines('\n')))],
    ['CSV in ZIP', zip({ 'data.csv': utf8(csv) })],
    [
      'lines in ZIP, beside notes',
      zip({ 'd/train.jsonl': utf8(lines('\n')), '__MACOSX/d/._train.jsonl': utf8('x'), 'README.md': utf8('x') }),
    ],
    [
      'a part in each file of a ZIP',
      zip({ 'part-1.jsonl': utf8(`${JSON.stringify(two[0])}\n`), 'part-2.json': utf8(JSON.stringify([two[1]])) }),
    ],
    [
      'Parquet in ZIP',
      zip({
        'a.parquet': parquet([
          { name: 'a', data: two.map(({ a }) => a), type: 'STRING' },
          { name: 'b', data: two.map(({ b }) => b), type: 'STRING' },
        ]),
      }),
    ],
  ])('%s', async (_, file) => expect(valuesIn(await read(await file))).toEqual(two));

  it('however the bytes are cut', async () => {
    const text = fc.string({
      unit: fc.constantFrom('a', '"', '\\', '[', ']', '{', '}', ',', '\n', '\r', 'é', '😀', '\u2028', ' '),
    });
    const value = fc.dictionary(text, fc.oneof(text, fc.integer(), fc.constant(null), fc.array(text)), { maxKeys: 3 });
    await fc.assert(
      fc.asyncProperty(fc.array(value), fc.integer({ min: 1, max: 7 }), async (rows, size) => {
        async function* cut(written: string) {
          const bytes = utf8(written);
          for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
        }
        // Objects without a prototype of their own, as JSON.parse makes "__proto__".
        const expected = JSON.parse(JSON.stringify(rows));
        for (const end of ['\n', '\r\n', '\r', '\n\n']) {
          const written = rows.map((row) => JSON.stringify(row) + end).join('');
          expect(valuesIn(await rowsIn(lineRows(cut(written))))).toEqual(expected);
        }
        for (const indent of [0, 1]) {
          expect(valuesIn(await rowsIn(valueRows(cut(JSON.stringify(rows, null, indent)), true)))).toEqual(expected);
          const objects = rows.map((row) => JSON.stringify(row, null, indent)).join('\n');
          expect(valuesIn(await rowsIn(valueRows(cut(objects), false)))).toEqual(expected);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('numbers of Parquet are numbers where they fit, else digits; dates are texts', async () => {
    const file = parquet([
      { name: 'n', data: [3n, 2n ** 60n], type: 'INT64' },
      { name: 'd', data: [new Date(0), new Date(1000)], type: 'TIMESTAMP' },
      { name: 'j', data: [{ a: [1] }, { a: ['x'] }], type: 'JSON' },
    ]);
    expect(valuesIn(await read(file))).toEqual([
      { n: 3, d: '1970-01-01T00:00:00.000Z', j: { a: [1] } },
      { n: '1152921504606846976', d: '1970-01-01T00:00:01.000Z', j: { a: ['x'] } },
    ]);
  });

  it('a column called __proto__ is a column', async () => {
    const [row] = await read(utf8('__proto__,b\nx,y\n'));
    expect(Object.entries((row as { value: object }).value)).toEqual([
      ['__proto__', 'x'],
      ['b', 'y'],
    ]);
  });
});

describe('where rows begin', () => {
  it.each<[string, string, number[]]>([
    ['lines', '\n{"a":1}\r\n\r\n{"a":2}', [2, 4]],
    ['an array', '[{"a":\n1},\n\n{"a":2}]', [1, 4]],
    ['a table', 'a,b\n1,"x\ny"\n2,z\n', [2, 4]],
  ])('%s', async (_, text, expected) => {
    expect((await read(utf8(text))).map(({ line }) => line)).toEqual(expected);
  });
});

describe('what cannot be read is told where it is, and ends the file', () => {
  const row = '{"a":1}\n';
  const gz = gzipSync(Buffer.concat(Array.from({ length: 3000 }, (_, i) => Buffer.from(`{"a":"${Math.sin(i)}"}\n`))));
  const damaged = Uint8Array.from(gz);
  damaged.fill(0, gz.length / 2, gz.length / 2 + 50);
  const wideRow = (size: number) => `{"a":"${'x'.repeat(size)}"}`;
  const good = (n: number) => Array.from({ length: n }, (_, i) => [i + 1, { a: 1 }]);

  it.each<[string, Uint8Array | Promise<Uint8Array>, RegExp]>([
    ['gzip that is cut off', gz.subarray(0, gz.length - 100), /^\d+: the packed file is cut off/],
    ['gzip that is damaged', damaged, /^\d+: the packed file is damaged/],
    ['a gzip bomb', gzipSync(new Uint8Array(40 * 1024 * 1024).fill(0x20)), /^1: unpacks to more than 16,777,216 bytes/],
    ['a ZIP bomb', zip({ 'a.jsonl': new Uint8Array(40 * 1024 * 1024).fill(0x20) }), /^1: unpacks to more than/],
    [
      'ZIP that is cut off',
      zip({ 'a.jsonl': utf8(row) }).then((file) => file.subarray(0, 40)),
      /^1: the packed file is damaged/,
    ],
    ['ZIP without data', zip({ 'README.md': utf8(row) }), /^1: the archive holds no file with data/],
    [
      'ZIP with files of two kinds',
      zip({ 'a.jsonl': utf8('{"prompt":"q","chosen":"a","rejected":"b"}'), 'b.csv': utf8(csv) }),
      /^2: the archive holds different kinds of rows, as in “a.jsonl” and “b.csv”/,
    ],
    [
      'ZIP with very many files',
      zip(Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`${i}`, utf8('')]))),
      /^1: the archive holds more than 1,000 files/,
    ],
    ['gzip in gzip', gzipSync(gzipSync(row)), /^1: the archive holds another archive/],
    ['ZIP in ZIP', zip({ 'a.zip': utf8('PK\u0003\u0004') }), /^1: the archive holds another archive/],
    ['Zstandard in gzip', gzipSync(Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd])), /^1: this is a Zstandard file/],
    [
      'UTF-16 that becomes UTF-8',
      Buffer.concat([utf16(row), Buffer.from([0, 0xd8, 0x61, 0])]),
      /^2?1?: ?the file begins as UTF-16/,
    ],
    ['an array that is cut off', utf8('[{"a":1},\n{"a":2'), /^2: the file ends in the middle/],
    ['an array without its end', utf8('[{"a":1}\n'), /^2: the file ends in the middle/],
    ['an array with a comma at its end', utf8('[{"a":1},]'), /^1: the file is not valid JSON: “]” is out of place/],
    ['an array without commas', utf8('[{"a":1}\n{"a":2}]'), /^2: the file is not valid JSON: “{” is out of place/],
    ['an array and something behind it', utf8('[{"a":1}]\n{}'), /^2: the file is not valid JSON: “{” is out of place/],
    ['an array that another bracket ends', utf8('[{"a":1}}'), /^1: the file is not valid JSON: “}” is out of place/],
    ['a quote that never ends', utf8('a,b\n1,2\n3,"4\n5,6\n'), /^3: a quoted cell begins here and never ends/],
    ['a quote in the middle', utf8('a,b\n1,x"y\n'), /^2: the table cannot be read any further/],
    ['a column twice', utf8('a,a\n1,2\n'), /^1: two columns are called “a”/],
    [
      'a table in Latin-1',
      Uint8Array.from(Buffer.from('a,b\n1,2\ncafé,3\n', 'latin1')),
      /^3: the line is not valid UTF-8/,
    ],
    [
      'a cell past the limit',
      utf8(`a,b\n1,2\n"${'x'.repeat(importLimits.lineBytes + 1)}",4\n`),
      /^3: the row is longer than/,
    ],
    [
      'Parquet that is cut off',
      parquet([{ name: 'a', data: ['x'], type: 'STRING' }]).subarray(0, 30),
      /^1: the Parquet file cannot be read/,
    ],
    ['Parquet of nothing', utf8('PAR1PAR1'), /^1: the Parquet file cannot be read/],
  ])('%s', async (_, file, expected) => {
    const rows = await read(await file);
    const last = rows.at(-1)!;
    expect('ends' in last && `${last.line}: ${translate('en', last.error)}`).toMatch(expected);
    expect(rows.filter((one) => 'ends' in one)).toHaveLength(1);
  });

  it('a row that is wrong does not end it', async () => {
    const long = wideRow(importLimits.lineBytes);
    const [, tooLong] = said(await read(utf8(`${row}${long}\n${row}`)));
    expect(tooLong).toMatch(/^2: the line is too long/);
    expect(said(await read(utf8(`[{"a":1},\n${long},\n{"a":1}]`)))[2]).toEqual([3, { a: 1 }]);
    expect(said(await read(utf8('a,b\n1,2\n3\n4,5,6\n7,8\n')))).toEqual([
      [2, { a: '1', b: '2' }],
      '3: the row has 1 cell, but the table has 2 columns',
      '4: the row has 3 cells, but the table has 2 columns',
      [5, { a: '7', b: '8' }],
    ]);
    expect(said(await read(utf8('[{"a":1},\n{"a":NaN},\n{"a":1}]')))[1]).toMatch(/^2: the line is not valid JSON/);
  });

  it('a line of 50 MB and one that is nested very deeply cost no more than their length', async () => {
    const deep = '['.repeat(400_000) + ']'.repeat(400_000);
    const rows = said(await read(utf8(`${row}${wideRow(50_000_000)}\n${`{"b":${deep}}`}\n${row}`)));
    expect(rows[1]).toMatch(/^2: the line is too long/);
    expect(rows).toHaveLength(4);
    expect(good(1)).toEqual([rows[0]]);
  });
});
