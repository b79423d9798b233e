import { issue } from '../schemas/issue';
import type { ByteStream } from './byte-stream';
import { FileFault } from './file-fault';

/** UTF-16 as UTF-8; which byte comes first is read from the file's head, with or without a byte-order mark. */
export async function* fromUtf16(stream: ByteStream, head: Uint8Array): ByteStream {
  // Files of data begin with ASCII, of which the high byte is 0.
  const isBigEndian = head[0] === 0xfe || head[0] === 0;
  const decoder = new TextDecoder(isBigEndian ? 'utf-16be' : 'utf-16le', { fatal: true });
  const encoder = new TextEncoder();
  try {
    for await (const chunk of stream) yield encoder.encode(decoder.decode(chunk, { stream: true }));
    yield encoder.encode(decoder.decode());
  } catch (error) {
    throw error instanceof TypeError ? new FileFault(issue('notUtf16')) : error;
  }
}

/** Skips a byte-order mark of UTF-8. */
export async function* withoutMark(stream: ByteStream): ByteStream {
  let atStart = true;
  for await (const chunk of stream) {
    yield atStart ? withoutMarkAtStart(chunk) : chunk;
    if (chunk.length > 0) atStart = false;
  }
}

export const withoutMarkAtStart = (bytes: Uint8Array): Uint8Array =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
