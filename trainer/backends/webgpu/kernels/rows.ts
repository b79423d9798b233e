/** Kernels over rows of a matrix: gather, scatter, column sums, norms. Their sums run in a fixed order. */
import { type Kernel, kernelFamily, packVec4, read, unpackScalar, vec4Type, write } from '../kernel';

export const ROW_THREADS = 128;

/** Rows that one workgroup sums per column before the partial sums are added up. */
export const COLUMN_SUM_ROWS = 64;
export const COLUMN_SUM_COLUMNS = 64;

/** One workgroup per row, in a loop where there are more rows than a dispatch may have workgroups. */
export const rowLoop = (body: string, threads = ROW_THREADS) => `
@compute @workgroup_size(${threads})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  for (var row = group.x; row < params.rows; row += groups.x) {
${body}
  }
}`;

/**
 * out[i] = table[indices[i] - first] for indices in [first, first + count): a large table is bound in several windows.
 * `half`: it holds f16 values, two per word.
 */
export const gatherKernel: (half: boolean) => Kernel<'rows' | 'dim' | 'first' | 'count' | 'start'> = kernelFamily(
  (half) => ({
    name: half ? 'gatherRows f16' : 'gatherRows',
    bindings: [write('picked'), read('source', half ? 'u32' : 'f32'), read('indices', 'i32')],
    params: { rows: 'u32', dim: 'u32', first: 'u32', count: 'u32', start: 'u32' },
    code: rowLoop(`    let index = u32(indices[row]) - params.first;
    if (index < params.count) {
      for (var j = thread; j < params.dim; j += ${ROW_THREADS}u) {
        let at = params.start + index * params.dim + j;
        picked[row * params.dim + j] = ${unpackScalar('source', 'at', half)};
      }
    }`),
  }),
);

/**
 * One workgroup per distinct destination, which adds its rows in their order, so that no two write the same value. The
 * table holds `rows` + 1 triples: destination row, then the bounds of its list of source rows, which begin at `lists`.
 */
export const scatterKernel: Kernel<'rows' | 'dim' | 'first' | 'start' | 'table'> = {
  name: 'scatterAddRows',
  bindings: [write('dTable'), read('dOut'), read('tables', 'i32')],
  params: { rows: 'u32', dim: 'u32', first: 'u32', start: 'u32', table: 'u32' },
  code: rowLoop(`    let entry = params.table + 3u * row;
    let to = params.start + (u32(tables[entry]) - params.first) * params.dim;
    let begin = u32(tables[entry + 1u]);
    let end = u32(tables[entry + 2u]);
    for (var j = thread; j < params.dim; j += ${ROW_THREADS}u) {
      var sum = dTable[to + j];
      for (var at = begin; at < end; at++) {
        sum += dOut[u32(tables[at]) * params.dim + j];
      }
      dTable[to + j] = sum;
    }`),
};

/**
 * partial[group, j] = sum over the group's rows of dOut[i, j], times x[i, j] * inverseRms[i] when `normed`.
 * Four threads share a column, so that a workgroup of 256 covers 64 columns.
 */
export const columnSumKernel: (normed: boolean) => Kernel<'rows' | 'dim'> = kernelFamily((normed) => ({
  name: `columnSum ${normed ? 'normed' : 'plain'}`,
  bindings: [write('partial'), read('dOut'), ...(normed ? [read('x'), read('inverseRms')] : [])],
  params: { rows: 'u32', dim: 'u32' },
  code: `
var<workgroup> sums: array<f32, 256>;
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let lane = thread / ${COLUMN_SUM_COLUMNS}u;
  let column = group.x * ${COLUMN_SUM_COLUMNS}u + thread % ${COLUMN_SUM_COLUMNS}u;
  var sum = 0.0;
  if (column < params.dim) {
    let end = min(params.rows, (group.y + 1u) * ${COLUMN_SUM_ROWS}u);
    for (var row = group.y * ${COLUMN_SUM_ROWS}u + lane; row < end; row += 4u) {
      let at = row * params.dim + column;
      sum += dOut[at]${normed ? ' * x[at] * inverseRms[row]' : ''};
    }
  }
  sums[thread] = sum;
  workgroupBarrier();
  if (thread < ${COLUMN_SUM_COLUMNS}u && column < params.dim) {
    partial[group.y * params.dim + column] =
      (sums[thread] + sums[thread + 64u]) + (sums[thread + 128u] + sums[thread + 192u]);
  }
}`,
}));

/** to[j] += sum over groups of partial[group, j]. */
export const addPartialsKernel: Kernel<'groups' | 'dim'> = {
  name: 'addPartials',
  bindings: [write('to'), read('partial')],
  params: { groups: 'u32', dim: 'u32' },
  code: `
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= params.dim) { return; }
  var sum = 0.0;
  for (var i = 0u; i < params.groups; i++) { sum += partial[i * params.dim + id.x]; }
  to[id.x] += sum;
}`,
};

