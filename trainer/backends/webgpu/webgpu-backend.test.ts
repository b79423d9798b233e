import { describe, expect, it, vi } from 'vitest';
import { type Backend, DeviceLostError, OutOfMemoryError, type Tensor } from '../backend';
import { formsInTurn } from '../contract-epilogue';
import { describeHalfActivations, describeHalfWeights } from '../contract-half';
import { cacheLengths, expectCacheIsRead, headProgram } from '../contract-logit-cache';
import {
  expectClose,
  expectSameAsReference,
  LAYOUTS,
  rowsOf,
  runProgram,
  Session,
  sameBits,
} from '../contract-session';
import { describeBackend } from '../contract-suite';
import { describeTogether } from '../contract-together';
import { createBackend } from '../create-backend';
import { nodeGpu } from './node-gpu';
import { BATCH_DISPATCHES } from './recorder';
import { isSoftware, NoAdapterError } from './request-device';
import { newTestingDevice, testingDevice } from './testing-device';
import { SIZE_CLASSES } from './tile-classes';
import { createWebGpuBackend, type WebGpuOptions } from './webgpu-backend';

// An emulated adapter takes seconds to compile a kernel.
vi.setConfig({ testTimeout: 240_000 });
const { device, why } = await testingDevice();
if (!device) console.warn(`\nSKIPPED: every WebGPU test, because ${why}\n`);
const create = (options: WebGpuOptions = {}) => createWebGpuBackend({ device: device!, ...options });

describe.skipIf(!device)('WebGPU in Node', () => {
  describeBackend('webgpu', () => create(), formsInTurn);
  describeTogether('webgpu', () => create());
  describeHalfWeights('webgpu', () => create());
  describeHalfActivations('webgpu', () => create(), formsInTurn);
  // A head of 300 x 100 takes two windows, so that tables and heads are worked on in parts.
  describeHalfWeights('webgpu in windows', () => create({ maxBindingBytes: 32_768 }));
});

describe.skipIf(!device)('webgpu with no more than the limits that every device has', () => {
  it('multiplies, attends and updates as elsewhere', async () => {
    // Eight storage buffers, 16 KiB of workgroup memory, 128 MiB at once, and no feature; on the tiles of real GPUs.
    const least = await (await (await nodeGpu())!.requestAdapter())!.requestDevice();
    expect(least.limits.maxStorageBuffersPerShaderStage).toBe(8);
    const limited = async () => {
      const backend = await createWebGpuBackend({ device: least, tune: false });
      const { recorder } = backend as unknown as { recorder: { measuredChoices: unknown } };
      recorder.measuredChoices = SIZE_CLASSES.map(() => ({ units: false, tile: 1, splits: 1 }));
      return backend;
    };
    await expectSameAsReference(
      limited,
      11,
      (s) => {
        const [rows, heads, kvHeads, headDim] = [40, 4, 2, 64];
        const segments = [{ start: 0, end: rows, prefixStart: 0, prefixEnd: 0 }];
        const shape = { rows, heads, kvHeads, headDim, segments };
        const query = () => s.input(rows * heads * headDim);
        const key = () => s.input(rows * kvHeads * headDim);
        const [q, k, v] = [query(), key(), key()];
        const out = s.output('out', rows * heads * headDim);
        const logSumExp = s.output('logSumExp', rows * heads);
        s.backend.attention({ out, logSumExp, q, k, v, shape });
        const dQ = s.output('dQ', rows * heads * headDim);
        const [dK, dV] = ['dK', 'dV'].map((name) => s.output(name, rows * kvHeads * headDim)) as [Tensor, Tensor];
        s.backend.attentionBackward({ dQ, dK, dV, dOut: query(), out, logSumExp, q, k, v, shape });
        const [m, n, inner] = [130, 132, 36];
        s.backend.matmul({
          form: 'nt',
          out: s.output('c', m * n),
          a: s.input(m * inner),
          b: s.input(n * inner),
          rows: m,
          columns: n,
          inner,
          plus: s.input(m * n),
          bias: s.input(n),
          swiglu: { out: s.output('gated', m * n), gate: s.input(m * n) },
        });
      },
      1e-5,
    );
    least.destroy();
  });
});

