import { describe, expect, it, vi } from 'vitest';
import { expectSameAsReference } from '../contract-session';
import { DeviceState } from './device-state';
import { SMALLEST_TILE, TILES } from './kernels/matmul';
import { usableChoices } from './matmul';
import { Recorder, type RecorderOptions } from './recorder';
import { testingDevice } from './testing-device';
import { SIZE_CLASSES } from './tile-classes';
import { measureChoices } from './tune-matmul';
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

  it('measuring names a usable choice for each size class', async () => {
    const { recorder, state } = recorderOf();
    // So that only small tiles and direct ones are compiled.
    Object.assign(recorder, { maxWorkgroupMemory: 6000 });
    const classes = [
      { form: 'tn', upTo: 100, m: 8, n: 8, k: 8 },
      { form: 'nt', upTo: Number.POSITIVE_INFINITY, m: 70, n: 40, k: 16 },
    ] as const;
    const settle = async () => {
      recorder.flush();
      await device!.queue.onSubmittedWorkDone();
      await state.settled();
    };
    const choices = await measureChoices(recorder, settle, classes);
    expect(choices).toHaveLength(2);
    for (const choice of choices!) expect(usableChoices(recorder)).toContainEqual(choice);
    recorder.dispose();
    state.dispose();
  });

  // What is the same source for every tile (kernels/matmul.test.ts) is tried with one large tile and one small one: k divided,
  // and what reads one value at a time.
  const samples = [3, SMALLEST_TILE];
  const choices = TILES.flatMap((tile, i) =>
    [1, ...(samples.includes(i) ? [4] : [])].map(
      (splits) => [`${tile.m} x ${tile.n} by ${tile.blockM} x ${tile.blockN}, ${splits} splits`, i, splits] as const,
    ),
  );
  it.each(choices)('tile %s multiplies right in all forms', async (_, tile, splits) => {
    const create = async () => {
      const backend = await createWebGpuBackend({ device: device! });
      const { recorder } = backend as unknown as { recorder: Recorder };
      recorder.measuredChoices = SIZE_CLASSES.map(() => ({ units: false, tile, splits }));
      return backend;
    };
    // So that there is something to divide, k is longer there.
    const longer = splits > 1 ? 240 : 0;
    const [m, n, k] = TILES[tile]!.k > 0 ? [131, 67, 19 + longer] : [132, 136, 20];
    const inner = 20 + longer;
    for (const form of ['nt', 'nn', 'tn'] as const) {
      await expectSameAsReference(
        create,
        9,
        (s) => {
          const c = s.output('c', 132 * 136);
          const [a, b] = [s.input(132 * inner), s.input(136 * inner)];
          s.backend.matmul({ form, out: c, a, b, rows: 132, columns: 136, inner, plus: c });
          if (TILES[tile]!.k > 0 && !samples.includes(tile)) return;
          // One value at a time, f16 and an epilogue in one, since compiling is slow. Direct tiles are for vectors.
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
  });
});
