/**
 * Attention by blocks, never holding rows x rows. A workgroup of 8 x 8 threads owns a block of rows (queries; keys when
 * it makes dK and dV) and walks over tiles of the rows on the other side (attention-tables.ts). Thread (tx, ty) holds
 * the scores of own rows ty, ty + 8, .. with tile rows tx, tx + 8, .. and, of the result, those own rows' vectors of
 * four columns tx, tx + 8, ...  `half`: q, k, v and the result hold f16, four in an element; heads then come in fours.
 */
import { BLOCK_INTS, VISIT_INTS } from '../attention-tables';
import { type Binding, elementOf, fourOf, fourType, type Kernel, kernelFamily, read, repeat, write } from '../kernel';

const THREADS = 64;

interface Sizes {
  readonly headDim: number;
  /** Vectors of four in a row of a head, the last one filled up with zeros. */
  readonly vectors: number;
  /** Vectors between rows of a tile in workgroup memory; odd, so that eight rows lie in different banks. */
  readonly stride: number;
  /** Rows of a block, and of a tile. */
  readonly rows: number;
  /** Own rows, and tile rows, of a thread. */
  readonly each: number;
  /** Result vectors of a thread in a row. */
  readonly columns: number;
}

function sizes(headDim: number, rows: number): Sizes {
  const vectors = Math.ceil(headDim / 4);
  return { headDim, vectors, stride: vectors | 1, rows, each: rows / 8, columns: Math.ceil(vectors / 8) };
}

/** Workgroup memory in bytes of a kernel with so many tiles of `rows` x headDim. */
function memory(headDim: number, rows: number, tiles: number): number {
  const { stride, columns } = sizes(headDim, rows);
  return tiles * 16 * (rows * stride + 8 * columns) + 4 * rows * (rows + 1) + 4 * rows * 8;
}

/** Largest block of at most `most` rows for which a kernel with so many tiles fits, or 0. */
export function blockRows(headDim: number, tiles: number, available: number, most: number): number {
  return [32, 16, 8].find((rows) => rows <= most && memory(headDim, rows, tiles) <= available) ?? 0;
}
export const FORWARD_TILES = 2;
export const BACKWARD_TILES = 3;

function declarations(s: Sizes, tiles: readonly string[]): string {
  // Threads without a column of the result still read one: the last row of a tile has room behind it.
  const length = s.rows * s.stride + 8 * s.columns;
  return [
    ...tiles.map((tile) => `var<workgroup> ${tile}: array<vec4<f32>, ${length}>;`),
    `var<workgroup> weights: array<f32, ${s.rows * (s.rows + 1)}>;`,
  ].join('\n');
}

function rowReader(s: Sizes, buffer: string, half: boolean): string {
  if (s.headDim % 4 === 0) {
    return `fn read_${buffer}(row: u32, vector: u32) -> vec4<f32> {
  let four = ${buffer}[row * ${s.vectors}u + vector];
  return ${fourOf('four', half)};
}`;
  }
  return `fn read_${buffer}(row: u32, vector: u32) -> vec4<f32> {
  var four = vec4<f32>();
${repeat(4, (i) => `  if (4u * vector + ${i}u < ${s.headDim}u) { four[${i}] = ${buffer}[row * ${s.headDim}u + 4u * vector + ${i}u]; }`)}
  return four;
}`;
}

function rowWriter(s: Sizes, buffer: string, half = false): string {
  if (s.headDim % 4 === 0) {
    return `fn write_${buffer}(row: u32, vector: u32, four: vec4<f32>) {
  ${buffer}[row * ${s.vectors}u + vector] = ${elementOf('four', half)};
}`;
  }
  return `fn write_${buffer}(row: u32, vector: u32, four: vec4<f32>) {
${repeat(4, (i) => `  if (4u * vector + ${i}u < ${s.headDim}u) { ${buffer}[row * ${s.headDim}u + 4u * vector + ${i}u] = four[${i}]; }`)}
}`;
}

/** Fills `tile` with rows [first, to) of one head; what lies behind `to` becomes zero. */
function fillTile(s: Sizes, tile: string, buffer: string, first: string, to: string, heads: string, head: string) {
  return `for (var at = thread; at < ${s.rows * s.vectors}u; at += ${THREADS}u) {
      let r = at / ${s.vectors}u;
      let vector = at % ${s.vectors}u;
      var four = vec4<f32>();
      if (${first} + r < ${to}) { four = read_${buffer}((${first} + r) * ${heads} + ${head}, vector); }
      ${tile}[r * ${s.stride}u + vector] = four;
    }`;
}

