/**
 * Shared parts of the attention kernels, which never store rows x rows scores. A workgroup of 8 x 8 threads owns a
 * block of rows (queries; keys when it computes dK and dV) and walks over tiles of rows of the other kind
 * (attention-tables.ts). Thread (tx, ty) holds the scores of own rows ty, ty + 8, .. with tile rows tx, tx + 8, .. and,
 * of the result, those own rows' vectors of four columns tx, tx + 8, ... `half`: q, k, v and the result hold f16, four
 * per element; headDim is then a multiple of 4.
 */
import { BLOCK_INTS, VISIT_INTS } from '../attention-tables';
import { type Binding, packVec4, repeat, unpackVec4, vec4Type } from '../kernel';

const THREADS = 64;

export interface Sizes {
  readonly headDim: number;
  /** Vectors of four per row of a head; the last one is padded with zeros. */
  readonly vectors: number;
  /** Vectors between rows of a tile in workgroup memory; odd, so that eight rows lie in different banks. */
  readonly stride: number;
  /** Rows of a block, and of a tile. */
  readonly rows: number;
  /** Own rows, and tile rows, per thread. */
  readonly each: number;
  /** Result vectors per thread and row. */
  readonly columns: number;
}

export function sizes(headDim: number, rows: number): Sizes {
  const vectors = Math.ceil(headDim / 4);
  return { headDim, vectors, stride: vectors | 1, rows, each: rows / 8, columns: Math.ceil(vectors / 8) };
}

/** Workgroup memory, in bytes, of a kernel with `tiles` tiles of `rows` x headDim. */
function memory(headDim: number, rows: number, tiles: number): number {
  const { stride, columns } = sizes(headDim, rows);
  return tiles * 16 * (rows * stride + 8 * columns) + 4 * rows * (rows + 1) + 4 * rows * 8;
}

/** Largest block of at most `most` rows for which a kernel with `tiles` tiles fits, or 0. */
export function blockRows(headDim: number, tiles: number, available: number, most: number): number {
  return [32, 16, 8].find((rows) => rows <= most && memory(headDim, rows, tiles) <= available) ?? 0;
}

export const FORWARD_TILES = 2;
export const BACKWARD_TILES = 3;

export function declarations(s: Sizes, tiles: readonly string[]): string {
  // Threads without a column of the result read one all the same, so the last row of a tile is padded.
  const length = s.rows * s.stride + 8 * s.columns;
  return [
    ...tiles.map((tile) => `var<workgroup> ${tile}: array<vec4<f32>, ${length}>;`),
    `var<workgroup> weights: array<f32, ${s.rows * (s.rows + 1)}>;`,
  ].join('\n');
}

export function rowReader(s: Sizes, buffer: string, half: boolean): string {
  if (s.headDim % 4 === 0) {
    return `fn read_${buffer}(row: u32, vector: u32) -> vec4<f32> {
  let four = ${buffer}[row * ${s.vectors}u + vector];
  return ${unpackVec4('four', half)};
}`;
  }
  return `fn read_${buffer}(row: u32, vector: u32) -> vec4<f32> {
  var four = vec4<f32>();
${repeat(4, (i) => `  if (4u * vector + ${i}u < ${s.headDim}u) { four[${i}] = ${buffer}[row * ${s.headDim}u + 4u * vector + ${i}u]; }`)}
  return four;
}`;
}

export function rowWriter(s: Sizes, buffer: string, half = false): string {
  if (s.headDim % 4 === 0) {
    return `fn write_${buffer}(row: u32, vector: u32, four: vec4<f32>) {
  ${buffer}[row * ${s.vectors}u + vector] = ${packVec4('four', half)};
}`;
  }
  return `fn write_${buffer}(row: u32, vector: u32, four: vec4<f32>) {
${repeat(4, (i) => `  if (4u * vector + ${i}u < ${s.headDim}u) { ${buffer}[row * ${s.headDim}u + 4u * vector + ${i}u] = four[${i}]; }`)}
}`;
}

/** WGSL expressions for the first row of a range and for the row behind its last. */
interface RowRange {
  readonly first: string;
  readonly end: string;
}

/** The rows of the workgroup's own block, and those of the tile that it has come to. */
export const OWN_ROWS: RowRange = { first: 'start', end: 'end' };
export const TILE_ROWS: RowRange = { first: 'base', end: 'to' };

/** WGSL expressions for the number of heads in a buffer's rows and for the head that is worked on. */
interface HeadInRow {
  readonly heads: string;
  readonly head: string;
}

export const QUERY_HEAD: HeadInRow = { heads: 'params.heads', head: 'head' };
export const KEY_HEAD: HeadInRow = { heads: 'params.kvHeads', head: 'kv' };

/** A range of rows of one head of `buffer`, on its way through registers into a tile. */
export interface RowLoad {
  /** Statements that begin to read; what follows them need not wait. */
  readonly fetch: string;
  /** Statements that write what was read into a tile; its rows behind the range's end become zero. */
  put(tile: string): string;
}

