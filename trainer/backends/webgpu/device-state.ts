/** What went wrong on a device, remembered until someone asks: WebGPU reports errors after the call that caused them. */
import { BackendError } from '../checks';

/** The device is gone: unplugged, reset by its driver, taken away by the system, or ended by this program. */
export class DeviceLostError extends Error {
  override readonly name = 'DeviceLostError';
  constructor(
    /** 'destroyed' when this program ended it: then trying again is pointless. */
    readonly reason: 'destroyed' | 'unknown',
    details: string,
  ) {
    super(`the GPU ${reason === 'destroyed' ? 'was closed' : 'was lost'}: ${details}`);
  }
}

export class DeviceState {
  private failure: Error | null = null;
  private readonly scopes: Promise<unknown>[] = [];
  private readonly onUncaptured = (event: GPUUncapturedErrorEvent) => {
    this.fail(new BackendError(`the GPU refused a command: ${event.error.message}`));
  };

  constructor(private readonly device: GPUDevice) {
    device.addEventListener('uncapturederror', this.onUncaptured);
    void device.lost.then(({ reason, message }) => {
      this.failure = new DeviceLostError(reason === 'destroyed' ? 'destroyed' : 'unknown', message);
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
      (error) => error && this.fail(new BackendError(`the GPU refused a batch: ${error.message}`)),
      () => {},
    );
    this.scopes.push(scope);
  }

  /** Waits for the verdict on all watched work, then throws what has failed. */
  async settled(): Promise<void> {
    await Promise.all(this.scopes.splice(0));
    this.check();
  }

  dispose(): void {
    this.device.removeEventListener('uncapturederror', this.onUncaptured);
  }
}
