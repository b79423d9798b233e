/** Errors of a device, stored until the next check: WebGPU reports an error after the call that caused it. */

import { message } from '../../contract/message';
import { DeviceLostError, OutOfMemoryError } from '../backend';
import { BackendError } from '../checks';

/**
 * Some drivers lose the device when a request exceeds its memory; trying again on a new device would end the same way.
 */
const NO_MEMORY = /out.of.(device.|host.)?memory/i;

/** How long failed work waits for the device's loss to be reported: browsers report the two in either order. */
const LOSS_GRACE_MS = 1000;

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

  /** Stores the first failure; later ones mostly follow from it. */
  fail(error: Error): void {
    this.failure ??= error;
  }

  /** Throws the failure that has occurred since the backend was created, if any. */
  check(): void {
    if (this.failure) throw this.failure;
  }

  /** Runs work whose errors the next `settled` must report. */
  watch(work: () => void): void {
    this.device.pushErrorScope('validation');
    work();
    const scope = this.device.popErrorScope().then(
      (error) => error && this.fail(new BackendError(message('gpuRefusedBatch', { detail: error.message }))),
      () => {},
    );
    this.scopes.push(scope);
  }

  /** Waits until the device has validated all watched work, then throws the failure, if any. */
  async settled(): Promise<void> {
    await Promise.all(this.scopes.splice(0));
    this.check();
  }

  /** Runs work that waits for the device. If it fails because the device is lost, that error is thrown instead. */
  async explain<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await this.settled();
      let timer: ReturnType<typeof setTimeout> | undefined;
      const grace = new Promise((resolve) => {
        timer = setTimeout(resolve, LOSS_GRACE_MS);
      });
      await Promise.race([this.device.lost, grace]);
      clearTimeout(timer);
      this.check();
      throw error;
    }
  }

  dispose(): void {
    this.device.removeEventListener('uncapturederror', this.onUncaptured);
  }
}
