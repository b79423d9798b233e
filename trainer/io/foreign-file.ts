/** What people often have in the place of a model's file: told by its first bytes, so that they know what to fetch. */
import { type Told, told } from '../told';

const kinds: readonly (readonly [(start: string) => boolean, () => Told])[] = [
  [(start) => start.startsWith('version https://git-lfs'), () => told('lfsPointer')],
  [(start) => /^\s*<(?:!doctype|html|head|\?xml)/i.test(start), () => told('webPage')],
  // A zip archive, or a pickle as it was before.
  [(start) => start.startsWith('PK') || start.codePointAt(0) === 0x80, () => told('pytorchFile')],
  [(start) => start.startsWith('GGUF'), () => told('ggufFile')],
];

/** How many bytes are enough to tell. */
export const TELLING_BYTES = 64;

/** What the file is instead; null where it may be what it should. */
export function foreignFile(bytes: Uint8Array): Told | null {
  // A byte a character: none is lost, whatever the file is.
  const start = Array.from(bytes.subarray(0, TELLING_BYTES), (byte) => String.fromCharCode(byte)).join('');
  const withoutMark = start.startsWith('\u00ef\u00bb\u00bf') ? start.slice(3) : start;
  return kinds.find(([fits]) => fits(withoutMark))?.[1]() ?? null;
}
