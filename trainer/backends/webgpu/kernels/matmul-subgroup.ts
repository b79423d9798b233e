/**
 * C = op(A) op(B) on the matrix units of a GPU, through WGSL's subgroup matrices (experimental in Dawn, 2026). A
 * workgroup computes tile.m x tile.n of C; each of its subgroups owns a rectangle of it as 16 x 16 results. Slices of A
 * and B go through workgroup memory as f16, in the order in which they lie in storage.
 *
 * Matrix units multiply f16 and sum in f32. An f16 operand is taken as it is. An f32 operand is scaled by a power of two,
 * such that its largest value is just below 2^15, and split into two f16 parts x = high + low, which together hold 22
 * bits; of four partial products all but low x low are summed. The error of a product is that of f32 arithmetic
 * (Ozaki's scheme, with two parts); values more than 2^17 below the largest lose bits that the sum would lose, too.
 */
import { type Kernel, kernelFamily, read, repeat, variantName, write } from '../kernel';
import { MATMUL_PARAMS, type MatmulParams, type MatmulVariant, operandBindings, operandLoaders } from './matmul';
import { storeBindings, storeFunction } from './matmul-store';

/** Rows, columns and depth of one subgroup matrix. */
export const UNIT = 16;
/** Threads of a subgroup on the devices that have units of this shape. */
export const SUBGROUP = 32;
/** Partial maxima of an f32 operand, from which its scale follows; a multiple of 4. */
export const MAXIMA = 64;

export interface SubgroupTile {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Subgroups down and across. */
  readonly down: number;
  readonly across: number;
}

export const SUBGROUP_TILES: readonly SubgroupTile[] = [
  { m: 128, n: 128, k: 32, down: 4, across: 2 },
  { m: 64, n: 128, k: 32, down: 2, across: 2 },
  { m: 64, n: 64, k: 32, down: 2, across: 2 },
  { m: 64, n: 64, k: 64, down: 2, across: 2 },
];

/** Elements between neighbours in a tile's rows are 1; rows are padded, so that they begin in different banks. */
const PADDING = 8;

interface Operand {
  readonly name: 'a' | 'b';
  /** Positions of the tile along C's rows (a) or columns (b). */
  readonly width: number;
  readonly depth: number;
  /** Source rows run along k. */
  readonly kIsRow: boolean;
  readonly half: boolean;
  readonly threads: number;
}

const parts = ({ half }: Operand) => (half ? ['High'] : ['High', 'Low']);
const rowLength = ({ kIsRow, width, depth }: Operand) => (kIsRow ? width : depth) + PADDING;
const rowCount = ({ kIsRow, width, depth }: Operand) => (kIsRow ? depth : width);
const fours = (o: Operand) => (o.width * o.depth) / 4 / o.threads;

/** Bytes of workgroup memory, of the form and the operands that need most. */
export function subgroupMemoryOf(index: number): number {
  const tile = SUBGROUP_TILES[index]!;
  const results = tile.down * tile.across * UNIT * UNIT * 4;
  const bytes = (o: Operand) => parts(o).length * 2 * rowLength(o) * rowCount(o);
  const needs = (['nt', 'nn', 'tn'] as const).map((form) =>
    operandsOf({ form, halfA: false, halfB: false }, tile).reduce((sum, operand) => sum + bytes(operand), results),
  );
  return needs.reduce((most, need) => Math.max(most, need), 0);
}

function operandsOf(
  { form, halfA, halfB }: Pick<MatmulVariant, 'form' | 'halfA' | 'halfB'>,
  tile: SubgroupTile,
): [Operand, Operand] {
  const threads = tile.down * tile.across * SUBGROUP;
  return [
    { name: 'a', width: tile.m, depth: tile.k, kIsRow: form === 'tn', half: halfA, threads },
    { name: 'b', width: tile.n, depth: tile.k, kIsRow: form !== 'nt', half: halfB, threads },
  ];
}

/** Where the i-th vector of four that a thread moves lies in the tile. */
const placeOf = (o: Operand, i: number) => {
  const across = (o.kIsRow ? o.width : o.depth) / 4;
  return {
    row: `((thread + ${i * o.threads}u) / ${across}u)`,
    column: `(4u * ((thread + ${i * o.threads}u) % ${across}u))`,
  };
};