describe.skipIf(!device)('webgpu: tensors larger than one binding', () => {
  // 64 KiB at once: a table of 300 x 100 takes two windows, 40,000 values three.
  const small = () => create({ maxBindingBytes: 65_536 });
  const check = (program: Parameters<typeof expectSameAsReference>[2], tolerance: number) =>
    expectSameAsReference(small, 7, program, tolerance);

  it('elementwise ops, sums and AdamW go over them in parts', async () => {
    await check((s) => {
      const length = 40_001;
      const filled = s.output('filled', length);
      s.backend.fill(filled, 0.5);
      const copied = s.output('copied', length);
      s.backend.copy(copied, filled);
      s.backend.add(copied, s.input(length + 5));
      s.backend.sumSquares(s.output('squares', 2), 1, copied);
      const [dGate, dUp] = [s.output('dGate', length), s.output('dUp', length)];
      s.backend.swigluBackward({
        dGate,
        dUp,
        dOut: s.input(length),
        gate: s.input(length),
        up: s.input(length),
        length,
      });
      const [parameter, m, v] = ['parameter', 'm', 'v'].map((name) => s.output(name, length));
      s.backend.fill(v!, 0.1);
      const rates = { learningRate: 0.01, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1 };
      s.backend.adamW(parameter!, s.input(length + 5), m!, v!, { ...rates, step: 2, gradientScale: 0.5 });
    }, 2e-6);
  });

  it.each(['nt', 'nn', 'tn'] as const)(
    'matmul %s with either operand, the result or its epilogue, in parts',
    async (form) => {
      for (const [m, n, k] of [
        [300, 40, 100],
        [40, 300, 100],
        [30, 50, 700],
        [210, 130, 20],
      ] as const) {
        await check((s) => {
          const [a, b, c] = [s.input(m * k), s.input(n * k), s.output('c', m * n)];
          s.backend.matmul({ form, out: c, a, b, rows: m, columns: n, inner: k, plus: c });
          s.backend.matmul({
            form,
            out: s.output('after', m * n),
            a,
            b,
            rows: m,
            columns: n,
            inner: k,
            plus: s.input(m * n),
            bias: s.input(n),
            swiglu: { out: s.output('gated', m * n), gate: s.input(m * n) },
          });
        }, 2e-6);
      }
    },
  );

  it('gather, scatter and the head with a vocabulary in parts', async () => {
    const [rows, dim, vocab] = [30, 100, 300];
    await check((s) => {
      const table = s.input(vocab * dim);
      const indices = s.indices(rows, vocab);
      s.backend.gatherRows(s.output('rows', rows * dim), table, indices, rows, dim);
      const gradient = s.output('dTable', vocab * dim);
      s.backend.scatterAddRows(gradient, s.input(rows * dim), indices, rows, dim);
      const hidden = s.input(rows * dim);
      const lse = s.output('lse', rows);
      s.backend.logProb({
        logProb: s.output('logProb', rows),
        logSumExp: lse,
        hidden,
        head: table,
        targets: indices,
        rows,
        dim,
        vocab,
      });
      const dHidden = s.output('dHidden', rows * dim);
      s.backend.logProbBackward({
        dHidden,
        dHead: gradient,
        coefficient: s.input(rows),
        logSumExp: lse,
        hidden,
        head: table,
        targets: indices,
        rows,
        dim,
        vocab,
      });
    }, 4e-6);
  });

  it('elementwise ops on f16 go over them in parts', async () => {
    await check((s) => {
      const length = 40_001;
      s.backend.copy(s.halfOutput('copied', length), s.input(length + 5));
    }, 1.1e-3);
    await check((s) => {
      const length = 40_000;
      const [dGate, dUp] = [s.output('dGate', length), s.output('dUp', length)];
      s.backend.swigluBackward({
        dGate,
        dUp,
        dOut: s.input(length),
        gate: s.halves(length),
        up: s.halves(length),
        length,
      });
      s.backend.dropout({ out: s.output('dropped', length), x: s.halves(length), length, rate: 0.3, seed: 7 });
    }, 2e-6);
  });

  it('the head keeps logits of a vocabulary in slices, and none where their buffer cannot be bound', async () => {
    const backend = await small();
    // 14,336 logits at once: two slices. Of 16 rows 66,048 bytes would be bound, which is too much.
    const shape = { rows: 20, dim: 12, vocab: 1031 };
    const plain = await runProgram(backend, 1, headProgram(shape, null));
    for (const kept of cacheLengths(shape)) {
      const actual = await runProgram(backend, 1, headProgram(shape, kept));
      for (const [output, values] of plain) {
        expect(sameBits(actual.get(output)!, values), `${output}, ${kept} elements kept`).toBe(true);
      }
    }
    backend.dispose();
    await expectSameAsReference(small, 1, headProgram(shape, 10 * 1032), 3e-6);
  });

  it('an op that cannot be split says so, with numbers', async () => {
    const b = await small();
    const [x, out, inverse, weight] = [b.alloc(20_000), b.alloc(20_000), b.alloc(200), b.alloc(100)];
    expect(() => b.rmsNorm({ out, inverseRms: inverse, x, weight, rows: 200, dim: 100, epsilon: 1e-5 })).toThrow(
      /rmsNorm: .* takes 8\d+ bytes.* 65536/,
    );
    b.dispose();
  });
});

