/** How fast matrix products are, by tile, form and shape, on plain kernels and on subgroup matrices. */

import type { MatmulForm } from '../backends/backend';
import type { PoolBuffer } from '../backends/webgpu/buffer-pool';
import { TILES } from '../backends/webgpu/kernels/matmul';
import { SUBGROUP_TILES } from '../backends/webgpu/kernels/matmul-subgroup';
import { recordMatmul, usableChoices } from '../backends/webgpu/matmul';
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
  for (const shape of shapes) {
    for (const { kind, half } of kinds) {
      const own = operands(bench, shape, half(shape)[0], half(shape)[1]);
      const record = (choice: MatmulChoice) => recordPlain(bench, shape, own, choice);
      await bench.recorder.compileAhead(() => {
        for (const choice of choices) record(choice);
      });
      const gigaflop = (2 * shape.m * shape.n * shape.k) / 1e9;
      let expected: Float32Array | undefined;
      for (const choice of choices) {
        const rate = gigaflop / (await bench.time(() => record(choice)));
        const values = await readFloats(bench, own.c, shape.m * shape.n);
        expected ??= values;
        const error = relativeError(values, expected).toExponential(1);
        rows.push([`${describe(shape)}, ${kind}`, title(choice), rate, error]);
      }
      for (const buffer of [own.c, own.a, own.b]) bench.recorder.pool.release(buffer);
    }
  }
  rows.sort((one, other) => String(one[0]).localeCompare(String(other[0])) || Number(other[2]) - Number(one[2]));
  const head = ['product', 'way', 'TFLOP/s', 'difference from the first way'];
  return [{ title: 'Products, fastest way first', head, rows }];
}

function title({ units, tile: index, splits }: MatmulChoice): string {
  const { m, n, k } = units ? SUBGROUP_TILES[index]! : TILES[index]!;
  const block = units ? 'matrix units' : `${TILES[index]!.blockM} x ${TILES[index]!.blockN}`;
  return `${m} x ${n}${k ? ` x ${k}` : ''}, ${block}${splits > 1 ? `, ${splits} splits` : ''}`;
}
