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
import type { MatmulForm } from '../../backend';
import { type Kernel, kernelFamily, read, repeat, variantName } from '../kernel';
import { loader, MATMUL_PARAMS, type MatmulParams, operand } from './matmul';
import { type StoreVariant, storeBindings, storeFunction } from './matmul-store';

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

export interface SubgroupMatmulVariant extends StoreVariant {
  readonly form: MatmulForm;
  /** An index of SUBGROUP_TILES. */
  readonly tile: number;
  readonly vectorA: boolean;
  readonly vectorB: boolean;
  readonly halfA: boolean;
  readonly halfB: boolean;
  readonly words: 'scalars' | 'fours' | 'fours by element';
}

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

/** Bytes of workgroup memory. */
export function subgroupMemoryOf(variant: Pick<SubgroupMatmulVariant, 'form' | 'tile' | 'halfA' | 'halfB'>): number {
  const tile = SUBGROUP_TILES[variant.tile]!;
  const bytes = operandsOf(variant, tile).map((o) => parts(o).length * 2 * rowLength(o) * rowCount(o));
  return bytes[0]! + bytes[1]! + tile.down * tile.across * UNIT * UNIT * 4;
}

function operandsOf(
  { form, halfA, halfB }: Pick<SubgroupMatmulVariant, 'form' | 'halfA' | 'halfB'>,
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

/** Writes the registers into the tile, split into its parts. */
const put = (o: Operand, words: SubgroupMatmulVariant['words']) =>
  repeat(fours(o), (i) => {
    const { row, column } = placeOf(o, i);
    const at = `${row} * ${rowLength(o)}u + ${column}`;
    const store = (part: string, four: string) =>
      words === 'scalars'
        ? repeat(4, (j) => `      ${o.name}Tile${part}[at + ${j}u] = ${four}[${j}];`)
        : `      ${o.name}Tile${part}[at / 4u] = ${four};`;
    return `    {
      let at = ${at};
      let high = vec4<f16>(${o.name}Next${i});
${store('High', 'high')}
${o.half ? '' : `      let low = vec4<f16>(${o.name}Next${i} - vec4<f32>(high));\n${store('Low', 'low')}`}
    }`;
  });

const kindOf = ({ name }: Operand) => `subgroup_matrix_${name === 'a' ? 'left' : 'right'}<f16, ${UNIT}, ${UNIT}>`;

/** Unit `i` of a subgroup's rectangle at depth kk of the slice. */
function loadUnit(o: Operand, part: string, i: number, first: string, words: SubgroupMatmulVariant['words']): string {
  const x = `(${first} + ${i * UNIT}u)`;
  const at = o.kIsRow ? `kk * ${rowLength(o)}u + ${x}` : `${x} * ${rowLength(o)}u + kk`;
  const order = (o.name === 'a') === o.kIsRow ? 'col_major' : 'row_major';
  const unit = words === 'fours' ? 4 : 1;
  return `      let ${o.name}${part}${i} = subgroupMatrixLoad<${kindOf(o)}, ${order}>(&${o.name}Tile${part}, (${at}) / ${unit}u, ${rowLength(o) / unit}u);`;
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

export const subgroupMatmulKernel: (variant: SubgroupMatmulVariant) => Kernel<keyof MatmulParams> = kernelFamily(
  (variant) => {
    const { form, vectorA, vectorB, halfA, halfB } = variant;
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
${operands.flatMap((o) => parts(o).map((part) => `var<workgroup> ${o.name}Tile${part}: array<${variant.words === 'scalars' ? 'f16' : 'vec4<f16>'}, ${(rowLength(o) * rowCount(o)) / (variant.words === 'scalars' ? 1 : 4)}>;`)).join('\n')}
var<workgroup> results: array<f32, ${tile.down * tile.across * UNIT * UNIT}>;

${form === 'tn' ? loader('a', vectorA, halfA, 'params.k', 'params.m') : loader('a', vectorA, halfA, 'params.m', 'params.k')}
${form === 'nt' ? loader('b', vectorB, halfB, 'params.n', 'params.k') : loader('b', vectorB, halfB, 'params.k', 'params.n')}
${scaled.map(({ name }) => scaleOf(name)).join('\n')}
${storeFunction(variant)}

@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let m0 = group.y * ${tile.m}u;
  let n0 = group.x * ${tile.n}u;
  let subgroup = thread / ${SUBGROUP}u;
  let lane = thread % ${SUBGROUP}u;
  let aFirst = (subgroup / ${tile.across}u) * ${tile.m / tile.down}u;
  let bFirst = (subgroup % ${tile.across}u) * ${tile.n / tile.across}u;
${scaled.map(({ name }) => `  let ${name}Scale = scale_${name}();`).join('\n')}
  let unscale = 1.0${scaled.map(({ name }) => ` / ${name}Scale`).join('')};
${each((i, j) => `  var c${i}_${j} = subgroup_matrix_result<f32, ${UNIT}, ${UNIT}>();`)}
${operands.map((o) => repeat(fours(o), (i) => `  var ${o.name}Next${i} = vec4<f32>();`)).join('\n')}
  {
${fetch(a, '0u', 'm0')}
${fetch(b, '0u', 'n0')}
  }
  for (var k0 = 0u; k0 < params.k; k0 += ${tile.k}u) {
    workgroupBarrier();
${operands.map((o) => put(o, variant.words)).join('\n')}
    workgroupBarrier();
    let k1 = k0 + ${tile.k}u;
${fetch(a, 'k1', 'm0')}
${fetch(b, 'k1', 'n0')}
    for (var kk = 0u; kk < ${tile.k}u; kk += ${UNIT}u) {
${parts(a)
  .map((part) => repeat(unitsM, (i) => loadUnit(a, part, i, 'aFirst', variant.words)))
  .join('\n')}
${parts(b)
  .map((part) => repeat(unitsN, (j) => loadUnit(b, part, j, 'bFirst', variant.words)))
  .join('\n')}
${pairs.map(([left, right]) => each((i, j) => `      c${i}_${j} = subgroupMatrixMultiplyAccumulate(a${left}${i}, b${right}${j}, c${i}_${j});`)).join('\n')}
    }
  }
  let result = subgroup * ${UNIT * UNIT}u;
${each(
  (i, j) => `  workgroupBarrier();
  subgroupMatrixStore<row_major>(&results, result, c${i}_${j}, ${UNIT}u);
  workgroupBarrier();
  for (var at = lane; at < ${(UNIT * UNIT) / 4}u; at += ${SUBGROUP}u) {
    let start = result + 4u * at;
    let four = vec4<f32>(results[start], results[start + 1u], results[start + 2u], results[start + 3u]);
    store(0u, m0 + aFirst + ${i * UNIT}u + at / ${UNIT / 4}u, n0 + bFirst + ${j * UNIT}u + 4u * (at % ${UNIT / 4}u), four * unscale);
  }`,
)}
}`;
    return {
      name: `matmul subgroups ${variantName([variant])}`,
      bindings: [
        ...storeBindings(variant),
        operand('a', vectorA, halfA),
        operand('b', vectorB, halfB),
        ...scaled.map(({ name }) => read(`${name}Maxima`, 'vec4<f32>')),
      ],
      params: MATMUL_PARAMS,
      needsSubgroupMatrices: true,
      code,
    };
  },
);
