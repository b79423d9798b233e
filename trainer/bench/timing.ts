/** One run's cost. CPU time is what one thread worked, and means the same on a busy machine; wall time does not. */
export interface Timing {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** Times work done by this process on one thread. */
export async function timed(work: () => Promise<void> | void): Promise<Timing> {
  const cpu = process.cpuUsage();
  const begin = performance.now();
  await work();
  const wallMs = performance.now() - begin;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1000 };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
