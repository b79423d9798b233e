import { describe, expect, it, vi } from 'vitest';
import { expectSameAsReference } from '../contract-session';
import { ROW_THREADS } from './kernels/rows';
import { areConsecutive } from './probe-subgroups';
import type { Recorder } from './recorder';
import { testingDevice } from './testing-device';
import { createWebGpuBackend } from './webgpu-backend';

vi.setConfig({ testTimeout: 120_000 });
const { device, why } = await testingDevice();
if (!device) console.warn(`\nSKIPPED: sums by subgroups, because ${why}\n`);

/** First thread and width, for each thread. */
const laidOut = (first: (thread: number) => number, width: number) =>
  Uint32Array.from({ length: 2 * ROW_THREADS }, (_, i) => (i % 2 ? width : first(i >> 1)));

describe('areConsecutive', () => {
  it.each([4, 8, 32, 64, 128])('takes subgroups of %i threads in a row', (width) => {
    expect(areConsecutive(laidOut((thread) => thread - (thread % width), width))).toBe(true);
  });

  it('refuses threads that are dealt out in turn, subgroups of one, and of odd widths', () => {
    expect(areConsecutive(laidOut((thread) => thread % 4, 32))).toBe(false);
    expect(areConsecutive(laidOut((thread) => thread, 1))).toBe(false);
    expect(areConsecutive(laidOut((thread) => thread - (thread % 3), 3))).toBe(false);
    const mixed = laidOut((thread) => thread - (thread % 8), 8);
    mixed[21] = 4;
    expect(areConsecutive(mixed)).toBe(false);
  });
});

describe.skipIf(!device)('sums over threads', () => {
  it.each([true, false])('are right by subgroups: %s', async (subgroups) => {
    const [rows, dim] = [7, 301];
    const create = async () => {
      const backend = await createWebGpuBackend({ device: device! });
      const { pipelines } = (backend as unknown as { recorder: Recorder }).recorder;
      expect(pipelines.subgroups).toBe(device!.features.has('subgroups'));
      // Kernels compiled for the other way stay out of it.
      (pipelines as unknown as { compiled: Map<string, unknown> }).compiled.clear();
      pipelines.subgroups &&= subgroups;
      return backend;
    };
    await expectSameAsReference(
      create,
      3,
      (s) => {
        const x = s.input(rows * dim);
        const inverse = s.output('inverse', rows);
        const weight = s.input(dim);
        s.backend.rmsNorm({
          out: s.output('out', rows * dim),
          inverseRms: inverse,
          x,
          weight,
          rows,
          dim,
          epsilon: 1e-5,
        });
        const dX = s.output('dX', rows * dim);
        s.backend.rmsNormBackward({
          dX,
          dWeight: null,
          dOut: s.input(rows * dim),
          x,
          weight,
          inverseRms: inverse,
          rows,
          dim,
        });
        s.backend.sumSquares(s.output('squares', 2), 1, s.input(70_001));
      },
      2e-6,
    );
    (await createWebGpuBackend({ device: device! })).dispose();
  });
});
