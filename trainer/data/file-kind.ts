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

const startsWith = (bytes: Uint8Array, start: readonly number[]) => start.every((byte, i) => bytes[i] === byte);

/** Names the format of these bytes where they cannot be lines of JSON; null where they may be. */
export function fileProblem(bytes: Uint8Array): Message | null {
  const magic = magics.find(([, start]) => startsWith(bytes, start));
  if (magic) return unsupportedFile(fileNamed(magic[0]));
  if (startsWith(bytes, ascii('PK'))) return unsupportedFile(fileNamed(zipKind(bytes)));
  if (isUtf16(bytes)) return message('fileInUtf16');
  const head = new TextDecoder().decode(bytes.subarray(0, 4096)).trimStart();
  if (head.startsWith('version https://git-lfs.github.com/')) return message('filePointer', { name: 'Git LFS' });
  if (/^[./]*(?:\.git)?\/annex\/objects\//.test(head)) return message('filePointer', { name: 'git-annex' });
  if (/^<(?:!doctype html|html|head|body)\b/i.test(head)) return unsupportedFile(fileNamed('HTML'));
  if (/^<\?xml\b/i.test(head)) return unsupportedFile(fileNamed('XML'));
  if (head.startsWith('[')) return message('fileIsArray');
  // Pretty-printed JSON begins with a line that holds only a brace.
  if (/^\{[ \t]*[\r\n]\s*"/.test(head)) return message('fileOverLines');
  const table = tableKind(head);
  return table && unsupportedFile(fileNamed(table));
}

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
  const [first, second] = head.split(/\r\n?|\n/);
  if (first === undefined || second === undefined || second === '') return null;
  const isHeader = (separator: string) => {
    const cells = first.split(separator);
    return cells.length > 1 && cells.every((cell) => /^"?[\p{L}_#][\p{L}\p{N}_ ./()-]{0,60}"?$/u.test(cell));
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

/** Formats of other programs, and how a row of each is recognised; the first match counts. */
const formats: readonly (readonly [name: string, fits: (row: Row) => boolean])[] = [
  ['UltraFeedback', (row) => has(row, 'instruction', 'completions')],
  ['binarized UltraFeedback', (row) => has(row, 'chosen', 'rejected', 'score_chosen', 'score_rejected')],
  ['Nectar', (row) => has(row, 'prompt', 'answers')],
  ['HelpSteer3', (row) => has(row, 'context', 'response1', 'response2')],
  ['HelpSteer2 preference', (row) => has(row, 'response_1', 'response_2', 'preference_strength')],
  ['HelpSteer', (row) => has(row, 'prompt', 'response', 'helpfulness')],
  ['NeMo-RL', (row) => has(row, 'context', 'completions')],
  ['PKU-SafeRLHF', (row) => has(row, 'response_0', 'response_1')],
  ['Chatbot Arena', (row) => has(row, 'response_a', 'response_b') || has(row, 'conversation_a', 'conversation_b')],
  ['OpenAssistant', (row) => has(row, 'message_id', 'text') || has(row, 'message_tree_id')],
  ['RewardBench', (row) => has(row, 'chosen', 'rejected', 'subset')],
  ['ShareGPT', (row) => has(row, 'conversations') || 'from' in firstOf(row.conversation)],
  ['HH-RLHF', (row) => hasDialogue(row.chosen) && hasDialogue(row.rejected)],
  ['Alpaca preference', (row) => has(row, 'instruction', 'chosen', 'rejected')],
  ['Argilla', (row) => has(row, 'instruction', 'chosen_response') || has(row, 'fields', 'responses')],
  ['Alpaca', (row) => has(row, 'instruction', 'output')],
  ['TRL preference', (row) => has(row, 'chosen', 'rejected')],
  ['TRL KTO', (row) => has(row, 'prompt', 'completion', 'label')],
  ['TRL prompt-completion', (row) => has(row, 'prompt', 'completion')],
  ['verl', (row) => has(row, 'data_source', 'reward_model')],
  ['ms-swift', (row) => has(row, 'messages', 'rejected_response')],
  ['RRHF', (row) => has(row, 'query', 'responses', 'scores')],
  ['Label Studio', (row) => has(row, 'data') && (has(row, 'annotations') || has(row, 'predictions'))],
  ['e-SNLI', (row) => has(row, 'gold_label') && (has(row, 'Sentence1') || has(row, 'sentence1'))],
  ['chat messages', (row) => has(row, 'messages')],
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
}

const kinds: readonly (RowKind & { readonly fits: (row: Row) => boolean })[] = [
  ...ownFormats.map(([id, title, fits]) => ({ id, title, fits })),
  ...formats.map(([name, fits]) => ({ id: name, title: fileNamed(name), fits })),
];

/** The format of a row; null where it is unknown. */
export const kindOfRow = (value: unknown): RowKind | null =>
  (isRow(value) && kinds.find(({ fits }) => fits(value))) || null;

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
