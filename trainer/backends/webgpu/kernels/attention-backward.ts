/** Softmax attention, backward, from the log-sum-exp of the forward pass: see attention-blocks.ts. */

import { type Binding, type Kernel, kernelFamily, read, repeat, unpackScalar, write } from '../kernel';
import {
  addWeighted,
  declarations,
  eachTile,
  fillTile,
  isVisible,
  KEY_HEAD,
  loadRows,
  mainOfBlock,
  OWN_ROWS,
  PARAMS,
  type Params,
  products,
  QUERY_HEAD,
  rowReader,
  rowType,
  rowWriter,
  sizes,
  storeRows,
  TILE_ROWS,
  zeros,
} from './attention-blocks';

/**
 * terms[row, head] = (logSumExp, delta), with delta = dOut · out, the term that the softmax Jacobian subtracts for a query.
 * Both in one buffer, since the gradients of keys and values bind seven others, and some devices bind only eight.
 */
export const attentionTermsKernel: (headDim: number, half: boolean) => Kernel<'length'> = kernelFamily(
  (headDim, half) => ({
    name: `attentionTerms ${headDim}${half ? ' f16' : ''}`,
    bindings: [write('terms', 'vec2<f32>'), read('dOut'), read('result', half ? 'u32' : 'f32'), read('logSumExp')],
    params: { length: 'u32' },
    code: `
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  for (var i = id.x; i < params.length; i += groups.x * 64u) {
    var sum = 0.0;
    for (var j = i * ${headDim}u; j < (i + 1u) * ${headDim}u; j++) { sum = fma(dOut[j], ${unpackScalar('result', 'j', half)}, sum); }
    terms[i] = vec2<f32>(logSumExp[i], sum);
  }
}`,
  }),
);

const gradientInputs = (headDim: number, half: boolean): Binding[] =>
  ['q', 'dOut', 'k', 'v'].map((name) => read(name, rowType(headDim, half && name !== 'dOut')));

/** A workgroup for each block of queries (x) and head (y). */
export const attentionQueryGradientKernel: (headDim: number, rows: number, half: boolean) => Kernel<Params> =
  kernelFamily((headDim, rows, half) => {
    const s = sizes(headDim, rows);
    const values = loadRows(s, 'value', 'v', TILE_ROWS, KEY_HEAD);
    const keysAgain = loadRows(s, 'key', 'k', TILE_ROWS, KEY_HEAD);
    return {
      name: `attentionBackward dQ ${headDim} ${rows}${half ? ' f16' : ''}`,
      bindings: [
        write('dQ', rowType(headDim)),
        ...gradientInputs(headDim, half),
        read('terms', 'vec2<f32>'),
        read('tables', 'i32'),
      ],
      params: PARAMS,
      code: `${declarations(s, ['ownQ', 'ownD', 'tile'])}
${['q', 'dOut', 'k', 'v'].map((buffer) => rowReader(s, buffer, half && buffer !== 'dOut')).join('\n')}
${rowWriter(s, 'dQ')}
${mainOfBlock}
  let head = group.y;
  let kv = head / (params.heads / params.kvHeads);
  ${fillTile(s, 'ownQ', 'q', OWN_ROWS, QUERY_HEAD)}
  ${fillTile(s, 'ownD', 'dOut', OWN_ROWS, QUERY_HEAD)}
${repeat(
  s.each,
  (i) => `  let at${i} = min(start + ty + ${8 * i}u, end - 1u) * params.heads + head;
  let lse${i} = terms[at${i}].x;
  let delta${i} = terms[at${i}].y;`,
)}
${zeros(s, 'out')}
  ${eachTile(
    s,
    `${fillTile(s, 'tile', 'k', TILE_ROWS, KEY_HEAD)}
    workgroupBarrier();
${values.fetch}
${products(s, 's', 'ownQ', 'tile')}
    workgroupBarrier();
${values.put('tile')}
    workgroupBarrier();
${keysAgain.fetch}
${products(s, 'd', 'ownD', 'tile')}
${repeat(s.each, (i) =>
  repeat(
    s.each,
    (j) => `    let p${i}_${j} = select(0.0, exp(s${i}_${j} * params.scale - lse${i}), ${isVisible(i, j, true)});
    weights[(ty + ${8 * i}u) * ${rows + 1}u + tx + ${8 * j}u] = p${i}_${j} * (d${i}_${j} - delta${i}) * params.scale;`,
  ),
)}
    workgroupBarrier();
${keysAgain.put('tile')}
    workgroupBarrier();
    ${addWeighted(s, 'out', 'tile')}
    workgroupBarrier();`,
  )}
${storeRows(s, 'out', 'dQ', QUERY_HEAD)}
}`,
    };
  });

