/**
 * Which matmul tile is fastest differs between GPUs by more than any rule of thumb can tell: each is timed once on a
 * device, on a product of each size class, and the choice is kept (tile-memory.ts). Given the choice, results are
 * bit-identical from run to run.
 */
import { recordMatmul, usableTiles } from './matmul';
import type { Recorder } from './recorder';
import { SIZE_CLASSES, type SizeClass } from './tile-classes';
import { rememberedTiles, type TileMemory } from './tile-memory';

const ROUNDS = 3;

/** Waits for everything that was recorded. */
export type Settle = () => Promise<void>;

/** Index of the fastest tile for each size class. */
export async function measureTiles(
  recorder: Recorder,
  settle: Settle,
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
      await settle();
      return performance.now() - begin;
    };
    const tiles = usableTiles(recorder);
    const best = new Map(tiles.map((tile) => [tile, Number.POSITIVE_INFINITY]));
    for (const tile of tiles) await run(tile, 1);
    for (let round = 0; round < ROUNDS; round++) {
      // Turned round each time: what else the machine does falls on all of them alike.
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

/** `measureTiles`, once a device, and once for good where there is a memory. */
export function tilesOf(recorder: Recorder, settle: Settle, memory?: TileMemory): Promise<readonly number[]> {
  const { device } = recorder;
  let choice = measured.get(device);
  if (!choice) {
    const measure = () => measureTiles(recorder, settle);
    choice = rememberedTiles(device.adapterInfo, usableTiles(recorder), memory, measure);
    measured.set(device, choice);
  }
  return choice;
}
