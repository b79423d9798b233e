/**
 * Recognises files of other formats, by their first bytes or by the fields of a row, so that a refusal can name them.
 */
import { type Message, message } from '../contract/message';

const ascii = (text: string) => [...text].map((character) => character.charCodeAt(0));

/** Magic numbers, and the name of the format that begins with them. */
const magics: readonly (readonly [name: string, bytes: readonly number[]])[] = [
  ['Parquet', ascii('PAR1')],
  ['gzip', [0x1f, 0x8b]],
  ['Zstandard', [0x28, 0xb5, 0x2f, 0xfd]],
  ['bzip2', ascii('BZh')],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['7-Zip', [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  ['Arrow', ascii('ARROW1')],
  ['Arrow', [0xff, 0xff, 0xff, 0xff]],
  ['Excel', [0xd0, 0xcf, 0x11, 0xe0]],
  ['SQLite', ascii('SQLite format 3\0')],
  ['PDF', ascii('%PDF-')],
  ['NumPy', [0x93, ...ascii('NUMPY')]],
  ['PNG', [0x89, ...ascii('PNG')]],
  ['JPEG', [0xff, 0xd8, 0xff]],
];

/** The formats above that an import reads. */
const containers: Readonly<Record<string, 'parquet' | 'gzip'>> = { Parquet: 'parquet', gzip: 'gzip' };

const startsWith = (bytes: Uint8Array, start: readonly number[]) => start.every((byte, i) => bytes[i] === byte);

/** Where a format shows; the names of a table's columns may fill most of it. */
const HEAD_BYTES = 64 * 1024;

/** What the bytes of a file are. All but lines of JSON are refused where only those are read; `problem` says why. */
export type FileKind =
  | { readonly is: 'lines'; readonly problem: null }
  | {
      readonly is: 'parquet' | 'gzip' | 'zip' | 'utf-16' | 'array' | 'objects' | 'csv' | 'tsv' | 'other';
      readonly problem: Message;
    };

export function fileKind(bytes: Uint8Array): FileKind {
  const magic = magics.find(([, start]) => startsWith(bytes, start));
  if (magic) return { is: containers[magic[0]] ?? 'other', problem: unsupportedFile(fileNamed(magic[0])) };
  if (startsWith(bytes, ascii('PK'))) {
    const name = zipKind(bytes);
    return { is: name === 'ZIP' ? 'zip' : 'other', problem: unsupportedFile(fileNamed(name)) };
  }
  if (isUtf16(bytes)) return { is: 'utf-16', problem: message('fileInUtf16') };
  const head = new TextDecoder().decode(bytes.subarray(0, HEAD_BYTES)).trimStart();
  const other = (problem: Message): FileKind => ({ is: 'other', problem });
  if (head.startsWith('version https://git-lfs.github.com/')) return other(message('filePointer', { name: 'Git LFS' }));
  if (/^[./]*(?:\.git)?\/annex\/objects\//.test(head)) return other(message('filePointer', { name: 'git-annex' }));
  if (/^<(?:!doctype html|html|head|body)\b/i.test(head)) return other(unsupportedFile(fileNamed('HTML')));
  if (/^<\?xml\b/i.test(head)) return other(unsupportedFile(fileNamed('XML')));
  if (head.startsWith('[')) return { is: 'array', problem: message('fileIsArray') };
  // Pretty-printed JSON begins with a line that holds only a brace.
  if (/^\{[ \t]*[\r\n]\s*"/.test(head)) return { is: 'objects', problem: message('fileOverLines') };
  const table = tableKind(head);
  if (!table) return { is: 'lines', problem: null };
  return { is: table === 'CSV' ? 'csv' : 'tsv', problem: unsupportedFile(fileNamed(table)) };
}

/** Names the format of these bytes where they cannot be lines of JSON; null where they may be. */
export const fileProblem = (bytes: Uint8Array): Message | null => fileKind(bytes).problem;

/** With or without a byte-order mark. JSON begins with ASCII, so without one every second byte is 0. */
function isUtf16(bytes: Uint8Array): boolean {
  if (startsWith(bytes, [0xff, 0xfe]) || startsWith(bytes, [0xfe, 0xff])) return true;
  return bytes.length > 3 && (bytes[0] === 0) !== (bytes[1] === 0) && (bytes[2] === 0) !== (bytes[3] === 0);
}

/** Office files are ZIP archives whose directory, at the end, names their parts. */
function zipKind(bytes: Uint8Array): string {
  const names = new TextDecoder('latin1').decode(bytes.subarray(-65_536));
  return names.includes('xl/workbook') ? 'Excel' : names.includes('content.xml') ? 'OpenDocument' : 'ZIP';
}

/** Whether the first line is a row of column names. */
function tableKind(head: string): 'CSV' | 'TSV' | null {
  const end = head.search(/[\r\n]/);
  if (end < 0 || head.slice(end).trim() === '') return null;
  const first = head.slice(0, end);
  // Nothing that JSON is made of, or prose; the column of row numbers has no name in tables that pandas writes.
  const isHeader = (separator: string) => {
    const cells = first.split(separator);
    const named = cells.filter((cell) => /[\p{L}_#]/u.test(cell));
    return (
      cells.length > 1 && named.length >= cells.length - 1 && cells.every((cell) => /^(?! )"?[^"{}[\]]*"?$/.test(cell))
    );
  };
  if (isHeader('\t')) return 'TSV';
  return isHeader(',') || isHeader(';') ? 'CSV' : null;
}

type Row = Readonly<Record<string, unknown>>;
const isList = Array.isArray;
const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !isList(value);
const has = (row: Row, ...fields: readonly string[]) => fields.every((field) => Object.hasOwn(row, field));
const firstOf = (value: unknown): Row => (isList(value) && isRow(value[0]) ? value[0] : {});
const hasDialogue = (value: unknown) => typeof value === 'string' && value.includes('\n\nHuman: ');

/** Formats of other programs, and the fields by which a row of each is recognised; the first match counts. */
const formats: readonly (readonly [name: string, fields: readonly string[], also?: (row: Row) => boolean])[] = [
  ['UltraFeedback', ['instruction', 'completions']],
  ['binarized UltraFeedback', ['chosen', 'rejected', 'score_chosen', 'score_rejected']],
  ['Nectar', ['prompt', 'answers']],
  ['HelpSteer3', ['context', 'response1', 'response2']],
  ['HelpSteer2 preference', ['response_1', 'response_2', 'preference_strength']],
  ['HelpSteer', ['prompt', 'response', 'helpfulness']],
  ['NeMo-RL', ['context', 'completions']],
  ['PKU-SafeRLHF', ['response_0', 'response_1']],
  ['Chatbot Arena', ['response_a', 'response_b']],
  ['Chatbot Arena', ['conversation_a', 'conversation_b']],
  ['OpenAssistant', ['message_id', 'text']],
  ['OpenAssistant', ['message_tree_id']],
  ['RewardBench', ['chosen', 'rejected', 'subset']],
  ['ShareGPT', ['conversations']],
  ['ShareGPT', ['conversation'], (row) => 'from' in firstOf(row.conversation)],
  ['HH-RLHF', ['chosen', 'rejected'], (row) => hasDialogue(row.chosen) && hasDialogue(row.rejected)],
  ['Alpaca preference', ['instruction', 'chosen', 'rejected']],
  ['PandaLM', ['instruction', 'response1', 'response2', 'annotator1']],
  ['Argilla', ['instruction', 'chosen_response']],
  ['Argilla', ['fields', 'responses']],
  ['Alpaca', ['instruction', 'output']],
  ['TRL preference', ['chosen', 'rejected']],
  ['TRL KTO', ['prompt', 'completion', 'label']],
  ['TRL prompt-completion', ['prompt', 'completion']],
  ['verl', ['data_source', 'reward_model']],
  ['ms-swift', ['messages', 'rejected_response']],
  ['RRHF', ['query', 'responses', 'scores']],
  ['Label Studio', ['data', 'annotations']],
  ['Label Studio', ['data', 'predictions']],
  ['e-SNLI', ['gold_label', 'Sentence1']],
  ['e-SNLI', ['gold_label', 'sentence1']],
  ['multi-document QA', ['question', 'answers', 'documents']],
  ['chat messages', ['messages']],
];

/** Formats that the app and the command line write. */
const ownFormats: readonly (readonly [id: string, title: Message, fits: (row: Row) => boolean])[] = [
  ['bundle', message('fileOfSnapshot'), (row) => isRow(row.snapshot) && has(row.snapshot, 'schema_version')],
  ['records', message('fileOfRecords'), (row) => has(row, 'prompt', 'responses', 'pairs')],
  ['prompts', message('fileOfPrompts'), (row) => has(row, 'prompt', 'responses')],
  ['annotations', message('fileOfAnnotations'), (row) => has(row, 'annotator', 'placements')],
  ['scores', message('fileOfScores'), (row) => has(firstOf(row.responses), 'score', 'rank')],
  ['answers', message('fileOfAnswers'), (row) => has(row, 'text', 'reference_label', 'right')],
  ['case', message('fileOfCase'), (row) => has(row, 'prompt_ids', 'responses')],
];

/** The format of a row: `id` identifies it, `title` names it as in "a TRL preference file". */
export interface RowKind {
  readonly id: string;
  readonly title: Message;
  /** The fields by which another program's row is recognised. */
  readonly fields: readonly string[];
}

const kinds: readonly (RowKind & { readonly fits: (row: Row) => boolean })[] = [
  ...ownFormats.map(([id, title, fits]) => ({ id, title, fields: [], fits })),
  ...formats.map(([name, fields, also]) => ({
    id: name,
    title: fileNamed(name),
    fields,
    fits: (row: Row) => has(row, ...fields) && (also?.(row) ?? true),
  })),
];

/** The format of a row; null where it is unknown. */
export const kindOfRow = (value: unknown): RowKind | null =>
  (isRow(value) && kinds.find(({ fits }) => fits(value))) || null;

/** Whether rows are of a format that the app or the command line writes. */
export const isOwnFormat = (kind: RowKind | null): boolean => ownFormats.some(([id]) => id === kind?.id);

/** The title of a format. */
export function titleOfKind(id: string): Message {
  const kind = kinds.find((one) => one.id === id);
  if (!kind) throw new RangeError(`no rows are of the kind ${id}`);
  return kind.title;
}

export const formatOfRow = (value: unknown): Message | null => kindOfRow(value)?.title ?? null;

function fileNamed(name: string): Message {
  const startsWithVowel = /^(?:[AEIO]|Ul|e-|HH|HT|RR|XM|xz|ms)/.test(name);
  return startsWithVowel ? message('anOtherFile', { name }) : message('anotherFile', { name });
}

/** The refusal of a file that is not prompts with responses. */
export const unsupportedFile = (what: Message): Message => message('notPromptLines', { what });
