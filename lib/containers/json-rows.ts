/** Rows of JSON text: one on each line, or the elements of one array, or objects that are set out over lines. */

import type { FileRow } from '@/lib/formats/file-row';
import { message } from '@/trainer/contract/message';
import { readJsonLine } from '@/trainer/data/json-lines';
import { issue } from '../schemas/issue';
import { importLimits } from '../schemas/prompt-import';
import { type ByteStream, joined } from './byte-stream';
import { FileFault } from './file-fault';

const LF = 0x0a;
const CR = 0x0d;

/** LF, CRLF or CR ends a line. */
export async function* lineRows(stream: ByteStream): AsyncGenerator<FileRow> {
  const part = new Part();
  let line = 1;
  let afterCr = false;
  for await (const chunk of stream) {
    let start = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i];
      if (byte !== LF && byte !== CR) {
        afterCr = false;
        continue;
      }
      if (!(byte === LF && afterCr)) {
        part.add(chunk.subarray(start, i));
        const row = part.take(line++);
        if (row) yield row;
      }
      afterCr = byte === CR;
      start = i + 1;
    }
    part.add(chunk.subarray(start));
  }
  const row = part.take(line);
  if (row) yield row;
}

/** A row of which bytes arrive; of one past the limit only the length is kept. */
class Part {
  private parts: Uint8Array[] = [];
  private size = 0;

  add(bytes: Uint8Array) {
    this.size += bytes.length;
    if (this.size > importLimits.lineBytes) this.parts = [];
    else if (bytes.length > 0) this.parts.push(bytes);
  }

  take(line: number): FileRow | null {
    const { size, parts } = this;
    this.parts = [];
    this.size = 0;
    if (size <= importLimits.lineBytes) return readJsonLine(line, joined(parts), importLimits.lineBytes);
    return { line, error: message('lineTooLong', { bytes: size, most: importLimits.lineBytes }) };
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const isBlank = (byte: number) => byte === 0x20 || byte === 0x09 || byte === LF || byte === CR;

/**
 * The elements of a JSON array, or objects behind one another. Only brackets and strings are looked at to find where an
 * element ends, so that memory holds one of them; each is then read like a line, with the same reports of repeated keys
 * and the same care for long numbers, which parsers of streams lack.
 */
export async function* valueRows(stream: ByteStream, isArray: boolean): AsyncGenerator<FileRow> {
  const part = new Part();
  /** Of the bracket that a byte stands in; an array's own counts. */
  let depth = 0;
  const outside = isArray ? 1 : 0;
  let inText = false;
  let escaped = false;
  let line = 1;
  let startLine = 1;
  let inElement = false;
  let afterElement = false;
  let afterComma = false;
  let afterCr = false;
  let ended = false;
  const misplaced = (byte: number) =>
    new FileFault(issue('misplacedInArray', { character: String.fromCharCode(byte) }), line);

  for await (const chunk of stream) {
    let start = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]!;
      if (byte === LF ? !afterCr : byte === CR) line++;
      afterCr = byte === CR;
      if (inText) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) inText = false;
        continue;
      }
      if (!inElement) {
        if (isBlank(byte)) continue;
        if (ended) throw misplaced(byte);
        if (isArray && depth === 0) {
          depth = 1;
          continue;
        }
        if (isArray && byte === CLOSE_LIST) {
          if (afterComma) throw misplaced(byte);
          ended = true;
          continue;
        }
        if (isArray && byte === COMMA) {
          if (!afterElement) throw misplaced(byte);
          afterElement = false;
          afterComma = true;
          continue;
        }
        if (isArray && afterElement) throw misplaced(byte);
        inElement = true;
        afterComma = false;
        startLine = line;
        start = i;
      }
      if (byte === QUOTE) inText = true;
      else if (byte === OPEN_LIST || byte === OPEN_OBJECT) depth++;
      else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth--;
      const ends = endOf(byte, depth, outside, isArray);
      if (ends === null) continue;
      if (ends === 'list' && !(isArray && byte === CLOSE_LIST)) throw misplaced(byte);
      part.add(chunk.subarray(start, ends === 'behind' ? i + 1 : i));
      inElement = false;
      afterElement = ends !== 'comma';
      afterComma = ends === 'comma';
      if (ends === 'list') ended = true;
      const row = part.take(startLine);
      if (row) yield row;
      depth = outside;
    }
    if (inElement) part.add(chunk.subarray(start));
  }
  if (inElement || (isArray && !ended)) throw new FileFault(issue('arrayCutOff'), inElement ? startLine : line);
}

/** How a byte ends an element: it is the last of it, or it stands behind a number or a word. */
function endOf(byte: number, depth: number, outside: number, isArray: boolean) {
  if (depth < outside) return 'list';
  if (depth > outside) return null;
  if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) return 'behind';
  return isArray && byte === COMMA ? 'comma' : null;
}
