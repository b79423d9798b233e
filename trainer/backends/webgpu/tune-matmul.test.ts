import { describe, expect, it, vi } from 'vitest';
import { expectSameAsReference } from '../contract-session';
import { DeviceState } from './device-state';
import { TILES } from './kernels/matmul';
import { usableTiles } from './matmul';
import { Recorder, type RecorderOptions } from './recorder';
import { testingDevice } from './testing-device';
import { measureTiles } from './tune-matmul';
import { createWebGpuBackend } from './webgpu-backend';

// An emulated adapter takes seconds to compile a kernel.
vi.setConfig({ testTimeout: 240_000 });
const { device, why } = await testingDevice();
if (!device) console.warn(`\nSKIPPED: matmul tiles, because ${why}\n`);

describe.skipIf(!device)('matmul tiles', () => {
  const recorderOf = (options: RecorderOptions = {}) => {
    const state = new DeviceState(device!);
    const recorder = new Recorder(device!, state, options);
    return { recorder, state };
  };

  it('measuring names a usable tile for each size class', async () => {
    const { recorder, state } = recorderOf();
    const classes = [
      { upTo: 100, m: 8, n: 8, k: 8 },
      { upTo: Number.POSITIVE_INFINITY, m: 70, n: 40, k: 16 },
    ];
    let settled = 0;
    const settle = async () => {
      settled++;
      recorder.flush();
      await device!.queue.onSubmittedWorkDone();
      await state.settled();
    };
    const choice = await measureTiles(recorder, settle, classes);
    expect(choice).toHaveLength(2);
    for (const tile of choice) expect(usableTiles(recorder)).toContain(tile);
    expect(settled).toBe(2 * TILES.length * 4);
    recorder.dispose();
    state.dispose();
  });

  it.each(TILES.map((tile, i) => [`${tile.m} x ${tile.n} by ${tile.blockM} x ${tile.blockN}`, i] as const))(
    'tile %s multiplies right in all forms, with and without vectors, by f32 and f16',
    async (_, tile) => {
      const create = async () => {
        const backend = await createWebGpuBackend({ device: device! });
        const { recorder } = backend as unknown as { recorder: Recorder };
        recorder.measuredTiles = [tile, tile, tile];
        return backend;
      };
      // What a real GPU gets is tried here alone, and compiling is slow: what reads one value at a time, f16 and an
      // epilogue in one, since each is the same source for every tile (kernels/matmul.test.ts). Direct tiles are for vectors.
      const [m, n, k] = TILES[tile]!.k > 0 ? [131, 67, 19] : [132, 136, 20];
      for (const form of ['nt', 'nn', 'tn'] as const) {
        await expectSameAsReference(
          create,
          9,
          (s) => {
            const c = s.output('c', 132 * 136);
            const [a, b] = [s.input(132 * 20), s.input(136 * 20)];
            s.backend.matmul({ form, out: c, a, b, rows: 132, columns: 136, inner: 20, plus: c });
            s.backend.matmul({
              form,
              out: s.output('after', m * n),
              a: s.input(m * k),
              b: s.halves(n * k),
              rows: m,
              columns: n,
              inner: k,
              plus: s.input(m * n),
              swiglu: { out: s.output('gated', m * n), gate: s.input(m * n) },
            });
          },
          2e-6,
        );
      }
    },
  );
});