describe.skipIf(!device)('webgpu: recording', () => {
  it('does not compute cached logits again', async () => {
    const b = await create();
    await expectCacheIsRead(b);
    b.dispose();
  });

  it('submits when a batch is full, and the rest at a read', async () => {
    const b = await create();
    const s = new Session(b, 3);
    const [x, y] = [s.input(1000), s.input(1000)];
    b.flush();
    const before = b.submissions;
    const batches = 2;
    for (let i = 0; i < batches * BATCH_DISPATCHES; i++) b.add(y, x);
    b.copy(x, y);
    expect(b.submissions).toBe(before + batches);
    await b.read(y);
    expect(b.submissions).toBe(before + batches + 1);
    b.dispose();
  });

  it('goes on past a full ring of parameters', async () => {
    const b = await create();
    const [x, one] = [b.alloc(3), b.alloc(3)];
    b.fill(one, 1);
    for (let i = 0; i < 5000; i++) b.add(x, one);
    expect([...(await b.read(x))]).toEqual([5000, 5000, 5000]);
    b.dispose();
  });

  it('keeps writes and ops in the order of the calls', async () => {
    const b = await create();
    const [x, sum] = [b.alloc(2), b.alloc(2)];
    for (const value of [1, 10, 100]) {
      b.write(x, Float32Array.of(value, -value));
      b.add(sum, x);
    }
    expect([...(await b.read(sum))]).toEqual([111, -111]);
    b.dispose();
  });

  it('takes one tensor as input and output where the contract allows it', async () => {
    await expectSameAsReference(
      create,
      5,
      (s) => {
        const gate = s.output('gate', 300);
        s.backend.swigluBackward({
          dGate: gate,
          dUp: s.output('dUp', 300),
          dOut: s.input(300),
          gate,
          up: s.input(300),
          length: 300,
        });
        s.backend.add(gate, gate);
        const x = s.output('x', 4 * 60);
        s.backend.rmsNorm({
          out: x,
          inverseRms: s.output('inverse', 4),
          x,
          weight: s.input(60),
          rows: 4,
          dim: 60,
          epsilon: 1e-5,
        });
      },
      2e-6,
    );
  });

  it('attention blocks of 32 rows, which real GPUs get, agree too', async () => {
    const layout = LAYOUTS['two shared prefixes']!;
    await expectSameAsReference(
      () => create({ attentionRows: 32 }),
      6,
      (s) => {
        const rows = rowsOf(layout);
        const shape = { rows, heads: 4, kvHeads: 2, headDim: 16, segments: layout };
        const [q, k, v] = [s.input(rows * 64, 2), s.input(rows * 32, 2), s.input(rows * 32)];
        const [out, lse] = [s.output('out', rows * 64), s.output('lse', rows * 4)];
        s.backend.attention({ out, logSumExp: lse, q, k, v, shape });
        const [dQ, dK, dV] = [s.output('dQ', rows * 64), s.output('dK', rows * 32), s.output('dV', rows * 32)];
        s.backend.attentionBackward({ dQ, dK, dV, dOut: s.input(rows * 64), out, logSumExp: lse, q, k, v, shape });
      },
      5e-6,
    );
  });
});

