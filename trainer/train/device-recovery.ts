/**
 * Retries work on a new device when its device is lost: GPUs are reset by drivers, unplugged, and taken away by
 * browsers.
 */
import { DeviceLostError } from '../backends/backend';
import { type Message, message } from '../contract/message';

export interface DeviceLoss {
  readonly error: DeviceLostError;
  /** Number of the retry that follows, from 1. */
  readonly retry: number;
  readonly retries: number;
}

export interface DeviceRecoveryOptions<Device, Result> {
  /** Opens a new device on each call. */
  readonly open: () => Promise<Device>;
  /** Called again after a loss; it must resume from the state that it last stored. */
  readonly run: (device: Device) => Promise<Result>;
  /** Called before the next device is opened. */
  readonly onLoss?: (loss: DeviceLoss) => void;
  /** Number of retries. Default 3. */
  readonly retries?: number;
  /** Pause before the first retry, doubled for each further one, since a driver needs time to recover. Default 1000. */
  readonly pauseMs?: number;
}

/**
 * Returns the result of `run` on the first device that lasts. Throws the last DeviceLostError when the retries are used
 * up, or at once when this program closed the device itself; any other error passes through. Every device is disposed
 * of.
 */
export async function withDeviceRecovery<Device extends { dispose(): void }, Result>(
  options: DeviceRecoveryOptions<Device, Result>,
): Promise<Result> {
  const { open, run, onLoss, retries = 3, pauseMs = 1000 } = options;
  for (let retry = 1; ; retry++) {
    let device: Device | undefined;
    try {
      device = await open();
      return await run(device);
    } catch (error) {
      const again = error instanceof DeviceLostError && error.reason !== 'destroyed' && retry <= retries;
      if (!again) throw error;
      onLoss?.({ error, retry, retries });
    } finally {
      device?.dispose();
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs * 2 ** (retry - 1)));
  }
}

/** A note on the loss and on where the training continues. */
export function describeDeviceLoss({ error, retry, retries }: DeviceLoss, resumedStep: number): Message {
  const loss = { reason: error.translatable, retry, retries };
  return resumedStep === 0 ? message('tryingAgain', loss) : message('tryingAgainFrom', { ...loss, step: resumedStep });
}
