/**
 * Which way of computing a product is fastest differs between GPUs by more than a rule of thumb can predict. Each is timed
 * once per device on a product of each size class, and the choice is stored (tile-cache.ts). Given the choice, results
 * are bit-identical from run to run.
 */
import { recordMatmul, usableChoices } from './matmul';
import type { Recorder } from './recorder';
import { cachedChoices, type TileCache } from './tile-cache';
import { type MatmulChoice, SIZE_CLASSES, type SizeClass } from './tile-classes';

/** Rounds of timing; after each, choices this much slower than the best are dropped. */
const CONTENDERS = [1.6, 1.25, 1.1];
/** Time that a sample should last, so that what a submission costs does not hide the product. */
const SAMPLE_MS = 3;
const MOST_RUNS = 64;
/** How long a device works before it is timed: an idle one runs at a fraction of its clock rate. */
const WARM_UP_MS = 150;
/** A device that takes this long to finish nothing (Firefox asks it every 100 ms) cannot be timed. */
const COARSE_MS = 20;

/** Waits until the device has finished everything that was recorded. */
export type WaitForDevice = () => Promise<void>;

/** The fastest choice for each size class; null where the device's answers come too coarsely to tell. */
export async function measureChoices(
  recorder: Recorder,
  waitForDevice: WaitForDevice,
  classes: readonly SizeClass[] = SIZE_CLASSES,
): Promise<MatmulChoice[] | null> {
  await waitForDevice();
  const begin = performance.now();
  await waitForDevice();
  if (performance.now() - begin > COARSE_MS && !recorder.software) return null;
  const fastest: MatmulChoice[] = [];
  for (const one of classes) fastest.push(await measureClass(recorder, waitForDevice, one));
  return fastest;
}

async function measureClass(
  recorder: Recorder,
  waitForDevice: WaitForDevice,
  { form, m, n, k }: SizeClass,
): Promise<MatmulChoice> {
  const buffers = [m * k, n * k, m * n].map((length) => recorder.scratch(length));
  const [a, b, c] = buffers as [(typeof buffers)[0], (typeof buffers)[0], (typeof buffers)[0]];
  const operands = {
    a: { buffer: a, start: 0, stride: form === 'tn' ? m : k },
    b: { buffer: b, start: 0, stride: form === 'nt' ? k : n },
    c: { buffer: c, start: 0, stride: n },
  };
  const record = (choice: MatmulChoice) => recordMatmul(recorder, { form, ...operands, m, n, k }, choice);
  const run = async (choice: MatmulChoice, times: number) => {
    const begin = performance.now();
    for (let i = 0; i < times; i++) record(choice);
    await waitForDevice();
    return (performance.now() - begin) / times;
  };
  const all = usableChoices(recorder);
  await recorder.compileAhead(() => all.forEach(record));
  let contenders = all.map((choice) => ({ choice, best: Number.POSITIVE_INFINITY }));
  for (const contender of contenders) contender.best = await run(contender.choice, 1);
  const times = runsPerSample(fastestOf(contenders));
  if (!recorder.software) {
    const end = performance.now() + WARM_UP_MS;
    while (performance.now() < end) await run(contenders[0]!.choice, times);
  }
  for (const [round, slower] of CONTENDERS.entries()) {
    // The order alternates, so that other load on the machine affects all alike.
    for (const contender of round % 2 ? [...contenders].reverse() : contenders) {
      const taken = await run(contender.choice, times);
      contender.best = round === 0 ? taken : Math.min(contender.best, taken);
    }
    const limit = slower * fastestOf(contenders);
    contenders = contenders.filter(({ best }) => best <= limit);
  }
  for (const buffer of buffers) recorder.pool.release(buffer);
  return contenders.reduce((fastest, one) => (one.best < fastest.best ? one : fastest)).choice;
}

const fastestOf = (contenders: readonly { readonly best: number }[]) =>
  contenders.reduce((least, { best }) => Math.min(least, best), Number.POSITIVE_INFINITY);

const runsPerSample = (milliseconds: number) =>
  Math.max(1, Math.min(MOST_RUNS, Math.ceil(SAMPLE_MS / Math.max(milliseconds, 1e-3))));

type Measured = WeakMap<GPUDevice, Promise<readonly MatmulChoice[] | null>>;
const measured: Record<'units' | 'threads', Measured> = { units: new WeakMap(), threads: new WeakMap() };

/** `measureChoices`, once per device, and once per GPU where there is a cache. */
export function fastestChoices(
  recorder: Recorder,
  waitForDevice: WaitForDevice,
  cache?: TileCache,
): Promise<readonly MatmulChoice[] | null> {
  const { device, matrixUnits } = recorder;
  const known = measured[matrixUnits ? 'units' : 'threads'];
  let choices = known.get(device);
  if (!choices) {
    const measure = () => measureChoices(recorder, waitForDevice);
    choices = cachedChoices(device.adapterInfo, usableChoices(recorder), cache, measure);
    known.set(device, choices);
  }
  return choices;
}
