import { gzipSync } from 'node:zlib';
import { importLimits } from '../schemas/prompt-import';

const bytes = (...parts: (string | number[])[]) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : part)));
const good = (id: string) =>
  JSON.stringify({ external_id: id, prompt: 'Why?', responses: [{ text: 'A' }, { text: 'B' }] });
const line = (fields: object) =>
  JSON.stringify({ external_id: 'x', prompt: 'Why?', responses: [{ text: 'A' }, { text: 'B' }], ...fields });
const trl = (fields: object) => JSON.stringify({ prompt: 'Why?', chosen: 'A', rejected: 'B', ...fields });
const turn = (role: string, content: string) => ({ role, content });
const spaces = (size: number) => new Uint8Array(size).fill(0x20);
function longLine(size: number) {
  const file = spaces(size);
  file.set(bytes(good('a'), '\n'));
  return file;
}
const many = (n: number) => Array.from({ length: n }, (_, i) => ({ text: `answer ${i}` }));

/** Imports that must be refused, each with the line and the reason that it must be refused for. */
export const malformedImports: { name: string; file: Uint8Array; line: number; reason: RegExp }[] = [
  { name: 'an empty file', file: bytes(''), line: 1, reason: /holds no prompts/ },
  { name: 'only blank lines', file: bytes('\n \r\n\n'), line: 1, reason: /holds no prompts/ },
  { name: 'broken JSON', file: bytes(good('a'), '\n{"external_id": "b",\n'), line: 2, reason: /not valid JSON/ },
  { name: 'two objects on a line', file: bytes(good('a'), good('b')), line: 1, reason: /not valid JSON/ },
  { name: 'an array in an array', file: bytes(`[[${good('a')}]]`), line: 1, reason: /must be a JSON object/ },
  { name: 'a bare text', file: bytes(good('a'), '\n\n"hello"\n'), line: 3, reason: /must be a JSON object/ },
  { name: 'null', file: bytes('null'), line: 1, reason: /must be a JSON object/ },
  {
    name: 'invalid UTF-8',
    file: bytes(good('a'), '\n', '{"external_id":"', [0xc3, 0x28], '"}\n'),
    line: 2,
    reason: /not valid UTF-8/,
  },
  { name: 'half a character of UTF-16', file: bytes([0xff, 0xfe, 0x7b]), line: 1, reason: /begins as UTF-16/ },
  { name: 'no id', file: bytes(line({ external_id: undefined })), line: 1, reason: /external_id .* is missing/ },
  { name: 'a list as id', file: bytes(line({ external_id: [7] })), line: 1, reason: /external_id: .*string/ },
  { name: 'an empty id', file: bytes(line({ external_id: '  ' })), line: 1, reason: /external_id: must not be empty/ },
  { name: 'an endless id', file: bytes(line({ external_id: 'x'.repeat(201) })), line: 1, reason: /external_id: .*200/ },
  { name: 'two different ids', file: bytes(line({ id: 'y' })), line: 1, reason: /differ/ },
  {
    name: 'an id twice',
    file: bytes(good('a'), '\r\n', good('b'), '\r\n', good('a')),
    line: 3,
    reason: /already used on line 1/,
  },
  { name: 'no prompt', file: bytes(line({ prompt: undefined })), line: 1, reason: /prompt: must be a text or a list/ },
  { name: 'an empty prompt', file: bytes(line({ prompt: ' ' })), line: 1, reason: /prompt.*must not be empty/ },
  { name: 'no messages', file: bytes(line({ prompt: [] })), line: 1, reason: /prompt: must hold at least one message/ },
  {
    name: 'an unknown role',
    file: bytes(line({ prompt: [{ role: 'tool', content: 'x' }] })),
    line: 1,
    reason: /prompt\[0\]\.role/,
  },
  { name: 'no responses', file: bytes(line({ responses: undefined })), line: 1, reason: /responses: is missing/ },
  { name: 'one response', file: bytes(line({ responses: many(1) })), line: 1, reason: /at least 2 responses/ },
  {
    name: 'thirteen responses',
    file: bytes(good('a'), '\n', line({ responses: many(13) })),
    line: 2,
    reason: /at most 12 responses/,
  },
  {
    name: 'an empty response',
    file: bytes(line({ responses: [{ text: 'A' }, { text: '' }] })),
    line: 1,
    reason: /responses\[1\]\.text: must not be empty/,
  },
  {
    name: 'a response of invisible characters',
    file: bytes(line({ responses: [{ text: 'A' }, { text: '\u200b\u3164\u2800' }] })),
    line: 1,
    reason: /responses\[1\]\.text: must not be empty/,
  },
  {
    name: 'another format',
    file: bytes(good('a'), '\n', JSON.stringify({ prompt: 'q', chosen: 'a', rejected: 'b' })),
    line: 2,
    reason: /this is a TRL preference file/,
  },
  {
    name: 'a response without text',
    file: bytes(line({ responses: [{ text: 'A' }, {}] })),
    line: 1,
    reason: /responses\[1\]\.text/,
  },
  {
    name: 'a bare text as response',
    file: bytes(line({ responses: ['A', 'B'] })),
    line: 1,
    reason: /responses\[0\]: .*object/,
  },
  {
    name: 'a response id twice',
    file: bytes(
      line({
        responses: [
          { id: 'a', text: 'A' },
          { id: 'a', text: 'B' },
        ],
      }),
    ),
    line: 1,
    reason: /responses\[1\]\.id: "a" is already/,
  },
  {
    name: 'a response id that a default takes',
    file: bytes(line({ responses: [{ text: 'A' }, { id: 'r1', text: 'B' }] })),
    line: 1,
    reason: /"r1" is already/,
  },
  {
    name: 'an empty source',
    file: bytes(line({ responses: [{ text: 'A', source: '' }, { text: 'B' }] })),
    line: 1,
    reason: /source: must not be empty/,
  },
  {
    name: 'true as label',
    file: bytes(line({ reference_label: true })),
    line: 1,
    reason: /reference_label: .*string/,
  },
  {
    name: 'a document without text',
    file: bytes(line({ documents: [{ title: 'T' }] })),
    line: 1,
    reason: /documents\[0\]\.text/,
  },
  { name: 'a NUL character', file: bytes(line({ prompt: 'a\u0000b' })), line: 1, reason: /NUL/ },
  {
    name: 'half a surrogate pair',
    file: bytes(line({ prompt: 'a' }).replace('"a"', '"\\ud800"')),
    line: 1,
    reason: /surrogate/,
  },
  {
    name: 'a line past the limit',
    file: bytes(good('a'), '\n', line({ prompt: 'x'.repeat(importLimits.lineBytes) })),
    line: 2,
    reason: /too long: \d+ bytes/,
  },
  // What holds the rows.
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
  // What other programs write.
  { name: 'a preference without a prompt', file: bytes(trl({ prompt: null })), line: 1, reason: /but no prompt/ },
  { name: 'a preference of numbers', file: bytes(trl({ chosen: [1] })), line: 1, reason: /chosen/ },
  { name: 'a preference of equals', file: bytes(trl({ chosen: 'B ' })), line: 1, reason: /at least 2 responses/ },
  { name: 'a preference with NUL', file: bytes(trl({ chosen: 'a\u0000' })), line: 1, reason: /NUL/ },
  {
    name: 'a preference that ends with the user',
    file: bytes(trl({ chosen: [turn('user', 'a')] })),
    line: 1,
    reason: /must end/,
  },
  {
    name: 'a preference with a role of its own',
    file: bytes(trl({ prompt: [turn('__proto__', 'a')] })),
    line: 1,
    reason: /prompt\[0\]\.role/,
  },
  {
    name: 'two prompts with one id',
    file: bytes(trl({ id: '__proto__' }), '\n', trl({ id: '__proto__', prompt: 'How?' })),
    line: 2,
    reason: /already used on line 1/,
  },
  {
    name: 'thirteen rows with one prompt',
    file: bytes(
      many(13)
        .map(({ text }) => trl({ chosen: text }))
        .join('\n'),
    ),
    line: 1,
    reason: /at most 12 responses/,
  },
  {
    name: 'a dialogue that is none',
    file: bytes(JSON.stringify({ chosen: 'x\n\nHuman: a', rejected: '\n\nHuman: a\n\nAssistant: b' })),
    line: 1,
    reason: /must be a dialogue/,
  },
];
