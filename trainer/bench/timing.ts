/** One run's cost. CPU time is what one thread worked, and means the same on a busy machine; wall time does not. */
export interface Timing {
  readonly wallMs: number;
  /** In a browser, which does not tell, the same as wallMs. */
  readonly cpuMs: number;
}

/** Times work done by this process on one thread. */
export async function timed(work: () => Promise<void> | void): Promise<Timing> {
  const clock = globalThis.process;
  const cpu = clock?.cpuUsage();
  const begin = performance.now();
  await work();
  const wallMs = performance.now() - begin;
  if (!clock) return { wallMs, cpuMs: wallMs };
  const { user, system } = clock.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1000 };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
