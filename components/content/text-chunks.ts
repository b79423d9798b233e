import { classNames } from '@/components/ui/class-names';
import { longestWord } from './text-width';

/** Characters that are laid out at once without being felt, even as one word. */
const CHUNK = 4000;

/**
 * The same of one word whose letters change with their neighbours or run in two directions: the time that it takes
 * grows faster than it does, from 7 ms for 1,500 characters to 52 for 4,000.
 */
const COMPLEX_CHUNK = 1500;

const characters = typeof Intl.Segmenter === 'function' ? new Intl.Segmenter() : null;

/**
 * A long text in pieces that can be laid out one by one; together they are the text, character for character. A piece
 * ends at a line where there is one, else at a space, else between two characters.
 */
export function textChunks(text: string): string[] {
  const chunks: string[] = [];
  let at = 0;
  for (;;) {
    const size = chunkSize(text.slice(at, at + CHUNK));
    if (text.length - at <= 1.5 * size) break;
    const end = at + endOf(text.slice(at, at + size + 20), size);
    chunks.push(text.slice(at, end));
    at = end;
  }
  chunks.push(text.slice(at));
  return chunks;
}

function chunkSize(text: string): number {
  const isComplex = /[\u0590-\u08FF\u0E00-\u0EFF]/.test(text) && longestWord(text) > LONG_WORD;
  return isComplex ? COMPLEX_CHUNK : CHUNK;
}

/** Characters without a space beyond which a browser is felt to kern them: a piece of 4,000 takes 30 ms, without 2. */
const LONG_WORD = 300;

/** The class of a piece of text; `among` says how many there are. */
export function chunkClass(text: string, among: number): string | undefined {
  return classNames(among > 1 && 'text-part', longestWord(text) > LONG_WORD && 'long-word') || undefined;
}

/** The same pieces of a text that is made of parts: each with the parts, or halves of parts, that are in it. */
export function partChunks<Part extends { text: string }>(parts: readonly Part[]): Part[][] {
  const rest = parts.toReversed();
  return textChunks(parts.map(({ text }) => text).join('')).map((chunk) => {
    const inChunk: Part[] = [];
    for (let room = chunk.length; room > 0; ) {
      const part = rest.pop()!;
      if (part.text.length > room) rest.push({ ...part, text: part.text.slice(room) });
      inChunk.push({ ...part, text: part.text.slice(0, room) });
      room -= Math.min(room, part.text.length);
    }
    return inChunk;
  });
}

/** Where the first piece of what follows ends; what follows goes on behind a whole piece. */
function endOf(text: string, size: number): number {
  for (const end of ['\n', ' ']) {
    const place = text.lastIndexOf(end, size - 1);
    if (place >= size / 2) return place + 1;
  }
  // A character may be made of several: no piece begins within one.
  const before = size - 200;
  const character = characters?.segment(text.slice(before, size + 20)).containing(size - before);
  return before + (character?.index ?? size - before);
}
