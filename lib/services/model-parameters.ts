import { readStart } from '@/lib/db/files';

const MAX_HEADER_BYTES = 16 * 1024 * 1024;

/**
 * Counts the parameters that a safetensors file stores, from its header alone; a tied head counts once.
 * @returns null for a file that is not safetensors
 */
export async function countParameters(path: string): Promise<number | null> {
  const start = await readStart(path, 8);
  if (start.length < 8) return null;
  const length = new DataView(start.buffer, start.byteOffset).getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES)) return null;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(
      (await readStart(path, 8 + Number(length))).subarray(8),
    );
    const header = JSON.parse(text) as Record<string, { shape?: unknown }>;
    let total = 0;
    for (const [name, { shape }] of Object.entries(header)) {
      if (name === '__metadata__') continue;
      if (!Array.isArray(shape) || !shape.every((size) => Number.isSafeInteger(size) && size >= 0)) return null;
      total += (shape as number[]).reduce((product, size) => product * size, 1);
    }
    return Number.isSafeInteger(total) ? total : null;
  } catch {
    return null;
  }
}
