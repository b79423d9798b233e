import { describe, expect, it } from 'vitest';
import { inEnglish } from '../contract/english';
import { fileProblem, formatOfRow } from './file-kind';
import { readJsonLines } from './json-lines';

const bytes = (...parts: (string | number[])[]) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : part)));
const utf16 = (text: string, bigEndian = false) =>
  Uint8Array.from([...text].flatMap((c) => (bigEndian ? [0, c.charCodeAt(0)] : [c.charCodeAt(0), 0])));
const problem = (content: Uint8Array) => {
  const told = fileProblem(content);
  return told && inEnglish(told);
};

describe('a file that is something else is named', () => {
  it.each<[string, Uint8Array, string]>([
    ['Parquet', bytes('PAR1', [0x15, 0x04]), 'a Parquet file'],
    ['gzip', bytes([0x1f, 0x8b, 8, 0]), 'a gzip file'],
    ['Zstandard', bytes([0x28, 0xb5, 0x2f, 0xfd, 0]), 'a Zstandard file'],
    ['bzip2', bytes('BZh91AY'), 'a bzip2 file'],
    ['xz', bytes([0xfd], '7zXZ', [0, 0]), 'an xz file'],
    ['ZIP', bytes('PK', [3, 4], 'data.jsonl'), 'a ZIP file'],
    ['a new Excel file', bytes('PK', [3, 4], '[Content_Types].xml...xl/workbook.xml'), 'an Excel file'],
    ['an old Excel file', bytes([0xd0, 0xcf, 0x11, 0xe0]), 'an Excel file'],
    ['OpenDocument', bytes('PK', [3, 4], 'mimetype...content.xml'), 'an OpenDocument file'],
    ['Arrow', bytes('ARROW1', [0, 0]), 'an Arrow file'],
    ['Arrow as the datasets library keeps it', bytes([0xff, 0xff, 0xff, 0xff, 1]), 'an Arrow file'],
    ['SQLite', bytes('SQLite format 3', [0]), 'a SQLite file'],
    ['PDF', bytes('%PDF-1.7'), 'a PDF file'],
    ['NumPy', bytes([0x93], 'NUMPY'), 'a NumPy file'],
    ['a web page', bytes('\n<!DOCTYPE html>\n<html>'), 'an HTML file'],
    ['XML', bytes('<?xml version="1.0"?>'), 'an XML file'],
    ['UTF-16 with a mark', bytes([0xff, 0xfe], [...utf16('{"id')]), 'the file is UTF-16'],
    ['UTF-16 without one', utf16('{"id":1}'), 'the file is UTF-16'],
    ['UTF-16, big-endian', utf16('{"id":1}', true), 'the file is UTF-16'],
    ['a Git LFS pointer', bytes('version https://git-lfs.github.com/spec/v1\noid sha256:0'), 'a Git LFS pointer'],
    ['a git-annex pointer', bytes('/annex/objects/SHA256E-s1--0'), 'a git-annex pointer'],
    ['a JSON array', bytes('[{"id":1}]'), 'a JSON array'],
    ['a JSON array set out for reading', bytes('[\n  {\n    "id": 1'), 'a JSON array'],
    ['an object set out for reading', bytes('{\r\n  "id": 1\r\n}'), 'a JSON object over several lines'],
    ['CSV', bytes('external_id,prompt,response_a\n1,q,x\n'), 'a CSV file'],
    ['CSV with quotes and semicolons', bytes('"id";"prompt";"a b"\r\n1;q;x\r\n'), 'a CSV file'],
    [
      'CSV with a column of row numbers and names that are questions',
      bytes(',Why?,2nd answer (%)\n0,q,x\n'),
      'a CSV file',
    ],
    ['CSV whose header is followed by an empty line', bytes('id,prompt\r\n\r\n1,q\r\n'), 'a CSV file'],
    ['TSV', bytes('id\tprompt\n1\tq\n'), 'a TSV file'],
  ])('%s', (_, content, name) => expect(problem(content)).toContain(name));

  it.each<[string, Uint8Array]>([
    ['lines of JSON', bytes('{"id":1}\n{"id":2}\n')],
    ['blank lines before them', bytes('\n\n{"id":1}')],
    ['one line', bytes('{"id":1}')],
    ['prose with commas', bytes('Dear all, this is it.\nYours, A\n')],
    ['nothing', bytes('')],
    ['NULs somewhere', bytes('{"a":"', [0], '"}')],
  ])('but not %s', (_, content) => expect(problem(content)).toBeNull());

  it('and its first line says so, behind a mark as well', () => {
    const lines = [...readJsonLines(bytes([0xef, 0xbb, 0xbf], 'a,b\n1,2\n'))];
    expect(lines).toMatchObject([{ line: 1, error: { key: 'trainer.notPromptLines' } }]);
  });
});

