/** How fast matrix products are, by tile, form and shape, on plain kernels and on subgroup matrices. */

import type { MatmulForm } from '../backends/backend';
import type { PoolBuffer } from '../backends/webgpu/buffer-pool';
import { TILES } from '../backends/webgpu/kernels/matmul';
import {
  MAXIMA,
  SUBGROUP_TILES,
  type SubgroupMatmulVariant,
  subgroupMatmulKernel,
  subgroupMemoryOf,
} from '../backends/webgpu/kernels/matmul-subgroup';
import { recordMatmul, usableChoices } from '../backends/webgpu/matmul';
import { whole } from '../backends/webgpu/recorder';
import type { MatmulChoice } from '../backends/webgpu/tile-classes';
import { seededRandom } from '../data/seeded-random';
import { packHalves } from '../io/half-precision';
import type { BenchDevice } from './bench-device';
import type { Cell, Table } from './report';

interface Shape {
  readonly form: MatmulForm;
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

/** The products of a 135M model's step at 2,048 rows, and one slice of its head. */
const SHAPES: readonly Shape[] = [
  { form: 'nt', m: 2048, n: 1536, k: 576 },
  { form: 'nn', m: 2048, n: 576, k: 1536 },
  { form: 'tn', m: 1536, n: 576, k: 2048 },
];
const SMALL: readonly Shape[] = (['nt', 'nn', 'tn'] as const).map((form) => ({ form, m: 64, n: 64, k: 64 }));

interface Operands {
  readonly c: PoolBuffer;
  readonly a: PoolBuffer;
  readonly b: PoolBuffer;
  readonly halfA: boolean;
  readonly halfB: boolean;
}

function operands({ recorder }: BenchDevice, { m, n, k }: Shape, halfA: boolean, halfB: boolean): Operands {
  const random = seededRandom(1);
  const filled = (length: number, half: boolean) => {
    const values = Float32Array.from({ length }, () => random() * 2 - 1);
    const buffer = recorder.scratch(half ? length / 2 : length);
    recorder.upload(buffer, 0, half ? packHalves(values) : values);
    return buffer;
  };
  return { c: recorder.scratch(m * n), a: filled(m * k, halfA), b: filled(n * k, halfB), halfA, halfB };
}

const strides = ({ form, m, n, k }: Shape) => ({ a: form === 'tn' ? m : k, b: form === 'nt' ? k : n });

function recordPlain(
  { recorder }: BenchDevice,
  shape: Shape,
  { c, a, b, halfA, halfB }: Operands,
  choice: MatmulChoice,
): void {
  const stride = strides(shape);
  recordMatmul(
    recorder,
    {
      ...shape,
      c: { buffer: c, start: 0, stride: shape.n },
      a: { buffer: a, start: 0, stride: stride.a, half: halfA },
      b: { buffer: b, start: 0, stride: stride.b, half: halfB },
    },
    choice,
  );
}

function recordSubgroup(
  { recorder }: BenchDevice,
  shape: Shape,
  { c, a, b, halfA, halfB }: Operands,
  { tile, words, maxima }: { tile: number; words: SubgroupMatmulVariant['words']; maxima: PoolBuffer },
): void {
  const stride = strides(shape);
  const { m, n, k, form } = shape;
  const kernel = subgroupMatmulKernel({
    form,
    tile,
    words,
    halfA,
    halfB,
    vectorA: true,
    vectorB: true,
    vectorC: true,
    halfC: false,
    plus: 'nothing',
    bias: false,
    swiglu: false,
  });
  const views = [c, a, b, ...(halfA ? [] : [maxima]), ...(halfB ? [] : [maxima])].map(whole);
  const rest = { cStart: 0, cStride: n, plusStart: 0, biasStart: 0, gateStart: 0, gatedStart: 0 };
  const starts = { scale: 1, splits: 1, aStart: 0, aStride: stride.a, bStart: 0, bStride: stride.b };
  const size = SUBGROUP_TILES[tile]!;
  recorder.dispatch(kernel, views, { m, n, k, ...starts, ...rest }, Math.ceil(n / size.n), Math.ceil(m / size.m));
}

async function readFloats({ device, recorder, finish }: BenchDevice, buffer: PoolBuffer, length: number) {
  const staging = device.createBuffer({ size: 4 * length, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  recorder.copy(buffer, 0, staging, 4 * length);
  await finish();
  await staging.mapAsync(GPUMapMode.READ);
  const values = new Float32Array(staging.getMappedRange().slice(0));
  staging.destroy();
  return values;
}

function relativeError(actual: Float32Array, expected: Float32Array): number {
  let difference = 0;
  let size = 0;
  expected.forEach((value, i) => {
    difference += (actual[i]! - value) ** 2;
    size += value ** 2;
  });
  return Math.sqrt(difference / size);
}

const describe = ({ form, m, n, k }: Shape) => `${form} ${m} x ${n} x ${k}`;

export async function measureProducts(bench: BenchDevice): Promise<Table[]> {
  const shapes = bench.software ? SMALL : SHAPES;
  const kinds = [
    { kind: 'f32', half: () => [false, false] as const },
    // In mixed precision gradients stay f32.
    { kind: 'mixed', half: ({ form }: Shape) => [form === 'nt', true] as const },
  ];
  const choices = usableChoices(bench.recorder).filter(({ splits }) => splits < 16);
  const rows: Cell[][] = [];
  const cases = shapes.flatMap((shape) => kinds.map(({ kind, half }) => ({ shape, kind, half: half(shape) })));
  const units =
    bench.device.features.has('chromium-experimental-subgroup-matrix' as GPUFeatureName) &&
    bench.device.features.has('shader-f16');
  const subgroupRows: Cell[][] = [];
  const maxima = bench.recorder.scratch(MAXIMA);
  bench.recorder.upload(maxima, 0, new Float32Array(MAXIMA).fill(1));
  for (const { shape, kind, half } of cases) {
    const own = operands(bench, shape, half[0], half[1]);
    await bench.recorder.compileAhead(() => {
      for (const choice of choices) recordPlain(bench, shape, own, choice);
    });
    const rates: number[] = [];
    const gigaflop = (2 * shape.m * shape.n * shape.k) / 1e9;
    for (const choice of choices)
      rates.push(gigaflop / (await bench.time(() => recordPlain(bench, shape, own, choice))));
    rows.push([`${describe(shape)}, ${kind}`, ...rates]);
    recordPlain(bench, shape, own, choices[0]!);
    const expected = await readFloats(bench, own.c, shape.m * shape.n);
    if (units) {
      for (const words of ['scalars', 'fours'] as const) {
        const cells: Cell[] = [];
        for (const tile of SUBGROUP_TILES.keys()) {
          const record = () => recordSubgroup(bench, shape, own, { tile, words, maxima });
          try {
            const memory = subgroupMemoryOf({ form: shape.form, tile, halfA: half[0], halfB: half[1] });
            if (memory > bench.recorder.maxWorkgroupMemory) throw new Error(`${memory} bytes`);
            await bench.recorder.compileAhead(record);
            const rate = gigaflop / (await bench.time(record));
            const error = relativeError(await readFloats(bench, own.c, shape.m * shape.n), expected);
            cells.push(`${rate.toFixed(1)} (${error.toExponential(1)})`);
          } catch (error) {
            cells.push(String(error).slice(0, 160));
          }
        }
        subgroupRows.push([`${describe(shape)}, ${kind}, ${words}`, ...cells]);
      }
    }
    for (const buffer of [own.c, own.a, own.b]) bench.recorder.pool.release(buffer);
  }
  const title = ({ tile: index, splits }: MatmulChoice) => {
    const tile = TILES[index]!;
    const depth = tile.k ? ` x ${tile.k}` : '';
    return `${tile.m} x ${tile.n}${depth}, ${tile.blockM} x ${tile.blockN}${splits > 1 ? `, ${splits} splits` : ''}`;
  };
  const plain = {
    title: 'Products, TFLOP/s by tile',
    head: ['product', ...choices.map(title)],
    rows,
  };
  if (!units) return [plain];
  const head = [
    'product',
    ...SUBGROUP_TILES.map(({ m, n, k, down, across }) => `${m} x ${n} x ${k}, ${down} x ${across}`),
  ];
  return [plain, { title: 'Products on subgroup matrices, TFLOP/s (relative error)', head, rows: subgroupRows }];
}
