import { parseNumber } from '@/components/ui/number';

/** What this browser's person says their GPU has: WebGPU does not tell. Kept in the browser, with the machine. */
const KEY = 'rescue-gpu-gib';
/** What most cards of the last years have at least. */
const DEFAULT_GIB = 8;
const GIB = 2 ** 30;

export function gpuMemoryGiB(): number {
  try {
    const stored = Number(localStorage.getItem(KEY));
    return stored > 0 ? stored : DEFAULT_GIB;
  } catch {
    return DEFAULT_GIB;
  }
}

export const gpuMemoryBytes = (): number => gpuMemoryGiB() * GIB;

/** Null for what is no size. */
export function parseGiB(text: string): number | null {
  const value = parseNumber(text);
  return value !== null && value >= 0.25 && value <= 1024 ? value : null;
}

export function storeGpuMemory(gib: number): void {
  try {
    localStorage.setItem(KEY, String(gib));
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}
