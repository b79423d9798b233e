import type { LineError } from '../schemas/prompt-import';
import { type BadLine, issue, type Told } from '../schemas/told';

/** A line of a JSONL file: its number from 1 as an editor counts, and its value or the reason it has none. */
export type JsonLine = { line: number; value: unknown } | { line: number; error: Told };

/**
 * Walks JSONL bytes line by line: LF or CRLF, a byte-order mark at the start is skipped, blank lines are counted and
 * passed over, the last line may lack its end. Every line is decoded by itself, so that one line of invalid UTF-8 is
 * named and the others are still read.
 * @param maxLineBytes longer lines are named, not parsed
 */
export function* readJsonLines(bytes: Uint8Array, maxLineBytes: number): Generator<JsonLine> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  for (let line = 1; start < bytes.length; line++) {
    const newline = bytes.indexOf(0x0a, start);
    const next = newline === -1 ? bytes.length : newline;
    const end = next > start && bytes[next - 1] === 0x0d ? next - 1 : next;
    const content = bytes.subarray(start, end);
    start = next + 1;
    if (content.length > maxLineBytes) {
      yield { line, error: issue('lineTooLong', { bytes: content.length, most: maxLineBytes }) };
      continue;
    }
    let text: string;
    try {
      text = decoder.decode(content);
    } catch {
      yield { line, error: issue('lineNotUtf8') };
      continue;
    }
    if (text.trim() === '') continue;
    try {
      yield { line, value: JSON.parse(text) };
    } catch (error) {
      yield { line, error: issue('lineNotJson', { detail: (error as Error).message }) };
    }
  }
}

/** The first few errors and how many there are: a wrong file can be wrong on every line. */
export function firstErrors(
  lines: readonly BadLine[],
  say: (told: Told) => string,
  limit = 200,
): { errors: LineError[]; errorCount: number } {
  const errors = lines.slice(0, limit).map(({ line, reason }) => ({ line, message: say(reason) }));
  return { errors, errorCount: lines.length };
}
