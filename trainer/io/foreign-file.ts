/**
 * Recognises, by their first bytes, files that people often have in place of a model's file, so that an error can say
 * what to fetch.
 */
import { type Message, message } from '../contract/message';

const kinds: readonly (readonly [(start: string) => boolean, () => Message])[] = [
  [(start) => start.startsWith('version https://git-lfs'), () => message('lfsPointer')],
  [(start) => /^\s*<(?:!doctype|html|head|\?xml)/i.test(start), () => message('webPage')],
  // A zip archive, or a pickle, which PyTorch used earlier.
  [(start) => start.startsWith('PK') || start.codePointAt(0) === 0x80, () => message('pytorchFile')],
  [(start) => start.startsWith('GGUF'), () => message('ggufFile')],
];

/** Number of first bytes that are needed. */
export const SNIFFED_BYTES = 64;

/** What the file is instead; null where it may be what it should. */
export function detectForeignFile(bytes: Uint8Array): Message | null {
  // One character per byte, so that nothing is lost whatever the file is.
  const start = Array.from(bytes.subarray(0, SNIFFED_BYTES), (byte) => String.fromCharCode(byte)).join('');
  const withoutMark = start.startsWith('\u00ef\u00bb\u00bf') ? start.slice(3) : start;
  return kinds.find(([fits]) => fits(withoutMark))?.[1]() ?? null;
}
