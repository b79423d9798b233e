/** What went wrong on a device, remembered until someone asks: WebGPU reports errors after the call that caused them. */

import { message } from '../../contract/message';
import { DeviceLostError, OutOfMemoryError } from '../backend';
import { BackendError } from '../checks';

/** Some drivers answer a request beyond their memory by giving up the device: on a new one it would end the same. */
const NO_MEMORY = /out.of.(device.|host.)?memory/i;

/** How long failed work waits to hear whether the device is gone: browsers tell the two in either order. */
const LOSS_IS_TOLD_MS = 1000;

export class DeviceState {
  private failure: Error | null = null;
  private readonly scopes: Promise<unknown>[] = [];
  private readonly onUncaptured = (event: GPUUncapturedErrorEvent) => {
    this.fail(new BackendError(message('gpuRefused', { detail: event.error.message })));
  };

  constructor(private readonly device: GPUDevice) {
    device.addEventListener('uncapturederror', this.onUncaptured);
    void device.lost.then(({ reason, message: detail }) => {
      this.failure = NO_MEMORY.test(detail)
        ? new OutOfMemoryError(message('gpuOutOfMemory', { detail }))
        : new DeviceLostError(reason === 'destroyed' ? 'destroyed' : 'unknown', detail);
    });
  }

  /** The first failure is kept: what comes after mostly follows from it. */
  fail(error: Error): void {
    this.failure ??= error;
  }

  /** Throws what has failed since the backend was made. */
  check(): void {
    if (this.failure) throw this.failure;
  }

  /** Runs work whose errors the next `settled` must know of. */
  watch(work: () => void): void {
    this.device.pushErrorScope('validation');
    work();
    const scope = this.device.popErrorScope().then(
      (error) => error && this.fail(new BackendError(message('gpuRefusedBatch', { detail: error.message }))),
      () => {},
    );
    this.scopes.push(scope);
  }

  /** Waits for the verdict on all watched work, then throws what has failed. */
  async settled(): Promise<void> {
    await Promise.all(this.scopes.splice(0));
    this.check();
  }

  /** Runs work that waits for the device. If it fails because the device is gone, that is what is thrown. */
  async explain<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await this.settled();
      let timer: ReturnType<typeof setTimeout> | undefined;
      const patience = new Promise((resolve) => {
        timer = setTimeout(resolve, LOSS_IS_TOLD_MS);
      });
      await Promise.race([this.device.lost, patience]);
      clearTimeout(timer);
      this.check();
      throw error;
    }
  }

  dispose(): void {
    this.device.removeEventListener('uncapturederror', this.onUncaptured);
  }
}