/** `${result}i_j` = own row i of `own` times tile row j of `other`. */
function products(s: Sizes, result: string, own: string, other: string): string {
  return `${repeat(s.each, (i) => repeat(s.each, (j) => `    var ${result}${i}_${j} = 0.0;`))}
    for (var v = 0u; v < ${s.vectors}u; v++) {
${repeat(s.each, (i) => `      let own${i} = ${own}[(ty + ${8 * i}u) * ${s.stride}u + v];`)}
${repeat(s.each, (j) => `      let other${j} = ${other}[(tx + ${8 * j}u) * ${s.stride}u + v];`)}
${repeat(s.each, (i) => repeat(s.each, (j) => `      ${result}${i}_${j} += dot(own${i}, other${j});`))}
    }`;
}

/** Adds weights [own row][tile row] times the tile's rows to the result. */
function addWeighted(s: Sizes, result: string, tile: string): string {
  return `for (var c = 0u; c < ${s.rows}u; c++) {
${repeat(s.each, (i) => `      let w${i} = vec4<f32>(weights[(ty + ${8 * i}u) * ${s.rows + 1}u + c]);`)}
${repeat(s.columns, (v) => `      let x${v} = ${tile}[c * ${s.stride}u + tx + ${8 * v}u];`)}
${repeat(s.each, (i) => repeat(s.columns, (v) => `      ${result}${i}_${v} = fma(w${i}, x${v}, ${result}${i}_${v});`))}
    }`;
}

const zeros = (s: Sizes, result: string) =>
  repeat(s.each, (i) => repeat(s.columns, (v) => `  var ${result}${i}_${v} = vec4<f32>();`));

