/**
 * GPU time of every dispatch, by timestamp queries around a pass of its own. For benches: passes of one dispatch cost
 * more than one pass of many. The device needs the feature "timestamp-query".
 */

export interface KernelTime {
  readonly kernel: string;
  readonly dispatches: number;
  /** GPU time of all of them together. */
  readonly milliseconds: number;
}

/** Dispatches of a batch: each takes two of a query set's queries, of which there are at most 4,096. */
const CAPACITY = 2048;

export class DispatchTimer {
  private readonly queries: GPUQuerySet;
  private readonly resolved: GPUBuffer;
  private names: string[] = [];
  private readonly batches: { readonly names: readonly string[]; readonly staging: GPUBuffer }[] = [];

  constructor(private readonly device: GPUDevice) {
    this.queries = device.createQuerySet({ type: 'timestamp', count: 2 * CAPACITY });
    const usage = GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC;
    this.resolved = device.createBuffer({ size: 16 * CAPACITY, usage });
  }

  /** A pass for one dispatch of the kernel. */
  beginPass(encoder: GPUCommandEncoder, kernel: string): GPUComputePassEncoder {
    const query = 2 * this.names.length;
    this.names.push(kernel);
    const timestampWrites = {
      querySet: this.queries,
      beginningOfPassWriteIndex: query,
      endOfPassWriteIndex: query + 1,
    };
    return encoder.beginComputePass({ timestampWrites });
  }

  /** To be called before the batch's encoder is finished. */
  endBatch(encoder: GPUCommandEncoder): void {
    const { names } = this;
    if (names.length === 0) return;
    this.names = [];
    const size = 16 * names.length;
    const staging = this.device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    encoder.resolveQuerySet(this.queries, 0, 2 * names.length, this.resolved, 0);
    encoder.copyBufferToBuffer(this.resolved, 0, staging, 0, size);
    this.batches.push({ names, staging });
  }

  /** Times since the last call, dearest kernel first. Waits for the device. */
  async take(): Promise<KernelTime[]> {
    const times = new Map<string, { dispatches: number; milliseconds: number }>();
    for (const { names, staging } of this.batches.splice(0)) {
      await staging.mapAsync(GPUMapMode.READ);
      const nanoseconds = new BigUint64Array(staging.getMappedRange());
      names.forEach((kernel, i) => {
        const time = times.get(kernel) ?? { dispatches: 0, milliseconds: 0 };
        time.dispatches++;
        time.milliseconds += Number(nanoseconds[2 * i + 1]! - nanoseconds[2 * i]!) / 1e6;
        times.set(kernel, time);
      });
      staging.unmap();
      staging.destroy();
    }
    return [...times].map(([kernel, time]) => ({ kernel, ...time })).sort((a, b) => b.milliseconds - a.milliseconds);
  }

  dispose(): void {
    this.queries.destroy();
    this.resolved.destroy();
  }
}
