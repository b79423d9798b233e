/**
 * C = op(A) op(B) by tiles. A workgroup computes tileM x tileN of C: it loads tileK-deep slices of A and B into
 * workgroup memory, laid out [k][m] and [k][n], and every thread multiplies an 8 x 8 (or 4 x 4) register block out of
 * them. Matrices have leading dimensions and start offsets in elements, so that parts of larger ones can be used. Each
 * may hold f16 values; sums are f32.
 */
import type { MatmulForm } from '../../backend';
import {
  type Binding,
  type Kernel,
  kernelFamily,
  read,
  repeat,
  unpackScalar,
  unpackVec4,
  variantName,
  vec4Type,
} from '../kernel';
import { STORE_PARAMS, type StoreVariant, storeBindings, storeFunction } from './matmul-store';

export interface Tile {
  readonly m: number;
  readonly n: number;
  /** Depth of the slices in workgroup memory; 0: threads read the operands directly, see matmul-direct.ts. */
  readonly k: number;
  /** Register block of a thread: rows and columns, multiples of 4. */
  readonly blockM: number;
  readonly blockN: number;
}

export const TILES: readonly Tile[] = [
  { m: 128, n: 128, k: 8, blockM: 8, blockN: 8 },
  { m: 64, n: 64, k: 16, blockM: 8, blockN: 8 },
  { m: 64, n: 64, k: 16, blockM: 4, blockN: 4 },
  { m: 32, n: 32, k: 16, blockM: 4, blockN: 4 },
  { m: 32, n: 64, k: 0, blockM: 4, blockN: 8 },
  { m: 64, n: 64, k: 0, blockM: 8, blockN: 8 },
  { m: 64, n: 32, k: 0, blockM: 8, blockN: 4 },
];

/** The tile for operands that cannot be read four at a time, as a direct tile requires. */
export const SMALLEST_TILE = 3;
export const DIRECT_TILES = { low: 4, square: 5, tall: 6 } as const;

export function threadsOf({ m, n, blockM, blockN }: Tile): number {
  return (m / blockM) * (n / blockN);
}

/** Workgroup memory in bytes. */
export function memoryOf({ m, n, k }: Tile): number {
  return 4 * k * (m + n);
}

export const MATMUL_PARAMS = {
  m: 'u32',
  n: 'u32',
  k: 'u32',
  aStart: 'u32',
  aStride: 'u32',
  bStart: 'u32',
  bStride: 'u32',
  ...STORE_PARAMS,
} as const;
export type MatmulParams = Readonly<Record<keyof typeof MATMUL_PARAMS, number>>;

/** `load_x(row, column)`: four neighbours of a row, zero outside rows x columns. */
function loader(name: string, vector: boolean, half: boolean, rows: string, columns: string): string {
  const at = `params.${name}Start + row * params.${name}Stride + column`;
  if (vector) {
    return `fn load_${name}(row: u32, column: u32) -> vec4<f32> {
  if (row >= ${rows} || column >= ${columns}) { return vec4<f32>(); }
  let four = ${name}[(${at}) / 4u];
  return ${unpackVec4('four', half)};
}`;
  }
  const one = (i: number) => unpackScalar(name, `at + ${i}u`, half);
  return `fn load_${name}(row: u32, column: u32) -> vec4<f32> {
  var four = vec4<f32>();
  if (row >= ${rows}) { return four; }
  let at = ${at};
${repeat(4, (i) => `  if (column + ${i}u < ${columns}) { four[${i}] = ${one(i)}; }`)}
  return four;
}`;
}

interface TileFill {
  /** The matrix, of which `load_NAME(row, column)` reads four values. */
  readonly name: string;
  /** [depth][width / 4] of vec4 in workgroup memory. */
  readonly tile: string;
  readonly width: number;
  readonly depth: number;
  /** WGSL expression for the first position along the tile's width. */
  readonly x0: string;
  /** The source's rows run along k, so that its columns run along the tile's width. */
  readonly kIsRow: boolean;
  readonly threads: number;
}

