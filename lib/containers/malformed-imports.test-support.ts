import { importLimits } from '../schemas/prompt-import';
import { bytes, good, type MalformedImport, malformedContainers } from './malformed-containers.test-support';

const line = (fields: object) =>
  JSON.stringify({ external_id: 'x', prompt: 'Why?', responses: [{ text: 'A' }, { text: 'B' }], ...fields });
const trl = (fields: object) => JSON.stringify({ prompt: 'Why?', chosen: 'A', rejected: 'B', ...fields });
const turn = (role: string, content: string) => ({ role, content });
const columns = (of: string) => Array.from({ length: 10_000 }, (_, i) => `${of}${i}`).join(',');
const many = (n: number) => Array.from({ length: n }, (_, i) => ({ text: `answer ${i}` }));

/** Imports that must be refused, each with the line and the reason that it must be refused for. */
export const malformedImports: MalformedImport[] = [
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
  ...malformedContainers,
  // Rows without end.
  {
    name: 'three hundred thousand empty responses',
    file: bytes(`{"id":"a","prompt":"q","responses":[${'{},'.repeat(300_000)}{}]}`),
    line: 1,
    reason: /at most 12/,
  },
  {
    name: 'three hundred thousand messages of nobody',
    file: bytes(line({ prompt: 'q' }).replace('"q"', `[${'{},'.repeat(300_000)}{}]`)),
    line: 1,
    reason: /prompt: .*at most 64/,
  },
  // Numbers and names.
  {
    name: 'a number beyond all numbers as text',
    file: bytes(line({ prompt: 'q' }).replace('"q"', '1e999')),
    line: 1,
    reason: /prompt: must be a text or a list/,
  },
  {
    name: 'a priority beyond all numbers',
    file: bytes(line({ priority: 0 }).replace('"priority":0', '"priority":1e999')),
    line: 1,
    reason: /priority/,
  },
  { name: 'a priority that is too large', file: bytes(line({ priority: 1001 })), line: 1, reason: /priority/ },
  { name: 'half a priority', file: bytes(line({ priority: 0.5 })), line: 1, reason: /priority/ },
  {
    name: '__proto__ instead of responses',
    file: bytes('{"id":"a","prompt":"q","__proto__":{"responses":[{"text":"A"},{"text":"B"}]}}'),
    line: 1,
    reason: /responses: is missing/,
  },
  { name: 'a language of nobody', file: bytes(line({ language: 'klingon!' })), line: 1, reason: /language/ },
  { name: 'a text past the limit', file: bytes(line({ prompt: 'x'.repeat(200_001) })), line: 1, reason: /200,?000/ },
  {
    name: 'half a surrogate pair as id',
    file: bytes('{"id":"\\udc00","prompt":"q","responses":[{"text":"A"},{"text":"B"}]}'),
    line: 1,
    reason: /surrogate/,
  },
  {
    name: 'NUL as id',
    file: bytes('{"id":"\\u0000","prompt":"q","responses":[{"text":"A"},{"text":"B"}]}'),
    line: 1,
    reason: /NUL/,
  },
  {
    name: 'ten thousand columns',
    file: bytes(`${columns('c')}\n${columns('x')}\n`),
    line: 2,
    reason: /prompt: must be a text/,
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

/** Files that are wrong from end to end: too slow for tests that take every file several times. */
export const endlessImports: MalformedImport[] = [
  {
    name: 'a million rows that lack cells',
    andMore: true,
    file: bytes('prompt,chosen,rejected\n', 'x\n'.repeat(1_000_000)),
    line: 2,
    reason: /1 cell/,
  },
  {
    name: 'a million preferences of numbers',
    andMore: true,
    file: bytes(`${trl({})}\n`, '{"chosen":1,"rejected":2}\n'.repeat(1_000_000)),
    line: 2,
    reason: /but no prompt/,
  },
  {
    name: 'a million lines that are not JSON',
    andMore: true,
    file: bytes(`${trl({})}\n`, '{\n'.repeat(1_000_000)),
    line: 2,
    reason: /not valid JSON/,
  },
];
