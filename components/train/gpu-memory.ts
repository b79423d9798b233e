import { parseNumber } from '@/components/ui/number';

/** The GPU's memory as the user entered it, since WebGPU does not report it. It is stored in the browser. */
const KEY = 'rescue-gpu-gib';
/** Most recent graphics cards have at least this much. */
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

/** Parses a size in GiB; null if the text is not one. */
export function parseGiB(text: string): number | null {
  const value = parseNumber(text);
  return value !== null && value >= 0.25 && value <= 1024 ? value : null;
}

export function storeGpuMemory(gib: number): void {
  try {
    localStorage.setItem(KEY, String(gib));
  } catch {
    // Storage is blocked: the size has to be entered again next time.
  }
}