/** Reads the slice that begins at `k0` into registers, scaled. */
const fetch = (o: Operand, k0: string, origin: string) =>
  repeat(fours(o), (i) => {
    const { row, column } = placeOf(o, i);
    const at = o.kIsRow ? `${k0} + ${row}, ${origin} + ${column}` : `${origin} + ${row}, ${k0} + ${column}`;
    return `    ${o.name}Next${i} = load_${o.name}(${at})${o.half ? '' : ` * ${o.name}Scale`};`;
  });

/**
 * Writes the registers into the tile, split into its parts. The high part is cut off by its bits: a compiler may take a
 * number that was made f16 and f32 again for the number itself, and then nothing is left for the low part.
 */
const put = (o: Operand) =>
  repeat(fours(o), (i) => {
    const { row, column } = placeOf(o, i);
    const next = `${o.name}Next${i}`;
    const at = `(${row} * ${rowLength(o)}u + ${column}) / 4u`;
    if (o.half) return `    ${o.name}TileHigh[${at}] = vec4<f16>(${next});`;
    return `    let ${o.name}Cut${i} = bitcast<vec4<f32>>(bitcast<vec4<u32>>(${next}) & vec4<u32>(0xffffe000u));
    ${o.name}TileHigh[${at}] = vec4<f16>(${o.name}Cut${i});
    ${o.name}TileLow[${at}] = vec4<f16>(${next} - ${o.name}Cut${i});`;
  });

const kindOf = ({ name }: Operand) => `subgroup_matrix_${name === 'a' ? 'left' : 'right'}<f16, ${UNIT}, ${UNIT}>`;

/** Unit `i` of a subgroup's rectangle at depth kk of the slice. Places and strides count vectors of four. */
function loadUnit(o: Operand, part: string, i: number, first: string): string {
  const x = `(${first} + ${i * UNIT}u)`;
  const at = o.kIsRow ? `kk * ${rowLength(o)}u + ${x}` : `${x} * ${rowLength(o)}u + kk`;
  const order = (o.name === 'a') === o.kIsRow ? 'col_major' : 'row_major';
  return `      let ${o.name}${part}${i} = subgroupMatrixLoad<${kindOf(o)}, ${order}>(&${o.name}Tile${part}, (${at}) / 4u, ${rowLength(o) / 4}u);`;
}

/** The power of two that brings the largest of MAXIMA just below 2^15; of zeros, 1. */
const scaleOf = (name: string) => `
fn scale_${name}() -> f32 {
  var most = vec4<f32>();
  for (var i = 0u; i < ${MAXIMA / 4}u; i++) { most = max(most, ${name}Maxima[i]); }
  let largest = max(max(most.x, most.y), max(most.z, most.w));
  if (largest == 0.0) { return 1.0; }
  return exp2(clamp(14.0 - floor(log2(largest)), -100.0, 100.0));
}`;

