/**
 * Records commands. Dispatches go into one encoder and, as far as possible, one compute pass; `flush`, which `read` and
 * a full ring call, submits them together. The parameters of all dispatches of a batch travel in one upload, and so do
 * their index tables.
 */
import { BackendError } from '../checks';
import { BufferPool, type PoolBuffer } from './buffer-pool';
import type { DeviceState } from './device-state';
import type { DispatchTimer } from './dispatch-timer';
import { type Kernel, MAX_PARAMS } from './kernel';
import { type Pipelines, pipelinesOf, type StorageLayout } from './pipelines';
import { hasMatrixUnits, isSoftware } from './request-device';
import type { MatmulChoice } from './tile-classes';

/** Part of a buffer as a kernel binds it; `offset` and `bytes` are in bytes, offset a multiple of 256. */
export interface View {
  readonly buffer: PoolBuffer;
  readonly offset: number;
  readonly bytes: number;
}

export const whole = (buffer: PoolBuffer): View => ({ buffer, offset: 0, bytes: buffer.bytes });

function overlap(one: View, other: View): boolean {
  const [a, b] = [one, other].map(({ buffer, offset }) => buffer.start + offset);
  return one.buffer.gpu === other.buffer.gpu && a! < b! + other.bytes && b! < a! + one.bytes;
}

/**
 * Dispatches after which a batch is submitted: the GPU works while the next ones are recorded, and no batch lasts so
 * long that a system takes the GPU for hung (after 2 s on Windows).
 */
export const BATCH_DISPATCHES = 100;
const CACHED_BIND_GROUPS = 16_384;

export interface RecorderOptions {
  /** Most bytes of all buffers together; what exceeds it is refused with numbers. Default: the device's own limit. */
  readonly memoryLimit?: number;
  /** Most bytes to bind at once, below the device's limit: lets tests reach the windowed paths. */
  readonly maxBindingBytes?: number;
  /** Default: 32, and 16 on emulated adapters, which take many seconds to compile the larger kernels. */
  readonly attentionRows?: 8 | 16 | 32;
  /** Whether to find the fastest matmul tiles on first use of the device. Default: yes, but not on emulated adapters. */
  readonly tune?: boolean;
  /**
   * Multiply on the GPU's matrix units where the device has subgroup matrices (experimental: Dawn alone, with its toggle
   * "allow_unsafe_apis"). f32 operands keep 21 bits. Default: no.
   */
  readonly matrixUnits?: boolean;
  /** Times every dispatch on the GPU. For benches. */
  readonly timer?: DispatchTimer;
}

export class Recorder {
  readonly pool: BufferPool;
  /** Largest storage binding in bytes, a multiple of 256. */
  readonly maxBinding: number;
  readonly maxWorkgroups: number;
  readonly maxWorkgroupMemory: number;
  /** Largest block of rows that an attention kernel works on. */
  readonly attentionRows: number;
  /** The adapter is emulated on a CPU. */
  readonly software: boolean;
  /** Products may use the matrix units of the GPU. */
  readonly matrixUnits: boolean;
  /** Fastest way of multiplying by size class, once it has been measured. */
  measuredChoices: readonly MatmulChoice[] | null = null;
  /** Batches submitted so far. */
  submitted = 0;
  /** Dispatches recorded so far, and those of `compileAhead`. */
  dispatches = 0;
  readonly pipelines: Pipelines;
  private readonly queue: GPUQueue;
  private readonly bindGroups = new Map<string, GPUBindGroup>();
  /** The kernels that `compileAhead` has collected; null when commands are really recorded. */
  private collectedKernels: Set<Kernel> | null = null;
  private encoder: GPUCommandEncoder | null = null;
  private pass: GPUComputePassEncoder | null = null;

  private readonly slotBytes: number;
  private readonly slots: ArrayBuffer;
  private readonly slotView: DataView;
  private readonly ring: PoolBuffer;
  private readonly ringGroup: GPUBindGroup;
  private slot = 0;
  private readonly timer: DispatchTimer | null;

  private tables = new Int32Array(16_384);
  private tableBuffer: PoolBuffer;
  private tableLength = 0;

