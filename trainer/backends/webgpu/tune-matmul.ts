/**
 * Which matmul tile is fastest differs between GPUs by more than a rule of thumb can predict. Each tile is timed once
 * per device on a product of each size class, and the choice is stored (tile-cache.ts). Given the choice, results are
 * bit-identical from run to run.
 */
import { recordMatmul, usableTiles } from './matmul';
import type { Recorder } from './recorder';
import { cachedTiles, type TileCache } from './tile-cache';
import { SIZE_CLASSES, type SizeClass } from './tile-classes';

const ROUNDS = 3;

/** Waits until the device has finished everything that was recorded. */
export type WaitForDevice = () => Promise<void>;

/** Index of the fastest tile for each size class. */
export async function measureTiles(
  recorder: Recorder,
  waitForDevice: WaitForDevice,
  classes: readonly SizeClass[] = SIZE_CLASSES,
): Promise<number[]> {
  const choice: number[] = [];
  for (const { m, n, k } of classes) {
    const [a, b, c] = [m * k, n * k, m * n].map((length) => recorder.scratch(length));
    const matrix = (buffer: typeof a, stride: number) => ({ buffer: buffer!, start: 0, stride });
    const run = async (tile: number, times: number) => {
      const begin = performance.now();
      for (let i = 0; i < times; i++) {
        const operands = { c: matrix(c, n), a: matrix(a, k), b: matrix(b, k) };
        recordMatmul(recorder, { form: 'nt', ...operands, m, n, k }, tile);
      }
      await waitForDevice();
      return performance.now() - begin;
    };
    const tiles = usableTiles(recorder);
    const best = new Map(tiles.map((tile) => [tile, Number.POSITIVE_INFINITY]));
    for (const tile of tiles) await run(tile, 1);
    for (let round = 0; round < ROUNDS; round++) {
      // The order alternates, so that other load on the machine affects all tiles alike.
      for (const tile of round % 2 ? [...tiles].reverse() : tiles) {
        best.set(tile, Math.min(best.get(tile)!, await run(tile, 4)));
      }
    }
    choice.push(tiles.reduce((fastest, tile) => (best.get(tile)! < best.get(fastest)! ? tile : fastest)));
    for (const buffer of [a, b, c]) recorder.pool.release(buffer!);
  }
  return choice;
}

const measured = new WeakMap<GPUDevice, Promise<readonly number[]>>();

/** `measureTiles`, once per device, and once per GPU where there is a cache. */
export function fastestTiles(
  recorder: Recorder,
  waitForDevice: WaitForDevice,
  cache?: TileCache,
): Promise<readonly number[]> {
  const { device } = recorder;
  let choice = measured.get(device);
  if (!choice) {
    const measure = () => measureTiles(recorder, waitForDevice);
    choice = cachedTiles(device.adapterInfo, usableTiles(recorder), cache, measure);
    measured.set(device, choice);
  }
  return choice;
}