/** Statements that fill a tile from depth k0 and position x0 on. */
function fillTile({ name, tile, width, depth, x0, kIsRow, threads }: TileFill): string {
  const w4 = width / 4;
  const loop = (count: number, body: string) =>
    `    for (var at = thread; at < ${count}u; at += ${threads}u) {\n${body}\n    }`;
  if (kIsRow) {
    return loop(w4 * depth, `      ${tile}[at] = load_${name}(k0 + at / ${w4}u, ${x0} + 4u * (at % ${w4}u));`);
  }
  // The source's rows run along k, so blocks of 4 x 4 values are transposed in registers.
  return loop(
    (w4 * depth) / 4,
    `      let x = at / ${depth / 4}u;
      let kk = 4u * (at % ${depth / 4}u);
${repeat(4, (i) => `      let r${i} = load_${name}(${x0} + 4u * x + ${i}u, k0 + kk);`)}
${repeat(4, (i) => `      ${tile}[(kk + ${i}u) * ${w4}u + x] = vec4<f32>(r0[${i}], r1[${i}], r2[${i}], r3[${i}]);`)}`,
  );
}

/** `vectorA`, `vectorB`: start, stride and the length of rows are multiples of 4 there. `halfA`, `halfB`: it holds f16. */
export interface MatmulVariant extends StoreVariant {
  readonly form: MatmulForm;
  /** An index of TILES. */
  readonly tile: number;
  readonly vectorA: boolean;
  readonly vectorB: boolean;
  readonly halfA: boolean;
  readonly halfB: boolean;
}

const operand = (name: string, vector: boolean, half: boolean): Binding =>
  read(name, vector ? vec4Type(half) : half ? 'u32' : 'f32');

export const matmulKernel: (variant: MatmulVariant) => Kernel<keyof MatmulParams> = kernelFamily((variant) => {
  const { form, vectorA, vectorB, halfA, halfB } = variant;
  const tile = TILES[variant.tile]!;
  const threads = threadsOf(tile);
  const across = tile.n / tile.blockN;
  const down = tile.m / tile.blockM;
  const [m4, n4] = [tile.blockM / 4, tile.blockN / 4];
  const [tileM4, tileN4] = [tile.m / 4, tile.n / 4];

  const multiply = repeat(m4, (i) =>
    repeat(4, (r) =>
      repeat(n4, (j) => `      c${i * 4 + r}_${j} = fma(vec4<f32>(a${i}[${r}]), b${j}, c${i * 4 + r}_${j});`),
    ),
  );
  const store = repeat(m4, (i) =>
    repeat(4, (r) =>
      repeat(n4, (j) => `  store(row0 + ${4 * down * i + r}u, column0 + ${4 * across * j}u, c${i * 4 + r}_${j});`),
    ),
  );
  const code = `
var<workgroup> tileA: array<vec4<f32>, ${tile.k * tileM4}>;
var<workgroup> tileB: array<vec4<f32>, ${tile.k * tileN4}>;

${form === 'tn' ? loader('a', vectorA, halfA, 'params.k', 'params.m') : loader('a', vectorA, halfA, 'params.m', 'params.k')}
${form === 'nt' ? loader('b', vectorB, halfB, 'params.n', 'params.k') : loader('b', vectorB, halfB, 'params.k', 'params.n')}

${storeFunction(variant)}

@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let m0 = group.y * ${tile.m}u;
  let n0 = group.x * ${tile.n}u;
  let tx = thread % ${across}u;
  let ty = thread / ${across}u;
${repeat(tile.blockM, (i) => repeat(n4, (j) => `  var c${i}_${j} = vec4<f32>();`))}
  for (var k0 = 0u; k0 < params.k; k0 += ${tile.k}u) {
${fillTile({ name: 'a', tile: 'tileA', width: tile.m, depth: tile.k, x0: 'm0', kIsRow: form === 'tn', threads })}
${fillTile({ name: 'b', tile: 'tileB', width: tile.n, depth: tile.k, x0: 'n0', kIsRow: form !== 'nt', threads })}
    workgroupBarrier();
    for (var kk = 0u; kk < ${tile.k}u; kk++) {
${repeat(m4, (i) => `      let a${i} = tileA[kk * ${tileM4}u + ${down * i}u + ty];`)}
${repeat(n4, (j) => `      let b${j} = tileB[kk * ${tileN4}u + ${across * j}u + tx];`)}
${multiply}
    }
    workgroupBarrier();
  }
  let row0 = m0 + 4u * ty;
  let column0 = n0 + 4u * tx;
${store}
}`;
  return {
    name: `matmul tiled ${variantName([variant])}`,
    bindings: [...storeBindings(variant), operand('a', vectorA, halfA), operand('b', vectorB, halfB)],
    params: MATMUL_PARAMS,
    code,
  };
});