/**
 * A workgroup for each block of keys (x) and query head (y). Where several query heads share a key head, each writes
 * its share, as rows of `heads` heads; `sumHeadsKernel` adds them.
 */
export const attentionKeyGradientKernel: (headDim: number, rows: number, half: boolean) => Kernel<Params> =
  kernelFamily((headDim, rows, half) => {
    const s = sizes(headDim, rows);
    const perColumn = (line: (j: number) => string) => repeat(s.each, line);
    const outputGradients = loadRows(s, 'outGradient', 'dOut', TILE_ROWS, QUERY_HEAD);
    const queriesAgain = loadRows(s, 'query', 'q', TILE_ROWS, QUERY_HEAD);
    return {
      name: `attentionBackward dK dV ${headDim} ${rows}${half ? ' f16' : ''}`,
      bindings: [
        write('dK', rowType(headDim)),
        write('dV', rowType(headDim)),
        ...gradientInputs(headDim, half),
        read('terms', 'vec2<f32>'),
        read('tables', 'i32'),
      ],
      params: PARAMS,
      code: `${declarations(s, ['ownK', 'ownV', 'tile'])}
${['q', 'dOut', 'k', 'v'].map((buffer) => rowReader(s, buffer, half && buffer !== 'dOut')).join('\n')}
${rowWriter(s, 'dK')}
${rowWriter(s, 'dV')}
${mainOfBlock}
  let head = group.y;
  let kv = head / (params.heads / params.kvHeads);
  ${fillTile(s, 'ownK', 'k', OWN_ROWS, KEY_HEAD)}
  ${fillTile(s, 'ownV', 'v', OWN_ROWS, KEY_HEAD)}
${zeros(s, 'keys')}
${zeros(s, 'values')}
  ${eachTile(
    s,
    `${fillTile(s, 'tile', 'q', TILE_ROWS, QUERY_HEAD)}
    workgroupBarrier();
${outputGradients.fetch}
${products(s, 's', 'ownK', 'tile')}
${perColumn(
  (j) => `    let at${j} = min(base + tx + ${8 * j}u, to - 1u) * params.heads + head;
    let lse${j} = terms[at${j}].x;
    let delta${j} = terms[at${j}].y;`,
)}
${repeat(s.each, (i) =>
  perColumn(
    (j) => `    let p${i}_${j} = select(0.0, exp(s${i}_${j} * params.scale - lse${j}), ${isVisible(i, j, false)});
    weights[(ty + ${8 * i}u) * ${rows + 1}u + tx + ${8 * j}u] = p${i}_${j};`,
  ),
)}
    workgroupBarrier();
${outputGradients.put('tile')}
    workgroupBarrier();
${queriesAgain.fetch}
${products(s, 'd', 'ownV', 'tile')}
    ${addWeighted(s, 'values', 'tile')}
    workgroupBarrier();
${repeat(s.each, (i) =>
  perColumn(
    (j) =>
      `    weights[(ty + ${8 * i}u) * ${rows + 1}u + tx + ${8 * j}u] = p${i}_${j} * (d${i}_${j} - delta${j}) * params.scale;`,
  ),
)}
${queriesAgain.put('tile')}
    workgroupBarrier();
    ${addWeighted(s, 'keys', 'tile')}
    workgroupBarrier();`,
  )}
${storeRows(s, 'keys', 'dK', QUERY_HEAD)}
${storeRows(s, 'values', 'dV', QUERY_HEAD)}
}`,
    };
  });

/** x[row, kv head] = the sum over the query heads that share it, in their order, of shares[row, query head]; for dK and dV. */
export const sumHeadsKernel: (headDim: number) => Kernel<'length' | 'group'> = kernelFamily((headDim) => ({
  name: `attentionBackward sumHeads ${headDim}`,
  bindings: [write('dK'), write('dV'), read('sharesOfK'), read('sharesOfV')],
  params: { length: 'u32', group: 'u32' },
  code: `
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  for (var at = id.x; at < params.length; at += groups.x * 64u) {
    var k = 0.0;
    var v = 0.0;
    let first = (at / ${headDim}u) * params.group * ${headDim}u + at % ${headDim}u;
    for (var head = 0u; head < params.group; head++) {
      k += sharesOfK[first + head * ${headDim}u];
      v += sharesOfV[first + head * ${headDim}u];
    }
    dK[at] = k;
    dV[at] = v;
  }
}`,
}));
