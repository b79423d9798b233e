/** What people often have in the place of a model's file: told by its first bytes, so that they know what to fetch. */
import { type Message, message } from '../contract/message';

const kinds: readonly (readonly [(start: string) => boolean, () => Message])[] = [
  [(start) => start.startsWith('version https://git-lfs'), () => message('lfsPointer')],
  [(start) => /^\s*<(?:!doctype|html|head|\?xml)/i.test(start), () => message('webPage')],
  // A zip archive, or a pickle as it was before.
  [(start) => start.startsWith('PK') || start.codePointAt(0) === 0x80, () => message('pytorchFile')],
  [(start) => start.startsWith('GGUF'), () => message('ggufFile')],
];

/** How many bytes are enough to tell. */
export const SNIFFED_BYTES = 64;

/** What the file is instead; null where it may be what it should. */
export function detectForeignFile(bytes: Uint8Array): Message | null {
  // A byte a character: none is lost, whatever the file is.
  const start = Array.from(bytes.subarray(0, SNIFFED_BYTES), (byte) => String.fromCharCode(byte)).join('');
  const withoutMark = start.startsWith('\u00ef\u00bb\u00bf') ? start.slice(3) : start;
  return kinds.find(([fits]) => fits(withoutMark))?.[1]() ?? null;
}