  constructor(
    readonly device: GPUDevice,
    private readonly state: DeviceState,
    options: RecorderOptions = {},
  ) {
    const { limits } = device;
    this.pipelines = pipelinesOf(device);
    this.queue = device.queue;
    this.timer = options.timer ?? null;
    this.maxBinding =
      Math.floor(Math.min(limits.maxStorageBufferBindingSize, options.maxBindingBytes ?? Infinity) / 256) * 256;
    this.maxWorkgroups = limits.maxComputeWorkgroupsPerDimension;
    this.maxWorkgroupMemory = limits.maxComputeWorkgroupStorageSize;
    this.software = isSoftware(device.adapterInfo);
    this.matrixUnits = options.matrixUnits === true && hasMatrixUnits(device);
    this.attentionRows = options.attentionRows ?? (this.software ? 16 : 32);
    this.pool = new BufferPool(device, {
      memoryLimit: options.memoryLimit,
      onError: (error) => state.fail(error),
      onDestroy: () => this.bindGroups.clear(),
    });
    this.slotBytes = Math.max(MAX_PARAMS, limits.minUniformBufferOffsetAlignment);
    this.slots = new ArrayBuffer(BATCH_DISPATCHES * this.slotBytes);
    this.slotView = new DataView(this.slots);
    this.ring = this.pool.acquire(this.slots.byteLength, GPUBufferUsage.UNIFORM).buffer;
    this.ringGroup = device.createBindGroup({
      layout: this.pipelines.params,
      entries: [{ binding: 0, resource: { buffer: this.ring.gpu, size: MAX_PARAMS } }],
    });
    this.tableBuffer = this.pool.acquire(this.tables.byteLength).buffer;
  }

  /** Runs one kernel. A buffer that is written and also read by it is copied first: WebGPU allows no such aliasing. */
  dispatch<P extends string>(
    kernel: Kernel<P>,
    bound: readonly View[],
    params: Readonly<Record<P, number>>,
    x: number,
    y = 1,
  ): void {
    if (x <= 0 || y <= 0) return;
    this.state.check();
    const large = bound.findIndex(({ bytes }) => bytes > this.maxBinding);
    if (large >= 0) {
      throw new BackendError(
        `${kernel.name}: ${kernel.bindings[large]!.name} takes ${bound[large]!.bytes} bytes, this GPU binds ${this.maxBinding}`,
      );
    }
    this.dispatches++;
    if (this.collectedKernels) {
      this.collectedKernels.add(kernel);
      return;
    }
    const { views, scratch } = this.withoutAliases(kernel, bound);
    if (this.slot === BATCH_DISPATCHES) this.flush();
    const compiled = this.pipelines.get(kernel);
    const offset = this.writeParams(kernel, params);
    const pass = this.timer ? this.openTimedPass(this.timer, kernel) : this.openPass();
    pass.setPipeline(compiled.pipeline);
    pass.setBindGroup(0, this.bindGroup(compiled.storage, views));
    pass.setBindGroup(1, this.ringGroup, [offset]);
    pass.dispatchWorkgroups(x, y);
    views.forEach(({ buffer }, i) => {
      if (kernel.bindings[i]!.access === 'write') buffer.version++;
    });
    this.dispatches++;
    if (this.timer) this.closePass();
    for (const buffer of scratch) this.pool.release(buffer);
  }

  /** What is recorded is only compiled: see `compileAhead`. */
  get isCompiling(): boolean {
    return this.collectedKernels !== null;
  }

  /** Compiles every kernel that `record` would run, and runs none of them. */
  async compileAhead(record: () => void): Promise<void> {
    const kernels = new Set<Kernel>();
    this.collectedKernels = kernels;
    try {
      record();
    } finally {
      this.collectedKernels = null;
    }
    await this.pipelines.compileAll(kernels);
  }

  /**
   * Writes `length` integers where the next dispatch can read them: bind the view, and add `start` to indices. `fill`
   * returns them, given their start.
   */
  table(length: number, fill: (start: number) => ArrayLike<number>): { view: View; start: number } {
    if (this.slot === BATCH_DISPATCHES || this.tableLength + length > this.tables.length) this.flush();
    if (length > this.tables.length) {
      this.tables = new Int32Array(2 ** Math.ceil(Math.log2(length)));
      this.pool.release(this.tableBuffer);
      this.tableBuffer = this.pool.acquire(this.tables.byteLength).buffer;
    }
    if (this.collectedKernels) return { view: whole(this.tableBuffer), start: 0 };
    const start = this.tableLength;
    this.tables.set(fill(start), start);
    this.tableLength += length;
    return { view: whole(this.tableBuffer), start };
  }

  /** A buffer for intermediate values of one op, with arbitrary content. Once released, it may serve the next op. */
  scratch(elements: number): PoolBuffer {
    return this.pool.borrow(elements * 4, this.maxBinding);
  }

  upload(buffer: PoolBuffer, byteOffset: number, values: Float32Array | Int32Array): void {
    this.state.check();
    if (values.length === 0 || this.collectedKernels) return;
    // Uploads are executed before recorded commands, so those that use this buffer are submitted first.
    if (buffer.usedIn === this.submitted) this.flush();
    this.queue.writeBuffer(
      buffer.gpu,
      buffer.start + byteOffset,
      values as Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>,
    );
  }

