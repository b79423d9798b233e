/**
 * Reads JSON Lines leniently: LF, CRLF or CR ends a line, a byte-order mark at the start is skipped, blank lines are
 * counted and skipped, and the last line may lack its end. The app's imports and the command line share this reader.
 */
import { type Message, message } from '../contract/message';
import { fileProblem } from './file-kind';
import { scanJson } from './json-scan';

/** A line, numbered from 1, with its value or the reason why it has none. */
export type JsonLine =
  | {
      line: number;
      value: unknown;
      /** Paths of keys that an object of the line repeats; the last value of each counts. */
      repeatedKeys: readonly string[];
    }
  | { line: number; error: Message };

export interface JsonLineOptions {
  /** Longer lines are reported, not parsed. */
  readonly maxLineBytes?: number;
}

/** Text fields in which numbers are common: the digits become the text, without rounding. */
const TEXT_FIELDS = new Set([
  'id',
  'external_id',
  'source',
  'label',
  'reference_label',
  'chosen',
  'rejected',
  'target',
]);

/**
 * Reads a file. Every line is decoded by itself, so that one line of invalid UTF-8 is reported and the others are read.
 * A file of another format gives one error that names it.
 */
export function* readJsonLines(
  bytes: Uint8Array,
  { maxLineBytes = Number.POSITIVE_INFINITY }: JsonLineOptions = {},
): Generator<JsonLine> {
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const problem = fileProblem(bytes.subarray(start));
  if (problem) {
    yield { line: 1, error: problem };
    return;
  }
  let line = 0;
  for (const content of splitLines(bytes, start)) {
    const entry = readJsonLine(++line, content, maxLineBytes);
    if (entry) yield entry;
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads one line, without its end; null where it is blank. */
export function readJsonLine(line: number, content: Uint8Array, maxLineBytes: number): JsonLine | null {
  if (content.length > maxLineBytes)
    return { line, error: message('lineTooLong', { bytes: content.length, most: maxLineBytes }) };
  let text: string;
  try {
    text = decoder.decode(content);
  } catch {
    return { line, error: message('lineNotUtf8') };
  }
  return text.trim() === '' ? null : { line, ...parseJson(text) };
}

function* splitLines(bytes: Uint8Array, from: number): Generator<Uint8Array> {
  const next = (byte: number, start: number) => {
    const found = bytes.indexOf(byte, start);
    return found === -1 ? bytes.length : found;
  };
  let [lf, cr] = [next(LF, from), next(CR, from)];
  for (let start = from; start < bytes.length; ) {
    // Each is searched for again only once it has been passed, so that a file without CRs is scanned for them once.
    if (lf < start) lf = next(LF, start);
    if (cr < start) cr = next(CR, start);
    const end = Math.min(lf, cr);
    yield bytes.subarray(start, end);
    start = end + (cr + 1 === lf ? 2 : 1);
  }
}

const LF = 0x0a;
const CR = 0x0d;

function parseJson(text: string): { value: unknown; repeatedKeys: readonly string[] } | { error: Message } {
  const { repeatedKeys, numbers, fault } = scanJson(text, TEXT_FIELDS);
  if (fault) return { error: message('lineNotJson', { reason: fault }) };
  const value = JSON.parse(numbers.length === 0 ? text : quoted(text, numbers));
  return { value, repeatedKeys: repeatedKeys.map(({ path }) => path) };
}

function quoted(text: string, numbers: readonly (readonly [start: number, end: number])[]): string {
  let done = 0;
  const parts = numbers.map(([start, end]) => {
    const part = `${text.slice(done, start)}"${text.slice(start, end)}"`;
    done = end;
    return part;
  });
  return parts.join('') + text.slice(done);
}