/** `half`: what is written holds f16, and rows come in fours. */
export const rmsNormKernel: (half: boolean) => Kernel<'rows' | 'dim' | 'epsilon'> = kernelFamily((half) => {
  const normed = (at: string, j: string) =>
    half
      ? packVec4(
          `vec4<f32>(${[0, 1, 2, 3].map((i) => `x[4u * (${at}) + ${i}u] * weight[4u * ${j} + ${i}u]`)}) * inverse`,
          true,
        )
      : `x[${at}] * inverse * weight[${j}]`;
  return {
    name: half ? 'rmsNorm to f16' : 'rmsNorm',
    bindings: [write('to', half ? vec4Type(true) : 'f32'), write('inverseRms'), read('x'), read('weight')],
    params: { rows: 'u32', dim: 'u32', epsilon: 'f32' },
    code: rowLoop(`    let base = row * params.dim;
    var squares = 0.0;
    for (var j = thread; j < params.dim; j += ${ROW_THREADS}u) { squares += x[base + j] * x[base + j]; }
    let inverse = 1.0 / sqrt(sumOverThreads(thread, squares) / f32(params.dim) + params.epsilon);
    if (thread == 0u) { inverseRms[row] = inverse; }
    let first = base / ${half ? 4 : 1}u;
    for (var j = thread; j < params.dim / ${half ? 4 : 1}u; j += ${ROW_THREADS}u) { to[first + j] = ${normed('first + j', 'j')}; }`),
    sums: ROW_THREADS,
  };
});

export const rmsNormBackwardKernel: (accumulate: boolean) => Kernel<'rows' | 'dim'> = kernelFamily((accumulate) => ({
  name: `rmsNormBackward ${accumulate ? 'adding' : 'plain'}`,
  bindings: [write('dX'), read('dOut'), read('x'), read('weight'), read('inverseRms')],
  params: { rows: 'u32', dim: 'u32' },
  code: rowLoop(`    let base = row * params.dim;
    let inverse = inverseRms[row];
    var projection = 0.0;
    for (var j = thread; j < params.dim; j += ${ROW_THREADS}u) { projection += dOut[base + j] * weight[j] * x[base + j]; }
    projection = sumOverThreads(thread, projection) * inverse * inverse / f32(params.dim);
    for (var j = thread; j < params.dim; j += ${ROW_THREADS}u) {
      let at = base + j;
      dX[at] ${accumulate ? '+=' : '='} inverse * (dOut[at] * weight[j] - x[at] * projection);
    }`),
  sums: ROW_THREADS,
}));

/** Most workgroups of the first pass over one window; the order of the sum depends on the length alone. */
export const SQUARE_GROUPS = 512;
/** Fewest elements per workgroup. */
export const SQUARES_EACH = 8192;

export const squaresKernel: Kernel<'length' | 'groups' | 'to'> = {
  name: 'sumSquares',
  bindings: [write('partial'), read('x', 'vec4<f32>')],
  params: { length: 'u32', groups: 'u32', to: 'u32' },
  sums: ROW_THREADS,
  code: `
@compute @workgroup_size(${ROW_THREADS})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  // Eight running sums: short chains preserve precision, and their loads overlap.
  var sums0 = vec4<f32>();
  var sums1 = vec4<f32>();
  let fours = params.length / 4u;
  let step = params.groups * ${ROW_THREADS}u;
  var i = group.x * ${ROW_THREADS}u + thread;
  for (; i + step < fours; i += 2u * step) {
    let first = x[i];
    let second = x[i + step];
    sums0 = fma(first, first, sums0);
    sums1 = fma(second, second, sums1);
  }
  if (i < fours) {
    let last = x[i];
    sums0 = fma(last, last, sums0);
  }
  sums0 += sums1;
  var sum = (sums0.x + sums0.y) + (sums0.z + sums0.w);
  let rest = params.length % 4u;
  if (group.x == 0u && thread < rest) {
    let one = x[fours][thread];
    sum = fma(one, one, sum);
  }
  let total = sumOverThreads(thread, sum);
  if (thread == 0u) { partial[params.to + group.x] = total; }
}`,
};

export const sumPartialsKernel: Kernel<'count' | 'offset'> = {
  name: 'sumPartials',
  bindings: [write('to'), read('partial')],
  params: { count: 'u32', offset: 'u32' },
  sums: 256,
  code: `
@compute @workgroup_size(256)
fn main(@builtin(local_invocation_index) thread: u32) {
  var sum = 0.0;
  for (var i = thread; i < params.count; i += 256u) { sum += partial[i]; }
  let total = sumOverThreads(thread, sum);
  if (thread == 0u) { to[params.offset] = total; }
}`,
};
