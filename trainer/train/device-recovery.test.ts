import { describe, expect, it, vi } from 'vitest';
import { DeviceLostError, OutOfMemoryError } from '../backends/backend';
import { losable, newTestingDevice, testingDevice } from '../backends/webgpu/testing-device';
import { createWebGpuBackend } from '../backends/webgpu/webgpu-backend';
import { inEnglish } from '../contract/english';
import { message } from '../contract/message';
import { tinyGoldens } from '../fixtures/golden';
import { tinyPrompts } from '../fixtures/tiny-prompts';
import { exportModel } from '../model/model';
import type { Checkpoint } from './checkpoint';
import { type DeviceLoss, describeDeviceLoss, withDeviceRecovery } from './device-recovery';
import { trainPrompts } from './train';
import { parseTrainConfig } from './train-config';

const gone = () => new DeviceLostError('unknown', 'the driver was reset');

function devices() {
  const opened: { disposed: boolean }[] = [];
  const open = async () => {
    const device = {
      disposed: false,
      dispose() {
        this.disposed = true;
      },
    };
    opened.push(device);
    return device;
  };
  return { opened, open };
}

describe('withDeviceRecovery', () => {
  it('returns the result of the first device that lasts, reports each loss, and disposes of every device', async () => {
    const { opened, open } = devices();
    const told: DeviceLoss[] = [];
    const result = await withDeviceRecovery({
      open,
      run: async () => {
        if (opened.length < 3) throw gone();
        return 'done';
      },
      onLoss: (loss) => told.push(loss),
      pauseMs: 0,
    });
    expect(result).toBe('done');
    expect(told.map(({ retry, retries }) => [retry, retries])).toEqual([
      [1, 3],
      [2, 3],
    ]);
    expect(opened).toHaveLength(3);
    expect(opened.every(({ disposed }) => disposed)).toBe(true);
  });

  it('throws the loss itself after three retries', async () => {
    const { opened, open } = devices();
    const lost = withDeviceRecovery({ open, run: () => Promise.reject(gone()), pauseMs: 0 });
    await expect(lost).rejects.toThrow(DeviceLostError);
    expect(opened).toHaveLength(4);
  });

  it.each([
    ['a device that this program closed', new DeviceLostError('destroyed', 'bye')],
    ['a device without room', new OutOfMemoryError(message('takeSmallerModel'))],
    ['any other error', new Error('a fault')],
  ])('never retries after %s', async (_, error) => {
    const { opened, open } = devices();
    const run = withDeviceRecovery({ open, run: () => Promise.reject(error), pauseMs: 0 });
    await expect(run).rejects.toBe(error);
    expect(opened.map(({ disposed }) => disposed)).toEqual([true]);
  });

  it('retries a device that is lost while it is opened', async () => {
    let opened = 0;
    const open = async () => {
      if (++opened === 1) throw gone();
      return { dispose() {} };
    };
    expect(await withDeviceRecovery({ open, run: async () => opened, pauseMs: 0 })).toBe(2);
  });

  it('describes the loss and the step from which it continues', () => {
    const loss = { error: gone(), retry: 2, retries: 3 };
    expect(inEnglish(describeDeviceLoss(loss, 40))).toBe(
      'the GPU was lost: the driver was reset; trying again from the checkpoint of step 40 (2 of 3)',
    );
    expect(inEnglish(describeDeviceLoss(loss, 0))).toMatch(/from the start/);
  });
});

// An emulated adapter takes seconds to compile a kernel.
vi.setConfig({ testTimeout: 240_000 });
const { device, why } = await testingDevice();
if (!device) console.warn(`\nSKIPPED: training through the loss of a device, because ${why}\n`);

const prompts = tinyPrompts({ count: 20 });
const config = parseTrainConfig({ epochs: 1, batchSize: 4, heldOutFraction: 0, learningRate: 1e-3 });

/** Trains five steps with a checkpoint after each, losing the device after the steps of `losses`, in that order. */
async function trained(losses: readonly number[], message?: string) {
  const awaited = [...losses];
  const resumedFrom: number[] = [];
  const steps: number[] = [];
  let latest: Checkpoint | undefined;
  const weights = withDeviceRecovery({
    open: async () => {
      const { device: own, lose } = losable(await newTestingDevice());
      const backend = await createWebGpuBackend({ device: own });
      return { lose, backend, dispose: () => backend.dispose() };
    },
    run: async ({ backend, lose }) => {
      const model = await tinyGoldens.loadModel(backend);
      resumedFrom.push(latest?.state.step ?? 0);
      await trainPrompts({
        model,
        prompts,
        config,
        resumeFrom: latest,
        checkpointEvery: 2,
        onCheckpoint: (checkpoint) => {
          latest = checkpoint;
        },
        onMetric: ({ step }) => {
          steps.push(step);
          if (awaited[0] === step) {
            awaited.shift();
            lose(message);
          }
        },
      });
      return (await exportModel(model)).weights;
    },
    pauseMs: 0,
  });
  return { weights: await weights.catch((error: Error) => error), resumedFrom, steps, latest };
}

describe.skipIf(!device)('training through the loss of a device', () => {
  it('ends with the same bits as a training without a loss', async () => {
    const lasting = await trained([]);
    expect(lasting.steps).toEqual([1, 2, 3, 4, 5]);
    // Right before a checkpoint that then cannot be taken: the one before counts.
    const lost = await trained([4]);
    expect(lost.resumedFrom).toEqual([0, 2]);
    expect(lost.steps).toEqual([1, 2, 3, 4, 3, 4, 5]);
    expect(Buffer.compare(lost.weights as Uint8Array, lasting.weights as Uint8Array)).toBe(0);
  });

  it('fails at once when the device was lost for lack of memory, with its last checkpoint intact', async () => {
    const { weights, latest, resumedFrom } = await trained([3], 'VK_ERROR_OUT_OF_DEVICE_MEMORY');
    expect(weights).toBeInstanceOf(OutOfMemoryError);
    expect(resumedFrom).toEqual([0]);
    expect(latest?.state.step).toBe(2);
  });
});
