/**
 * C = op(A) op(B) by tiles. A workgroup computes tileM x tileN of C: it goes along k in slices of A and B that are held in
 * workgroup memory, and every thread multiplies an 8 x 8 (or smaller) register block out of them. While it multiplies
 * one slice, the next is on its way into registers. Matrices have leading dimensions and start offsets in elements, so
 * that parts of larger ones can be used. Each may hold f16 values; sums are f32.
 *
 * A slice keeps the order of its matrix in storage, so that nothing is transposed: along k where the rows run along k,
 * else along C. Rows are padded to an odd number of vectors, so that eight of them lie in different banks.
 *
 * With `params.splits` > 1, k is divided among as many workgroups, and split i writes its sums into the i-th of as many
 * results that lie behind each other; `sumSplitsKernel` adds them, always in the same order.
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
  { m: 128, n: 64, k: 16, blockM: 8, blockN: 8 },
  { m: 64, n: 128, k: 16, blockM: 8, blockN: 8 },
  { m: 64, n: 64, k: 16, blockM: 8, blockN: 8 },
  { m: 64, n: 64, k: 16, blockM: 8, blockN: 4 },
  { m: 64, n: 64, k: 16, blockM: 4, blockN: 4 },
  { m: 32, n: 32, k: 16, blockM: 4, blockN: 4 },
  { m: 32, n: 64, k: 0, blockM: 4, blockN: 8 },
  { m: 64, n: 64, k: 0, blockM: 8, blockN: 8 },
  { m: 64, n: 32, k: 0, blockM: 8, blockN: 4 },
];

/** The tile for operands that cannot be read four at a time, as a direct tile requires. */
export const SMALLEST_TILE = 6;
export const DIRECT_TILES = { low: 7, square: 8, tall: 9 } as const;

export function threadsOf({ m, n, blockM, blockN }: Tile): number {
  return (m / blockM) * (n / blockN);
}

/** Workgroup memory in bytes, of the form that needs most. */
export function memoryOf({ m, n, k }: Tile): number {
  return k === 0
    ? 0
    : 16 * [m, n].reduce((sum, width) => sum + Math.max(alongK(width, k).length, alongC(width, k).length), 0);
}

/** How a slice of an operand lies in workgroup memory, in vectors of four. */
interface Slice {
  readonly length: number;
  /** WGSL expression of the place of the `four`-th vector of the `row`-th row of the matrix's part in the slice. */
  place(row: string, four: string): string;
  /** As `place`, of row 4 * `group` + `within`. */
  placeInGroup(group: string, within: number, four: string): string;
}

/** [depth][width / 4] */
const alongC = (width: number, depth: number): Slice => {
  const place = (row: string, four: string) => `(${row}) * ${width / 4}u + ${four}`;
  return {
    length: (width / 4) * depth,
    place,
    placeInGroup: (group, within, four) => place(`4u * (${group}) + ${within}u`, four),
  };
};

/**
 * [width][depth / 4], each row of an odd number of vectors. Every fourth row is a neighbour, since a thread needs four
 * rows at a time that follow each other in the matrix; half of the banks lie between these groups.
 */
const alongK = (width: number, depth: number): Slice => {
  const stride = (depth / 4) | 1;
  const group = (width / 4) * stride + 4;
  return {
    length: 4 * group,
    place: (row, four) => `((${row}) % 4u) * ${group}u + ((${row}) / 4u) * ${stride}u + ${four}`,
    placeInGroup: (index, within, four) => `${within * group}u + (${index}) * ${stride}u + ${four}`,
  };
};