describe('a row of another format is named', () => {
  const text = 'x';
  const turn = [{ role: 'user', content: text }];
  it.each<[string, object]>([
    ['a TRL preference file', { prompt: text, chosen: text, rejected: text }],
    ['a TRL preference file', { chosen: turn, rejected: turn }],
    ['a TRL preference file', { prompt: turn, chosen: turn, rejected: turn, margin: 1 }],
    ['a TRL preference file', { id: 1, source: text, prompt: text, chosen: turn, rejected: turn }],
    ['a TRL KTO file', { prompt: text, completion: text, label: true }],
    ['a TRL prompt-completion file', { prompt: text, completion: text }],
    ['a ShareGPT file', { conversations: [{ from: 'human', value: text }] }],
    ['a ShareGPT file', { conversations: [], chosen: { from: 'gpt', value: text }, rejected: {} }],
    ['an HH-RLHF file', { chosen: '\n\nHuman: hi\n\nAssistant: a', rejected: '\n\nHuman: hi\n\nAssistant: b' }],
    ['an UltraFeedback file', { source: text, instruction: text, models: [], completions: [] }],
    [
      'a binarized UltraFeedback file',
      { prompt: text, chosen: turn, rejected: turn, score_chosen: 1, score_rejected: 0 },
    ],
    ['a Nectar file', { prompt: text, answers: [{ answer: text, rank: 1 }], turns: 1 }],
    ['a HelpSteer file', { prompt: text, response: text, helpfulness: 4 }],
    ['a HelpSteer2 preference file', { prompt: text, response_1: text, response_2: text, preference_strength: 1 }],
    ['a HelpSteer3 file', { context: turn, response1: text, response2: text, overall_preference: 1 }],
    ['a PKU-SafeRLHF file', { prompt: text, response_0: text, response_1: text, better_response_id: 0 }],
    ['a Chatbot Arena file', { prompt: text, response_a: text, response_b: text, winner_tie: 1 }],
    ['a Chatbot Arena file', { conversation_a: turn, conversation_b: turn, winner: 'tie' }],
    ['an OpenAssistant file', { message_id: text, parent_id: null, text, role: 'prompter' }],
    ['a RewardBench file', { id: 1, prompt: text, chosen: [text], rejected: [text], subset: 'Ties' }],
    ['an Alpaca file', { instruction: text, input: '', output: text }],
    ['an Alpaca preference file', { instruction: text, chosen: text, rejected: text }],
    ['an Argilla file', { instruction: text, chosen_response: text, rejected_response: text }],
    ['an Argilla file', { fields: {}, responses: [] }],
    ['a NeMo-RL file', { context: turn, completions: [], task_name: text }],
    ['a verl file', { data_source: text, prompt: turn, reward_model: {} }],
    ['an ms-swift file', { messages: turn, rejected_response: text }],
    ['an RRHF file', { query: text, responses: [text], scores: [1] }],
    ['a Label Studio file', { id: 1, data: {}, annotations: [] }],
    ['an e-SNLI file', { pairID: 1, gold_label: text, Sentence1: text, Sentence2: text }],
    ['a chat messages file', { messages: turn }],
    ['a lossless snapshot file', { snapshot: { schema_version: 1 } }],
    ['a file of snapshot records', { id: text, prompt: turn, responses: [], pairs: [] }],
    ['an import file of prompts', { id: text, prompt: text, responses: [] }],
    ['an export of annotations', { prompt: text, annotator: {}, placements: [] }],
    ['the output of "rescue score"', { id: text, responses: [{ id: text, score: 1, rank: 1 }] }],
    ['the output of "rescue evaluate"', { id: text, text, reference_label: text, right: true }],
    ['a case for "rescue loss"', { prompt_ids: [1], responses: [] }],
  ])('%s: %j', (name, row) => expect(inEnglish(formatOfRow(row)!)).toBe(name));

  it('and what nobody knows is not', () => {
    for (const row of [{}, { id: 1 }, { prompt: 'x' }, [], null, 'x']) expect(formatOfRow(row)).toBeNull();
  });
});