function storeRows(s: Sizes, result: string, buffer: string, heads: string, head: string, factor = (_: number) => '') {
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

/** Whether own row i of the thread meets its tile row j. */
function meets(i: number, j: number, ownIsQuery: boolean): string {
  const own = `start + ty + ${8 * i}u`;
  const other = `base + tx + ${8 * j}u`;
  const causal = ownIsQuery ? `${other} <= ${own}` : `${own} <= ${other}`;
  // No short circuits: a branch costs more than the comparison, and some compilers drown in them.
  return `(${other} < to) & (${own} >= ownFrom) & (${own} < ownTo) & (!causal | (${causal}))`;
}

const head = `@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let tx = thread % 8u;
  let ty = thread / 8u;
  let block = params.table + ${BLOCK_INTS}u * group.x;
  let start = u32(tables[block]);
  let end = u32(tables[block + 1u]);
  let visits = params.table + ${BLOCK_INTS}u * params.blocks + ${VISIT_INTS}u * u32(tables[block + 2u]);
  let visitsEnd = visits + ${VISIT_INTS}u * u32(tables[block + 3u]);`;

const eachTile = (s: Sizes, body: string) => `for (var visit = visits; visit < visitsEnd; visit += ${VISIT_INTS}u) {
    let to = u32(tables[visit + 1u]);
    let ownFrom = u32(tables[visit + 2u]);
    let ownTo = u32(tables[visit + 3u]);
    let causal = tables[visit + 4u] == 1;
    for (var base = u32(tables[visit]); base < to; base += ${s.rows}u) {
    ${body}
    }
  }`;

const PARAMS = { table: 'u32', blocks: 'u32', heads: 'u32', kvHeads: 'u32', scale: 'f32' } as const;
type Params = keyof typeof PARAMS;

const type = (headDim: number, half = false): Binding['type'] => (headDim % 4 === 0 ? fourType(half) : 'f32');

/** A workgroup for each block of queries (x) and head (y). Softmax by running maximum and sum. */
export const attentionKernel: (headDim: number, rows: number, half: boolean) => Kernel<Params> = kernelFamily(
  (headDim, rows, half) => {
    const s = sizes(headDim, rows);
    const each = (line: (i: number) => string) => repeat(s.each, line);
    const pairs = (line: (i: number, j: number) => string) => each((i) => repeat(s.each, (j) => line(i, j)));
    return {
      name: `attention ${headDim} ${rows}${half ? ' f16' : ''}`,
      bindings: [
        write('result', type(headDim, half)),
        write('logSumExp'),
        ...['q', 'k', 'v'].map((name) => read(name, type(headDim, half))),
        read('tables', 'i32'),
      ],
      params: PARAMS,
      code: `${declarations(s, ['own', 'tile'])}
var<workgroup> partial: array<f32, ${rows * 8}>;
${['q', 'k', 'v'].map((buffer) => rowReader(s, buffer, half)).join('\n')}
${rowWriter(s, 'result', half)}
${head}
  let head = group.y;
  let kv = head / (params.heads / params.kvHeads);
  ${fillTile(s, 'own', 'q', 'start', 'end', 'params.heads', 'head')}
${zeros(s, 'out')}
${each((i) => `  var max${i} = -3.4e38;\n  var sum${i} = 0.0;`)}
  ${eachTile(
    s,
    `${fillTile(s, 'tile', 'k', 'base', 'to', 'params.kvHeads', 'kv')}
    workgroupBarrier();
${products(s, 's', 'own', 'tile')}
${each((i) => `    var top${i} = -3.4e38;`)}
${pairs((i, j) => `    let seen${i}_${j} = ${meets(i, j, true)};\n    s${i}_${j} *= params.scale;\n    top${i} = max(top${i}, select(-3.4e38, s${i}_${j}, seen${i}_${j}));`)}
${each((i) => `    partial[(ty + ${8 * i}u) * 8u + tx] = top${i};`)}
    workgroupBarrier();
${each(
  (i) => `    for (var t = 0u; t < 8u; t++) { top${i} = max(top${i}, partial[(ty + ${8 * i}u) * 8u + t]); }
    top${i} = max(top${i}, max${i});
    let shrink${i} = exp(max${i} - top${i});
    max${i} = top${i};
    sum${i} *= shrink${i};
${repeat(s.columns, (v) => `    out${i}_${v} *= shrink${i};`)}`,
)}
${pairs((i, j) => `    let p${i}_${j} = select(0.0, exp(s${i}_${j} - max${i}), seen${i}_${j});\n    sum${i} += p${i}_${j};\n    weights[(ty + ${8 * i}u) * ${rows + 1}u + tx + ${8 * j}u] = p${i}_${j};`)}
    ${fillTile(s, 'tile', 'v', 'base', 'to', 'params.kvHeads', 'kv')}
    workgroupBarrier();
    ${addWeighted(s, 'out', 'tile')}
    workgroupBarrier();`,
  )}
${each((i) => `  partial[(ty + ${8 * i}u) * 8u + tx] = sum${i};`)}
  workgroupBarrier();
${each(
  (i) => `  var total${i} = 0.0;
  for (var t = 0u; t < 8u; t++) { total${i} += partial[(ty + ${8 * i}u) * 8u + t]; }
  if (tx == 0u && start + ty + ${8 * i}u < end) {
    logSumExp[(start + ty + ${8 * i}u) * params.heads + head] = max${i} + log(total${i});
  }`,
)}
${storeRows(s, 'out', 'result', 'params.heads', 'head', (i) => ` / total${i}`)}
}`,
    };
  },
);

/** delta[row, head] = dOut · out: what softmax's Jacobian needs of a query. */
export const attentionDeltaKernel: (headDim: number, half: boolean) => Kernel<'length'> = kernelFamily(
  (headDim, half) => ({
    name: `attentionDelta ${headDim}${half ? ' f16' : ''}`,
    bindings: [write('delta'), read('dOut'), read('result', half ? 'u32' : 'f32')],
    params: { length: 'u32' },
    code: `
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  for (var i = id.x; i < params.length; i += groups.x * 64u) {
    var sum = 0.0;
    for (var j = i * ${headDim}u; j < (i + 1u) * ${headDim}u; j++) { sum = fma(dOut[j], ${half ? 'unpack2x16float(result[j / 2u])[j % 2u]' : 'result[j]'}, sum); }
    delta[i] = sum;
  }
}`,
  }),
);

const gradientInputs = (headDim: number, half: boolean): Binding[] =>
  ['q', 'dOut', 'k', 'v'].map((name) => read(name, type(headDim, half && name !== 'dOut')));

/** A workgroup for each block of queries (x) and head (y). */
export const attentionQueryGradientKernel: (headDim: number, rows: number, half: boolean) => Kernel<Params> =
  kernelFamily((headDim, rows, half) => {
    const s = sizes(headDim, rows);
    return {
      name: `attentionBackward dQ ${headDim} ${rows}${half ? ' f16' : ''}`,
      bindings: [
        write('dQ', type(headDim)),
        ...gradientInputs(headDim, half),
        read('logSumExp'),
        read('delta'),
        read('tables', 'i32'),
      ],
      params: PARAMS,
      code: `${declarations(s, ['ownQ', 'ownD', 'tile'])}
${['q', 'dOut', 'k', 'v'].map((buffer) => rowReader(s, buffer, half && buffer !== 'dOut')).join('\n')}
${rowWriter(s, 'dQ')}
${head}
  let head = group.y;
  let kv = head / (params.heads / params.kvHeads);
  ${fillTile(s, 'ownQ', 'q', 'start', 'end', 'params.heads', 'head')}
  ${fillTile(s, 'ownD', 'dOut', 'start', 'end', 'params.heads', 'head')}
${repeat(
  s.each,
  (i) => `  let at${i} = min(start + ty + ${8 * i}u, end - 1u) * params.heads + head;
  let lse${i} = logSumExp[at${i}];
  let delta${i} = delta[at${i}];`,
)}
${zeros(s, 'out')}
  ${eachTile(
    s,
    `${fillTile(s, 'tile', 'k', 'base', 'to', 'params.kvHeads', 'kv')}
    workgroupBarrier();
${products(s, 's', 'ownQ', 'tile')}
    workgroupBarrier();
    ${fillTile(s, 'tile', 'v', 'base', 'to', 'params.kvHeads', 'kv')}
    workgroupBarrier();
${products(s, 'd', 'ownD', 'tile')}
${repeat(s.each, (i) =>
  repeat(
    s.each,
    (j) => `    let p${i}_${j} = select(0.0, exp(s${i}_${j} * params.scale - lse${i}), ${meets(i, j, true)});
    weights[(ty + ${8 * i}u) * ${rows + 1}u + tx + ${8 * j}u] = p${i}_${j} * (d${i}_${j} - delta${i}) * params.scale;`,
  ),
)}
    workgroupBarrier();
    ${fillTile(s, 'tile', 'k', 'base', 'to', 'params.kvHeads', 'kv')}
    workgroupBarrier();
    ${addWeighted(s, 'out', 'tile')}
    workgroupBarrier();`,
  )}
${storeRows(s, 'out', 'dQ', 'params.heads', 'head')}
}`,
    };
  });

/** A workgroup for each block of keys (x) and key head (y); the query heads of its group come one after the other. */
export const attentionKeyGradientKernel: (headDim: number, rows: number, half: boolean) => Kernel<Params> =
  kernelFamily((headDim, rows, half) => {
    const s = sizes(headDim, rows);
    const perColumn = (line: (j: number) => string) => repeat(s.each, line);
    return {
      name: `attentionBackward dK dV ${headDim} ${rows}${half ? ' f16' : ''}`,
      bindings: [
        write('dK', type(headDim)),
        write('dV', type(headDim)),
        ...gradientInputs(headDim, half),
        read('logSumExp'),
        read('delta'),
        read('tables', 'i32'),
      ],
      params: PARAMS,
      code: `${declarations(s, ['ownK', 'ownV', 'tile'])}
${['q', 'dOut', 'k', 'v'].map((buffer) => rowReader(s, buffer, half && buffer !== 'dOut')).join('\n')}
${rowWriter(s, 'dK')}
${rowWriter(s, 'dV')}
${head}
  let kv = group.y;
  let heads = params.heads / params.kvHeads;
  ${fillTile(s, 'ownK', 'k', 'start', 'end', 'params.kvHeads', 'kv')}
  ${fillTile(s, 'ownV', 'v', 'start', 'end', 'params.kvHeads', 'kv')}
${zeros(s, 'keys')}
${zeros(s, 'values')}
  for (var head = kv * heads; head < (kv + 1u) * heads; head++) {
  ${eachTile(
    s,
    `${fillTile(s, 'tile', 'q', 'base', 'to', 'params.heads', 'head')}
    workgroupBarrier();
${products(s, 's', 'ownK', 'tile')}
${perColumn(
  (j) => `    let at${j} = min(base + tx + ${8 * j}u, to - 1u) * params.heads + head;
    let lse${j} = logSumExp[at${j}];
    let delta${j} = delta[at${j}];`,
)}
${repeat(s.each, (i) =>
  perColumn(
    (j) => `    let p${i}_${j} = select(0.0, exp(s${i}_${j} * params.scale - lse${j}), ${meets(i, j, false)});
    weights[(ty + ${8 * i}u) * ${rows + 1}u + tx + ${8 * j}u] = p${i}_${j};`,
  ),
)}
    workgroupBarrier();
    ${fillTile(s, 'tile', 'dOut', 'base', 'to', 'params.heads', 'head')}
    workgroupBarrier();
${products(s, 'd', 'ownV', 'tile')}
    ${addWeighted(s, 'values', 'tile')}
    workgroupBarrier();
${repeat(s.each, (i) =>
  perColumn(
    (j) =>
      `    weights[(ty + ${8 * i}u) * ${rows + 1}u + tx + ${8 * j}u] = p${i}_${j} * (d${i}_${j} - delta${j}) * params.scale;`,
  ),
)}
    ${fillTile(s, 'tile', 'q', 'base', 'to', 'params.heads', 'head')}
    workgroupBarrier();
    ${addWeighted(s, 'keys', 'tile')}
    workgroupBarrier();`,
  )}
  }
${storeRows(s, 'keys', 'dK', 'params.kvHeads', 'kv')}
${storeRows(s, 'values', 'dV', 'params.kvHeads', 'kv')}
}`,
    };
  });
