/** A device to measure on, with its recorder, and the time of what is recorded there. */
import { DeviceState } from '../backends/webgpu/device-state';
import { MATRIX_UNIT_FLAGS, nodeGpu } from '../backends/webgpu/node-gpu';
import { Recorder } from '../backends/webgpu/recorder';
import { describeAdapter, isSoftware, requestDevice } from '../backends/webgpu/request-device';
import { median } from '../bench/timing';

/** With times at full resolution, and matrix units where there are some. */
const FLAGS = [...MATRIX_UNIT_FLAGS, 'disable-dawn-features=timestamp_quantization'];
const EXTRA_FEATURES = ['timestamp-query'];
/** How long a device works before it is timed: an idle one runs at a fraction of its clock rate. */
const WARM_UP_MS = 60;

export interface BenchDevice {
  readonly gpu: GPU;
  readonly device: GPUDevice;
  readonly recorder: Recorder;
  readonly description: string;
  readonly software: boolean;
  /** Submits what is recorded and waits until the device is done. Throws what it refused. */
  finish(): Promise<void>;
  /** Milliseconds that one call of `record` takes on the device: the median of samples that each last a while. */
  time(record: () => void): Promise<number>;
}

export interface BenchOptions {
  /** Keep Dawn's checks of every index, as browsers do. Default: yes. */
  readonly robust?: boolean;
  /** Products may use the GPU's matrix units. Default: no. */
  readonly matrixUnits?: boolean;
}

/** As the program's arguments ask: --matrix-units, --without-robustness. */
export const benchOptions = (): BenchOptions => ({
  robust: !process.argv.includes('--without-robustness'),
  matrixUnits: process.argv.includes('--matrix-units'),
});

export async function openBenchDevice({ robust = true, matrixUnits = false }: BenchOptions): Promise<BenchDevice> {
  const flags = robust ? FLAGS : [FLAGS[0]!.replace('=', '=disable_robustness,'), FLAGS[1]!];
  const gpu = await nodeGpu(flags);
  if (!gpu)
    throw new Error('WebGPU cannot be loaded: is there a Vulkan loader, and does the driver name itself to it?');
  const { device } = await requestDevice({ gpu, allowSoftware: true, matrixUnits, features: EXTRA_FEATURES });
  const state = new DeviceState(device);
  const recorder = new Recorder(device, state, { matrixUnits });
  const software = isSoftware(device.adapterInfo);
  const finish = async () => {
    recorder.flush();
    await device.queue.onSubmittedWorkDone();
    await state.settled();
  };
  const [sampleMs, samples] = software ? [1, 1] : [6, 5];
  const time = async (record: () => void) => {
    const run = async (times: number) => {
      const begin = performance.now();
      for (let i = 0; i < times; i++) record();
      await finish();
      return performance.now() - begin;
    };
    await run(1);
    const warm = performance.now() + (software ? 0 : WARM_UP_MS);
    let once = Math.max(0.01, (await run(3)) / 3);
    while (performance.now() < warm) once = Math.max(0.01, (await run(30)) / 30);
    const times = Math.max(1, Math.ceil(sampleMs / once));
    const taken: number[] = [];
    for (let i = 0; i < samples; i++) taken.push((await run(times)) / times);
    return median(taken);
  };
  return { gpu, device, recorder, description: describeAdapter(device.adapterInfo), software, finish, time };
}
