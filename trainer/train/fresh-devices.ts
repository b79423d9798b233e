/** Work that outlives the device it runs on: GPUs are reset by their drivers, unplugged, and taken away by browsers. */
import { DeviceLostError } from '../backends/backend';
import { type Message, message } from '../contract/message';

export interface DeviceLoss {
  readonly error: DeviceLostError;
  /** Which retry comes now, from 1. */
  readonly retry: number;
  readonly retries: number;
}

export interface FreshDevicesOptions<Device, Result> {
  /** A new device each time. */
  readonly open: () => Promise<Device>;
  /** Called again after a loss: it must begin from what it last put in safety. */
  readonly run: (device: Device) => Promise<Result>;
  /** Tells the user, before the next device is asked for. */
  readonly onLoss?: (loss: DeviceLoss) => void;
  /** How often to begin again. Default 3. */
  readonly retries?: number;
  /** Before the first retry, doubled for each one after: a driver needs a moment to come back. Default a second. */
  readonly pauseMs?: number;
}

/**
 * What `run` gives on the first device that lasts. Throws the DeviceLostError of the last one when the retries are
 * used up, or at once when this program closed the device itself; any other error passes through. Devices are
 * disposed of, whatever happens.
 */
export async function onFreshDevices<Device extends { dispose(): void }, Result>(
  options: FreshDevicesOptions<Device, Result>,
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

/** For people. */
export function describeLoss({ error, retry, retries }: DeviceLoss, resumedStep: number): Message {
  const loss = { reason: error.translatable, retry, retries };
  return resumedStep === 0 ? message('tryingAgain', loss) : message('tryingAgainFrom', { ...loss, step: resumedStep });
}