export const subgroupMatmulKernel: (variant: MatmulVariant) => Kernel<keyof MatmulParams> = kernelFamily((variant) => {
  const tile = SUBGROUP_TILES[variant.tile]!;
  const operands = operandsOf(variant, tile);
  const [a, b] = operands;
  const threads = a.threads;
  const [unitsM, unitsN] = [tile.m / tile.down / UNIT, tile.n / tile.across / UNIT];
  const scaled = operands.filter(({ half }) => !half);
  const pairs = parts(a).flatMap((left) =>
    parts(b).flatMap((right) => (left === 'Low' && right === 'Low' ? [] : [[left, right]])),
  );
  const each = (line: (i: number, j: number) => string) => repeat(unitsM, (i) => repeat(unitsN, (j) => line(i, j)));
  const code = `
${operands.flatMap((o) => parts(o).map((part) => `var<workgroup> ${o.name}Tile${part}: array<vec4<f16>, ${(rowLength(o) * rowCount(o)) / 4}>;`)).join('\n')}
var<workgroup> results: array<f32, ${tile.down * tile.across * UNIT * UNIT}>;

${operandLoaders(variant)}
${scaled.map(({ name }) => scaleOf(name)).join('\n')}
${storeFunction(variant)}

@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let m0 = (group.y / params.splits) * ${tile.m}u;
  let split = group.y % params.splits;
  let n0 = group.x * ${tile.n}u;
  let subgroup = thread / ${SUBGROUP}u;
  let lane = thread % ${SUBGROUP}u;
  let aFirst = (subgroup / ${tile.across}u) * ${tile.m / tile.down}u;
  let bFirst = (subgroup % ${tile.across}u) * ${tile.n / tile.across}u;
${scaled.map(({ name }) => `  let ${name}Scale = scale_${name}();`).join('\n')}
  let unscale = 1.0${scaled.map(({ name }) => ` / ${name}Scale`).join('')};
${each((i, j) => `  var c${i}_${j} = subgroup_matrix_result<f32, ${UNIT}, ${UNIT}>();`)}
${operands.map((o) => repeat(fours(o), (i) => `  var ${o.name}Next${i} = vec4<f32>();`)).join('\n')}
  let slices = (params.k + ${tile.k - 1}u) / ${tile.k}u;
  let end = ${tile.k}u * (slices * (split + 1u) / params.splits);
  var k0 = ${tile.k}u * (slices * split / params.splits);
${fetch(a, 'k0', 'm0')}
${fetch(b, 'k0', 'n0')}
  while (k0 < end) {
${operands.map((o) => put(o)).join('\n')}
    workgroupBarrier();
    k0 += ${tile.k}u;
    if (k0 < end) {
${fetch(a, 'k0', 'm0')}
${fetch(b, 'k0', 'n0')}
    }
    for (var kk = 0u; kk < ${tile.k}u; kk += ${UNIT}u) {
${parts(a)
  .map((part) => repeat(unitsM, (i) => loadUnit(a, part, i, 'aFirst')))
  .join('\n')}
${parts(b)
  .map((part) => repeat(unitsN, (j) => loadUnit(b, part, j, 'bFirst')))
  .join('\n')}
${pairs.map(([left, right]) => each((i, j) => `      c${i}_${j} = subgroupMatrixMultiplyAccumulate(a${left}${i}, b${right}${j}, c${i}_${j});`)).join('\n')}
    }
    workgroupBarrier();
  }
  let result = subgroup * ${UNIT * UNIT}u;
${each(
  (i, j) => `  workgroupBarrier();
  subgroupMatrixStore<row_major>(&results, result, c${i}_${j}, ${UNIT}u);
  workgroupBarrier();
  for (var at = lane; at < ${(UNIT * UNIT) / 4}u; at += ${SUBGROUP}u) {
    let start = result + 4u * at;
    let four = vec4<f32>(results[start], results[start + 1u], results[start + 2u], results[start + 3u]);
    store(split, m0 + aFirst + ${i * UNIT}u + at / ${UNIT / 4}u, n0 + bFirst + ${j * UNIT}u + 4u * (at % ${UNIT / 4}u), four * unscale);
  }`,
)}
}`;
  return {
    name: `matmul subgroups ${variantName([variant])}`,
    bindings: [
      ...storeBindings(variant),
      ...operandBindings(variant),
      ...scaled.map(({ name }) => read(`${name}Maxima`, 'vec4<f32>')),
    ],
    params: MATMUL_PARAMS,
    needsSubgroupMatrices: true,
    code,
  };
});

/** maxima[i] = the largest size of the values that workgroup i reads of a matrix, of MAXIMA workgroups. */
export const maximaKernel: Kernel<'rows' | 'columns' | 'stride' | 'start'> = {
  name: 'matmul maxima',
  bindings: [write('maxima'), read('x', 'vec4<f32>')],
  params: { rows: 'u32', columns: 'u32', stride: 'u32', start: 'u32' },
  code: `
var<workgroup> largest: array<f32, 256>;
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let across = params.columns / 4u;
  var most = vec4<f32>();
  for (var at = group.x * 256u + thread; at < params.rows * across; at += ${MAXIMA * 256}u) {
    most = max(most, abs(x[(params.start + (at / across) * params.stride) / 4u + at % across]));
  }
  largest[thread] = max(max(most.x, most.y), max(most.z, most.w));
  workgroupBarrier();
  for (var width = 128u; width > 0u; width /= 2u) {
    if (thread < width) { largest[thread] = max(largest[thread], largest[thread + width]); }
    workgroupBarrier();
  }
  if (thread == 0u) { maxima[group.x] = largest[0]; }
}`,
};