  /** Zeroes the buffer's first bytes, a multiple of 4. */
  clear(buffer: PoolBuffer, bytes: number): void {
    this.state.check();
    if (bytes === 0 || this.collectedKernels) return;
    this.closePass();
    this.openEncoder().clearBuffer(buffer.gpu, buffer.start, bytes);
    buffer.usedIn = this.submitted;
    buffer.version++;
  }

  copy(from: PoolBuffer, fromByte: number, to: GPUBuffer, bytes: number): void {
    this.closePass();
    this.openEncoder().copyBufferToBuffer(from.gpu, from.start + fromByte, to, 0, bytes);
  }

  /** Submits what is recorded. */
  flush(): void {
    if (!this.encoder) {
      this.tableLength = 0;
      return;
    }
    this.closePass();
    this.timer?.endBatch(this.encoder);
    if (this.slot > 0) this.queue.writeBuffer(this.ring.gpu, 0, this.slots, 0, this.slot * this.slotBytes);
    if (this.tableLength > 0) this.queue.writeBuffer(this.tableBuffer.gpu, 0, this.tables, 0, this.tableLength);
    this.state.watch(() => this.queue.submit([this.encoder!.finish()]));
    this.encoder = null;
    this.slot = 0;
    this.tableLength = 0;
    this.submitted++;
  }

  /** Drops what is recorded. */
  dispose(): void {
    this.closePass();
    this.encoder = null;
    this.pool.destroyAll();
  }

  private openEncoder(): GPUCommandEncoder {
    this.encoder ??= this.device.createCommandEncoder();
    return this.encoder;
  }

  private openPass(): GPUComputePassEncoder {
    this.pass ??= this.openEncoder().beginComputePass();
    return this.pass;
  }

  private openTimedPass(timer: DispatchTimer, kernel: Kernel): GPUComputePassEncoder {
    this.closePass();
    this.pass = timer.beginPass(this.openEncoder(), kernel.name);
    return this.pass;
  }

  private closePass(): void {
    this.pass?.end();
    this.pass = null;
  }

  private writeParams(kernel: Kernel, params: Readonly<Record<string, number>>): number {
    const offset = this.slot++ * this.slotBytes;
    let at = offset;
    for (const name in kernel.params) {
      if (kernel.params[name] === 'f32') this.slotView.setFloat32(at, params[name]!, true);
      else this.slotView.setUint32(at, params[name]!, true);
      at += 4;
    }
    if (at - offset > MAX_PARAMS) throw new BackendError(`${kernel.name} has too many parameters`);
    return offset;
  }

  private bindGroup({ id, layout }: StorageLayout, views: readonly View[]): GPUBindGroup {
    let key = String(id);
    for (const { buffer, offset, bytes } of views) {
      key += ` ${buffer.id}:${buffer.start + offset}:${bytes}`;
      buffer.usedIn = this.submitted;
    }
    let group = this.bindGroups.get(key);
    if (!group) {
      if (this.bindGroups.size >= CACHED_BIND_GROUPS) this.bindGroups.clear();
      const entries = views.map(({ buffer, offset, bytes }, binding) => ({
        binding,
        resource: { buffer: buffer.gpu, offset: buffer.start + offset, size: bytes },
      }));
      group = this.device.createBindGroup({ layout, entries });
      this.bindGroups.set(key, group);
    }
    return group;
  }

  private withoutAliases(kernel: Kernel, views: readonly View[]): { views: readonly View[]; scratch: PoolBuffer[] } {
    const scratch: PoolBuffer[] = [];
    const isWritten = (i: number) => kernel.bindings[i]!.access === 'write';
    // A buffer that is written must not be read in the same dispatch, in whatever part of it.
    const written = (buffer: PoolBuffer, except: number) =>
      views.some((view, i) => i !== except && view.buffer.gpu === buffer.gpu && isWritten(i));
    const distinct = views.map((view, i) => {
      if (!written(view.buffer, i)) return view;
      if (isWritten(i)) {
        if (!views.some((other, j) => j !== i && isWritten(j) && overlap(view, other))) return view;
        throw new BackendError(
          `${kernel.name}: ${kernel.bindings[i]!.name} may not share its tensor with another output`,
        );
      }
      const buffer = this.pool.borrow(view.bytes, this.maxBinding);
      this.closePass();
      this.openEncoder().copyBufferToBuffer(
        view.buffer.gpu,
        view.buffer.start + view.offset,
        buffer.gpu,
        0,
        view.bytes,
      );
      view.buffer.usedIn = this.submitted;
      scratch.push(buffer);
      return { buffer, offset: 0, bytes: buffer.bytes };
    });
    return scratch.length === 0 ? { views, scratch } : { views: distinct, scratch };
  }
}
