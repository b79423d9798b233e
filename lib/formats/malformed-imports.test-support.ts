import { importLimits } from '../schemas/prompt-import';

const bytes = (...parts: (string | number[])[]) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : part)));
const good = (id: string) =>
  JSON.stringify({ external_id: id, prompt: 'Why?', responses: [{ text: 'A' }, { text: 'B' }] });
const line = (fields: object) =>
  JSON.stringify({ external_id: 'x', prompt: 'Why?', responses: [{ text: 'A' }, { text: 'B' }], ...fields });
const many = (n: number) => Array.from({ length: n }, (_, i) => ({ text: `answer ${i}` }));

/** Imports that must be refused, each with the line and the reason that it must be refused for. */
export const malformedImports: { name: string; file: Uint8Array; line: number; reason: RegExp }[] = [
  { name: 'an empty file', file: bytes(''), line: 1, reason: /holds no prompts/ },
  { name: 'only blank lines', file: bytes('\n \r\n\n'), line: 1, reason: /holds no prompts/ },
  { name: 'broken JSON', file: bytes(good('a'), '\n{"external_id": "b",\n'), line: 2, reason: /not valid JSON/ },
  { name: 'two objects on a line', file: bytes(good('a'), good('b')), line: 1, reason: /not valid JSON/ },
  { name: 'a JSON array of prompts', file: bytes(`[${good('a')}]`), line: 1, reason: /must be a JSON object/ },
  { name: 'a bare text', file: bytes(good('a'), '\n\n"hello"\n'), line: 3, reason: /must be a JSON object/ },
  { name: 'null', file: bytes('null'), line: 1, reason: /must be a JSON object/ },
  {
    name: 'invalid UTF-8',
    file: bytes(good('a'), '\n', '{"external_id":"', [0xc3, 0x28], '"}\n'),
    line: 2,
    reason: /not valid UTF-8/,
  },
  { name: 'UTF-16', file: bytes([0xff, 0xfe, 0x7b, 0x00]), line: 1, reason: /not valid UTF-8/ },
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
];