export const MATMUL_PARAMS = {
  m: 'u32',
  n: 'u32',
  k: 'u32',
  aStart: 'u32',
  aStride: 'u32',
  bStart: 'u32',
  bStride: 'u32',
  ...STORE_PARAMS,
  splits: 'u32',
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

/** An operand of one kernel. */
interface Operand {
  readonly name: 'a' | 'b';
  readonly slice: Slice;
  /** Positions of the slice along C, and along k. */
  readonly width: number;
  readonly depth: number;
  /** The matrix's rows run along C: one row is one step of k. */
  readonly kIsRow: boolean;
  readonly threads: number;
}

const moved = ({ width, depth, threads }: Operand) => Math.ceil((width * depth) / 4 / threads);

/** Calls `line` for each vector that a thread moves; the last are not every thread's where threads do not divide them. */
function eachMoved(o: Operand, line: (i: number, row: string, four: string) => string): string {
  const across = (o.kIsRow ? o.width : o.depth) / 4;
  const vectors = (o.width * o.depth) / 4;
  return repeat(moved(o), (i) => {
    const at = `(thread + ${i * o.threads}u)`;
    const text = line(i, `${at} / ${across}u`, `${at} % ${across}u`);
    return (i + 1) * o.threads > vectors ? `    if (${at} < ${vectors}u) {\n${text}\n    }` : text;
  });
}

/** Reads a thread's vectors of the slice at k0 = `k0` into registers. */
const fetchSlice = (o: Operand, k0: string) =>
  eachMoved(o, (i, row, four) => {
    const x0 = o.name === 'a' ? 'm0' : 'n0';
    const from = o.kIsRow ? `${k0} + ${row}, ${x0} + 4u * (${four})` : `${x0} + ${row}, ${k0} + 4u * (${four})`;
    return `    ${o.name}Next${i} = load_${o.name}(${from});`;
  });

const putSlice = (o: Operand) =>
  eachMoved(o, (i, row, four) => `    ${o.name}Slice[${o.slice.place(row, four)}] = ${o.name}Next${i};`);

/** `vectorA`, `vectorB`: start, stride and the length of rows are multiples of 4 there. `halfA`, `halfB`: it holds f16. */
export interface MatmulVariant extends StoreVariant {
  readonly form: MatmulForm;
  /** An index of TILES, or of SUBGROUP_TILES. */
  readonly tile: number;
  readonly vectorA: boolean;
  readonly vectorB: boolean;
  readonly halfA: boolean;
  readonly halfB: boolean;
}

const operand = (name: string, vector: boolean, half: boolean): Binding =>
  read(name, vector ? vec4Type(half) : half ? 'u32' : 'f32');

export const operandBindings = ({ vectorA, vectorB, halfA, halfB }: MatmulVariant): Binding[] => [
  operand('a', vectorA, halfA),
  operand('b', vectorB, halfB),
];

/** WGSL: `load_a` and `load_b`, by row and column of the matrix as it is stored. */
export const operandLoaders = ({ form, vectorA, vectorB, halfA, halfB }: MatmulVariant): string =>
  `${form === 'tn' ? loader('a', vectorA, halfA, 'params.k', 'params.m') : loader('a', vectorA, halfA, 'params.m', 'params.k')}
${form === 'nt' ? loader('b', vectorB, halfB, 'params.n', 'params.k') : loader('b', vectorB, halfB, 'params.k', 'params.n')}`;

/** Statements that add the products of four steps of k, from step `kk` of the slice on. */
function multiplyFour(a: Operand, b: Operand, tile: Tile): string {
  const [across, down] = [tile.n / tile.blockN, tile.m / tile.blockM];
  const [m4, n4] = [tile.blockM / 4, tile.blockN / 4];
  const rowAt = (i: number) => a.slice.placeInGroup(`ty + ${down * (i >> 2)}u`, i & 3, 'kk');
  const columnAt = (j: number) => b.slice.placeInGroup(`tx + ${across * (j >> 2)}u`, j & 3, 'kk');
  const steps = [0, 1, 2, 3].map((r) => {
    const rows = a.kIsRow
      ? repeat(m4, (i) => `      let a${r}_${i} = aSlice[${a.slice.placeInGroup('kk', r, `ty + ${down * i}u`)}];`)
      : '';
    const columns = repeat(n4, (j) =>
      b.kIsRow
        ? `      let b${r}_${j} = bSlice[${b.slice.placeInGroup('kk', r, `tx + ${across * j}u`)}];`
        : `      let b${r}_${j} = vec4<f32>(${[0, 1, 2, 3].map((c) => `b${4 * j + c}[${r}]`).join(', ')});`,
    );
    const sums = repeat(tile.blockM, (i) => {
      const factor = a.kIsRow ? `a${r}_${i >> 2}[${i & 3}]` : `a${i}[${r}]`;
      return repeat(n4, (j) => `      c${i}_${j} = fma(vec4<f32>(${factor}), b${r}_${j}, c${i}_${j});`);
    });
    return `${rows}\n${columns}\n${sums}`;
  });
  return `${a.kIsRow ? '' : repeat(tile.blockM, (i) => `      let a${i} = aSlice[${rowAt(i)}];`)}
${b.kIsRow ? '' : repeat(tile.blockN, (j) => `      let b${j} = bSlice[${columnAt(j)}];`)}
${steps.join('\n')}`;
}

export const matmulKernel: (variant: MatmulVariant) => Kernel<keyof MatmulParams> = kernelFamily((variant) => {
  const { form } = variant;
  const tile = TILES[variant.tile]!;
  const threads = threadsOf(tile);
  const across = tile.n / tile.blockN;
  const down = tile.m / tile.blockM;
  const n4 = tile.blockN / 4;
  const operandOf = (name: 'a' | 'b', width: number, kIsRow: boolean): Operand => {
    const slice = (kIsRow ? alongC : alongK)(width, tile.k);
    return { name, slice, width, depth: tile.k, kIsRow, threads };
  };
  const a = operandOf('a', tile.m, form === 'tn');
  const b = operandOf('b', tile.n, form !== 'nt');
  const registers = (o: Operand) => repeat(moved(o), (i) => `  var ${o.name}Next${i} = vec4<f32>();`);
  const store = repeat(tile.blockM, (i) =>
    repeat(n4, (j) => {
      const row = `m0 + 4u * (ty + ${down * (i >> 2)}u) + ${i & 3}u`;
      return `  store(split, ${row}, n0 + 4u * (tx + ${across * j}u), c${i}_${j});`;
    }),
  );
  const code = `
var<workgroup> aSlice: array<vec4<f32>, ${a.slice.length}>;
var<workgroup> bSlice: array<vec4<f32>, ${b.slice.length}>;

${operandLoaders(variant)}

${storeFunction(variant)}

@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let m0 = (group.y / params.splits) * ${tile.m}u;
  let n0 = group.x * ${tile.n}u;
  let tx = thread % ${across}u;
  let ty = thread / ${across}u;
  let split = group.y % params.splits;
  let slices = (params.k + ${tile.k - 1}u) / ${tile.k}u;
  let end = ${tile.k}u * (slices * (split + 1u) / params.splits);
${repeat(tile.blockM, (i) => repeat(n4, (j) => `  var c${i}_${j} = vec4<f32>();`))}
${registers(a)}
${registers(b)}
  var k0 = ${tile.k}u * (slices * split / params.splits);
${fetchSlice(a, 'k0')}
${fetchSlice(b, 'k0')}
  while (k0 < end) {
${putSlice(a)}
${putSlice(b)}
    workgroupBarrier();
    k0 += ${tile.k}u;
    if (k0 < end) {
${fetchSlice(a, 'k0')}
${fetchSlice(b, 'k0')}
    }
    for (var kk = 0u; kk < ${tile.k / 4}u; kk++) {
${multiplyFour(a, b, tile)}
    }
    workgroupBarrier();
  }
${store}
}`;
  return {
    name: `matmul tiled ${variantName([variant])}`,
    bindings: [...storeBindings(variant), ...operandBindings(variant)],
    params: MATMUL_PARAMS,
    code,
  };
});

/** C = the sum of the splits of a product, and the epilogue. Partial sums have C's rows and no gaps between them. */
export const sumSplitsKernel: (store: StoreVariant) => Kernel<keyof MatmulParams> = kernelFamily((store) => ({
  name: `matmul sumSplits ${variantName([store])}`,
  bindings: [...storeBindings(store), read('partial', store.vectorC ? 'vec4<f32>' : 'f32')],
  params: MATMUL_PARAMS,
  code: `
${storeFunction(store)}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let across = (params.n + 3u) / 4u;
  for (var at = id.x; at < params.m * across; at += groups.x * 64u) {
    let row = at / across;
    let column = 4u * (at % across);
    var sum = vec4<f32>();
    for (var split = 0u; split < params.splits; split++) {
${
  store.vectorC
    ? '      sum += partial[((split * params.m + row) * params.n + column) / 4u];'
    : repeat(
        4,
        (i) =>
          `      if (column + ${i}u < params.n) { sum[${i}] += partial[(split * params.m + row) * params.n + column + ${i}u]; }`,
      )
}
    }
    store(0u, row, column, sum);
  }
}`,
}));
