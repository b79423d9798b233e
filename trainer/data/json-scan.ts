/**
 * What JSON.parse does not report about a text: keys that an object repeats (it takes the last silently), positions of
 * numbers (it rounds them), and where and why a text is not JSON. One pass without recursion, so time is linear in
 * length and depth is unlimited.
 */
import { type Message, message } from '../contract/message';
import { isBlank } from './response-text';

export interface JsonScan {
  /** Each repeated key once; at most MAX_REPEATED of them. */
  readonly repeatedKeys: readonly RepeatedKey[];
  /** [start, end) of each number that is the value of a key among those asked for. */
  readonly numbers: readonly (readonly [start: number, end: number])[];
  /** Why the text is not JSON; the lists above then cover the part before the fault. */
  readonly fault?: Message;
}

export interface RepeatedKey {
  readonly key: string;
  /** For example `responses[0].text`. */
  readonly path: string;
  /** Depth of the object that has it; 1 is the outermost. */
  readonly depth: number;
}

interface Level {
  /** The keys so far; null in a list. */
  readonly keys: Set<string> | null;
  /** The key or index that is being read. */
  key: string | number;
}

const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const BLANK = /[ \t\n\r]*/y;
/** Limited because paths grow with depth, and time would be quadratic. */
const MAX_REPEATED = 20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/** @param numbersOf keys whose numbers are wanted */
export function scanJson(text: string, numbersOf: ReadonlySet<string> = new Set()): JsonScan {
  const repeated = new Map<string, RepeatedKey>();
  const numbers: [number, number][] = [];
  const levels: Level[] = [];
  let position = 0;
  /** The end of what matches here, or -1. */
  const match = (pattern: RegExp): number => {
    pattern.lastIndex = position;
    return pattern.test(text) ? pattern.lastIndex : -1;
  };
  const skipBlank = () => {
    position = match(BLANK);
  };
  const take = (character: string): boolean => {
    if (text[position] !== character) return false;
    position++;
    skipBlank();
    return true;
  };
  const takeUpTo = (end: number): boolean => {
    if (end < 0) return false;
    position = end;
    skipBlank();
    return true;
  };
  const path = () =>
    levels.reduce(
      (before, { key }) => (typeof key === 'number' ? `${before}[${key}]` : before ? `${before}.${key}` : key),
      '',
    );
  /** Stops at a character that a string cannot contain. */
  const takeString = (): boolean => {
    if (text[position] !== '"') return false;
    position++;
    while (position < text.length) {
      const code = text.charCodeAt(position);
      if (code === QUOTE) return takeUpTo(position + 1);
      const next = code === BACKSLASH ? match(ESCAPE) : code < SPACE ? -1 : position + 1;
      if (next < 0) return false;
      position = next;
    }
    return false;
  };
  /** A key with its colon. */
  const takeKey = (level: Level): boolean => {
    const start = position;
    if (!takeString()) return false;
    const key = JSON.parse(text.slice(start, position)) as string;
    level.key = key;
    if (level.keys!.has(key) && repeated.size < MAX_REPEATED) {
      repeated.set(path(), { key, path: path(), depth: levels.length });
    }
    level.keys!.add(key);
    return take(':');
  };
  /** A whole value, or the beginning of a list or object that is not empty. */
  const takeValue = (): 'whole' | 'begun' | null => {
    if (take('{')) {
      if (take('}')) return 'whole';
      levels.push({ keys: new Set(), key: '' });
      return takeKey(levels.at(-1)!) ? 'begun' : null;
    }
    if (take('[')) {
      if (take(']')) return 'whole';
      levels.push({ keys: null, key: 0 });
      return 'begun';
    }
    if (text[position] === '"') return takeString() ? 'whole' : null;
    const number = match(NUMBER);
    const key = levels.at(-1)?.key;
    if (number >= 0 && typeof key === 'string' && numbersOf.has(key)) numbers.push([position, number]);
    return takeUpTo(number) || takeUpTo(match(WORD)) ? 'whole' : null;
  };
  /** Consumes what follows a whole value: more of the same level, or the end of the level, and so on. */
  const takeAfterValue = (): boolean => {
    while (levels.length > 0) {
      const level = levels.at(-1)!;
      if (take(',')) {
        if (level.keys) return takeKey(level);
        level.key = (level.key as number) + 1;
        return true;
      }
      if (!take(level.keys ? '}' : ']')) return false;
      levels.pop();
    }
    return true;
  };

  skipBlank();
  let right = true;
  while (right) {
    const value = takeValue();
    right = value === 'begun' || (value === 'whole' && takeAfterValue());
    if (right && value === 'whole' && levels.length === 0) break;
  }
  const whole = right && position === text.length;
  return { repeatedKeys: [...repeated.values()], numbers, ...(whole ? {} : { fault: faultAt(text, position) }) };
}

/** Why JSON.parse refused a text. */
export const jsonFault = (text: string): Message => scanJson(text).fault ?? message('cannotBeUsed');

function faultAt(text: string, position: number): Message {
  if (position >= text.length) return message('jsonEnds');
  const word = /^[\p{L}\p{N}_.+-]{1,20}|^./su.exec(text.slice(position, position + 40))![0];
  const code = word.codePointAt(0)!;
  const found = isBlank(word) ? `U+${code.toString(16).toUpperCase().padStart(4, '0')}` : word;
  const line = text.slice(0, position).split('\n');
  const column = line.at(-1)!.length + 1;
  if (line.length === 1) return message('jsonUnexpected', { found, column });
  return message('jsonUnexpectedInLine', { found, column, line: line.length });
}
