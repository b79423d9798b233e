import type * as z from 'zod';
import type { LineError } from '../schemas/prompt-import';

/** A line of a JSONL file: its number from 1 as an editor counts, and its value or the reason it has none. */
export type JsonLine = { line: number; value: unknown } | { line: number; error: string };

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
      yield { line, error: `the line is too long: ${content.length} bytes, at most ${maxLineBytes} are allowed` };
      continue;
    }
    let text: string;
    try {
      text = decoder.decode(content);
    } catch {
      yield { line, error: 'the line is not valid UTF-8' };
      continue;
    }
    if (text.trim() === '') continue;
    try {
      yield { line, value: JSON.parse(text) };
    } catch (error) {
      yield { line, error: `the line is not valid JSON: ${(error as Error).message}` };
    }
  }
}

/** Zod's issues as one sentence each, led by where they are: `responses[1].text: must not be empty`. */
export function issueMessages(error: z.ZodError): string[] {
  return error.issues.map((issue) => {
    const path = issue.path.reduce<string>(
      (text, part) =>
        typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
      '',
    );
    const message = plainMessage(issue.message);
    return path === '' ? message : `${path}: ${message}`;
  });
}

/** The first few errors and how many there are: a wrong file can be wrong on every line. */
export function firstErrors(errors: readonly LineError[], limit = 200): { errors: LineError[]; errorCount: number } {
  return { errors: errors.slice(0, limit), errorCount: errors.length };
}

/** Zod's own words for a wrong type, as people would say it; other messages are ours already. */
function plainMessage(message: string): string {
  const [, expected, received] = /^Invalid input: expected (\w+), received (\w+)$/.exec(message) ?? [];
  if (expected === undefined) return message;
  return received === 'undefined'
    ? 'is missing'
    : `must be ${nouns[expected] ?? expected}, not ${nouns[received!] ?? received}`;
}

const nouns: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'an object',
  string: 'a text (string)',
  number: 'a number',
  boolean: 'true or false',
};
