/** Copies values from the device to the host through staging buffers, which are reused. */
import { sizeClass } from './buffer-pool';

/** Larger staging buffers are not reused: whole weights are read once, at the end. */
const MAX_REUSED_BYTES = 2 ** 22;

export class ReadBack {
  private readonly free: GPUBuffer[] = [];

  constructor(private readonly device: GPUDevice) {}

  take(bytes: number): GPUBuffer {
    const fits = this.free.findIndex((buffer) => buffer.size >= bytes);
    if (fits >= 0) return this.free.splice(fits, 1)[0]!;
    return this.device.createBuffer({
      size: sizeClass(bytes),
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
  }

  /** Waits for the device. */
  async values(staging: GPUBuffer, length: number): Promise<Float32Array> {
    await staging.mapAsync(GPUMapMode.READ, 0, length * 4);
    const values = new Float32Array(staging.getMappedRange(0, length * 4).slice(0));
    staging.unmap();
    return values;
  }

  give(staging: GPUBuffer): void {
    if (staging.size <= MAX_REUSED_BYTES && this.free.length < 8) this.free.push(staging);
    else staging.destroy();
  }

  dispose(): void {
    for (const buffer of this.free.splice(0)) buffer.destroy();
  }
}