/** `name`: of the registers, unique where it stands. */
export function loadRows(
  s: Sizes,
  name: string,
  buffer: string,
  { first, end }: RowRange,
  { heads, head }: HeadInRow,
): RowLoad {
  const count = s.rows * s.vectors;
  const loads = Math.ceil(count / THREADS);
  const at = (i: number) => `(thread + ${THREADS * i}u)`;
  const isWhole = (i: number) => THREADS * (i + 1) <= count;
  return {
    // Rows behind the end are read as its last row: all reads are then under way at once, none behind a branch.
    fetch: repeat(
      loads,
      (i) => `    let ${name}Row${i} = ${first} + ${at(i)} / ${s.vectors}u;
    let ${name}${i} = select(vec4<f32>(), read_${buffer}(min(${name}Row${i}, ${end} - 1u) * ${heads} + ${head}, ${at(i)} % ${s.vectors}u), ${name}Row${i} < ${end});`,
    ),
    put: (tile) =>
      repeat(loads, (i) => {
        const put = `${tile}[${at(i)} / ${s.vectors}u * ${s.stride}u + ${at(i)} % ${s.vectors}u] = ${name}${i};`;
        return isWhole(i) ? `    ${put}` : `    if (${at(i)} < ${count}u) { ${put} }`;
      }),
  };
}

/** Fills `tile` with a range of rows of one head of `buffer`; rows of the tile behind the range's end become zero. */
export function fillTile(s: Sizes, tile: string, buffer: string, range: RowRange, place: HeadInRow): string {
  const { fetch, put } = loadRows(s, 'row', buffer, range, place);
  return `{\n${fetch}\n${put(tile)}\n    }`;
}

/** `${result}i_j` = own row i of `own` times tile row j of `other`. */
export function products(s: Sizes, result: string, own: string, other: string): string {
  return `${repeat(s.each, (i) => repeat(s.each, (j) => `    var ${result}${i}_${j} = 0.0;`))}
    for (var v = 0u; v < ${s.vectors}u; v++) {
${repeat(s.each, (i) => `      let own${i} = ${own}[(ty + ${8 * i}u) * ${s.stride}u + v];`)}
${repeat(s.each, (j) => `      let other${j} = ${other}[(tx + ${8 * j}u) * ${s.stride}u + v];`)}
${repeat(s.each, (i) => repeat(s.each, (j) => `      ${result}${i}_${j} += dot(own${i}, other${j});`))}
    }`;
}

/** Adds weights [own row][tile row] times the tile's rows to the result. */
export function addWeighted(s: Sizes, result: string, tile: string): string {
  return `for (var c = 0u; c < ${s.rows}u; c++) {
${repeat(s.each, (i) => `      let w${i} = vec4<f32>(weights[(ty + ${8 * i}u) * ${s.rows + 1}u + c]);`)}
${repeat(s.columns, (v) => `      let x${v} = ${tile}[c * ${s.stride}u + tx + ${8 * v}u];`)}
${repeat(s.each, (i) => repeat(s.columns, (v) => `      ${result}${i}_${v} = fma(w${i}, x${v}, ${result}${i}_${v});`))}
    }`;
}

export const zeros = (s: Sizes, result: string) =>
  repeat(s.each, (i) => repeat(s.columns, (v) => `  var ${result}${i}_${v} = vec4<f32>();`));

/** Writes the rows of the workgroup's own block; `factor(i)` is appended to the value of the thread's own row i. */
export function storeRows(
  s: Sizes,
  result: string,
  buffer: string,
  { heads, head }: HeadInRow,
  factor = (_: number) => '',
): string {
  return repeat(
    s.each,
    (i) => `  if (start + ty + ${8 * i}u < end) {
${repeat(
  s.columns,
  (v) =>
    `    if (tx + ${8 * v}u < ${s.vectors}u) { write_${buffer}((start + ty + ${8 * i}u) * ${heads} + ${head}, tx + ${8 * v}u, ${result}${i}_${v}${factor(i)}); }`,
)}
  }`,
  );
}

/** WGSL: whether own row i of the thread attends to, or is attended to by, its tile row j. */
export function isVisible(i: number, j: number, ownIsQuery: boolean): string {
  const own = `start + ty + ${8 * i}u`;
  const other = `base + tx + ${8 * j}u`;
  const causal = ownIsQuery ? `${other} <= ${own}` : `${own} <= ${other}`;
  // Without short-circuit operators: a branch costs more than the comparison, and some compilers handle many of them
  // badly.
  return `(${other} < to) & (${own} >= ownFrom) & (${own} < ownTo) & (!causal | (${causal}))`;
}

export const mainOfBlock = `@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let tx = thread % 8u;
  let ty = thread / 8u;
  let block = params.table + ${BLOCK_INTS}u * group.x;
  let start = u32(tables[block]);
  let end = u32(tables[block + 1u]);
  let visits = params.table + ${BLOCK_INTS}u * params.blocks + ${VISIT_INTS}u * u32(tables[block + 2u]);
  let visitsEnd = visits + ${VISIT_INTS}u * u32(tables[block + 3u]);`;

export const eachTile = (
  s: Sizes,
  body: string,
) => `for (var visit = visits; visit < visitsEnd; visit += ${VISIT_INTS}u) {
    let to = u32(tables[visit + 1u]);
    let ownFrom = u32(tables[visit + 2u]);
    let ownTo = u32(tables[visit + 3u]);
    let causal = tables[visit + 4u] == 1;
    for (var base = u32(tables[visit]); base < to; base += ${s.rows}u) {
    ${body}
    }
  }`;

export const PARAMS = { table: 'u32', blocks: 'u32', heads: 'u32', kvHeads: 'u32', scale: 'f32' } as const;
export type Params = keyof typeof PARAMS;

export const rowType = (headDim: number, half = false): Binding['type'] => (headDim % 4 === 0 ? vec4Type(half) : 'f32');