describe.skipIf(!device)('webgpu: memory', () => {
  const step = async (b: Backend) => {
    const tensors = [7000, 3, 50_000, 1, 64_000].map((length) => b.alloc(length));
    b.addBiasBackward(tensors[1]!, tensors[0]!, 100, 3);
    b.sumSquares(tensors[3]!, 0, tensors[2]!);
    await b.read(tensors[3]!);
    for (const i of [2, 0, 1, 4, 3]) b.free(tensors[i]!);
  };

  it('creates no buffer after the first step', async () => {
    const b = await create();
    await step(b);
    const [buffers, bytes] = [b.buffersCreated, b.bytesReserved];
    for (let i = 0; i < 20; i++) await step(b);
    expect([b.buffersCreated, b.bytesReserved, b.bytesInUse]).toEqual([buffers, bytes, 0]);
    // The control: other sizes do create buffers.
    b.alloc(123_456);
    expect(b.buffersCreated).toBe(buffers + 1);
    b.dispose();
  });

  it('lends what is free for intermediate values of other sizes, but no tensor', async () => {
    const b = await create();
    // The sum's partials are intermediate: 512 of them, then 300, then 290.
    const sums = async (lengths: readonly number[]) => {
      for (const length of lengths) {
        const x = b.alloc(length * 8192);
        b.sumSquares(x, 0, x);
        b.free(x);
        await b.read(b.alloc(1));
      }
      return b.buffersCreated;
    };
    const created = await sums([100]);
    // A tensor of its own and the one read from; no third buffer, for 90 partials fit where 100 were.
    expect(await sums([90])).toBe(created + 2);
    b.dispose();
  });

  it('compiles ahead what is rehearsed, and leaves tensors as they were', async () => {
    const own = await newTestingDevice();
    const b = await createWebGpuBackend({ device: own });
    let compiled = 0;
    const { createComputePipeline } = own;
    own.createComputePipeline = (descriptor) => {
      compiled++;
      return createComputePipeline.call(own, descriptor);
    };
    const s = new Session(b, 4);
    const [a, c] = [s.input(12), s.input(9)];
    const before = [await b.read(a), await b.read(c)];
    const work = () => {
      b.matmul({ form: 'nt', out: c, a, b: a, rows: 3, columns: 3, inner: 4 });
      b.fill(a, 0);
      b.scale(c, 2, 9);
    };
    await b.prepare!(work);
    expect([await b.read(a), await b.read(c)]).toEqual(before);
    work();
    expect([...(await b.read(a))]).toEqual(Array(12).fill(0));
    expect(compiled).toBe(0);
    b.add(c, c);
    expect(compiled).toBe(1);
    b.dispose();
    own.destroy();
  });

  it('names the numbers when the limit is reached, and goes on working', async () => {
    const b = await create({ memoryLimit: 8 * 2 ** 20 });
    const kept = b.alloc(262_144);
    const ask = () => b.alloc(2 ** 21);
    expect(ask).toThrow(OutOfMemoryError);
    expect(ask).toThrow(/^out of memory: 8\.0 MiB requested, \d\.\d MiB in use, the limit is 8\.0 MiB$/);
    b.fill(kept, 2);
    expect((await b.read(kept, 262_143))[0]).toBe(2);
    b.dispose();
  });

  it('names the device when no buffer can be that large', async () => {
    const b = await create();
    expect(() => b.alloc(2 ** 40)).toThrow(/MiB per buffer on this device/);
    b.dispose();
  });

  it('takes from its free buffers before it refuses', async () => {
    const b = await create({ memoryLimit: 8 * 2 ** 20 });
    b.free(b.alloc(2 ** 20));
    expectClose(await b.read(b.alloc(2 ** 20 + 70_000), 2 ** 20), new Float32Array(70_000), 0, 'zeros');
    b.dispose();
  });
});

describe.skipIf(!device)('webgpu: the device', () => {
  it('is not chosen for anyone when it is emulated; who allows it gets it', async () => {
    const gpu = (await nodeGpu())!;
    if (!isSoftware(device!.adapterInfo)) return;
    await expect(createWebGpuBackend({ gpu })).rejects.toThrow(NoAdapterError);
    const reasons: string[] = [];
    const chosen = await createBackend({ gpu, onFallback: (reason) => reasons.push(reason) });
    expect(chosen.name).toBe('wasm');
    expect(reasons[0]).toMatch(/emulated/);
    chosen.dispose();
    const allowed = await createBackend({ gpu, allowSoftware: true });
    expect(allowed.name).toBe('webgpu');
    expect(allowed.description).toMatch(/^CPU \(WebGPU emulated by /);
    allowed.dispose();
  });

  it('once lost, every op and read says so with the reason', async () => {
    const own = await newTestingDevice();
    const b = await createWebGpuBackend({ device: own });
    const x = b.alloc(4);
    expect([...(await b.read(x))]).toEqual([0, 0, 0, 0]);
    own.destroy();
    await own.lost;
    await expect(b.read(x)).rejects.toThrow(DeviceLostError);
    await expect(b.read(x)).rejects.toMatchObject({ reason: 'destroyed' });
    expect(() => b.fill(x, 1)).toThrow(DeviceLostError);
    expect(() => b.alloc(4)).toThrow(DeviceLostError);
    b.dispose();
  });

  it('a refused command surfaces at the next read', async () => {
    const own = await newTestingDevice();
    const b = await createWebGpuBackend({ device: own });
    const x = b.alloc(4);
    own.createShaderModule({ code: 'this is no WGSL' });
    await expect(
      (async () => {
        await b.read(x);
        await b.read(x);
      })(),
    ).rejects.toThrow(/the GPU refused/);
    b.dispose();
    own.destroy();
  });
});

describe('where there is no WebGPU at all', () => {
  it('asking for it is refused by name, and createBackend takes the CPU', async () => {
    // Node itself has none; the tests above bring theirs along.
    await expect(createWebGpuBackend()).rejects.toThrow(NoAdapterError);
    const b = await createBackend({ prefer: 'webgpu' });
    expect(b.name).toBe('wasm');
    b.dispose();
  });
});
