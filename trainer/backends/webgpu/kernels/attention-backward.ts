/** Softmax attention, backward, from the log-sum-exp of the forward pass: see attention-blocks.ts. */

import { type Binding, type Kernel, kernelFamily, read, repeat, unpackScalar, write } from '../kernel';
import {
  addWeighted,
  declarations,
  eachTile,
  fillTile,
  isVisible,
  KEY_HEAD,
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

/** delta[row, head] = dOut · out, the term that the softmax Jacobian subtracts for a query. */
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
    for (var j = i * ${headDim}u; j < (i + 1u) * ${headDim}u; j++) { sum = fma(dOut[j], ${unpackScalar('result', 'j', half)}, sum); }
    delta[i] = sum;
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
    return {
      name: `attentionBackward dQ ${headDim} ${rows}${half ? ' f16' : ''}`,
      bindings: [
        write('dQ', rowType(headDim)),
        ...gradientInputs(headDim, half),
        read('logSumExp'),
        read('delta'),
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
  let lse${i} = logSumExp[at${i}];
  let delta${i} = delta[at${i}];`,
)}
${zeros(s, 'out')}
  ${eachTile(
    s,
    `${fillTile(s, 'tile', 'k', TILE_ROWS, KEY_HEAD)}
    workgroupBarrier();
${products(s, 's', 'ownQ', 'tile')}
    workgroupBarrier();
    ${fillTile(s, 'tile', 'v', TILE_ROWS, KEY_HEAD)}
    workgroupBarrier();
${products(s, 'd', 'ownD', 'tile')}
${repeat(s.each, (i) =>
  repeat(
    s.each,
    (j) => `    let p${i}_${j} = select(0.0, exp(s${i}_${j} * params.scale - lse${i}), ${isVisible(i, j, true)});
    weights[(ty + ${8 * i}u) * ${rows + 1}u + tx + ${8 * j}u] = p${i}_${j} * (d${i}_${j} - delta${i}) * params.scale;`,
  ),
)}
    workgroupBarrier();
    ${fillTile(s, 'tile', 'k', TILE_ROWS, KEY_HEAD)}
    workgroupBarrier();
    ${addWeighted(s, 'out', 'tile')}
    workgroupBarrier();`,
  )}
${storeRows(s, 'out', 'dQ', QUERY_HEAD)}
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
        write('dK', rowType(headDim)),
        write('dV', rowType(headDim)),
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
${mainOfBlock}
  let kv = group.y;
  let heads = params.heads / params.kvHeads;
  ${fillTile(s, 'ownK', 'k', OWN_ROWS, KEY_HEAD)}
  ${fillTile(s, 'ownV', 'v', OWN_ROWS, KEY_HEAD)}
${zeros(s, 'keys')}
${zeros(s, 'values')}
  for (var head = kv * heads; head < (kv + 1u) * heads; head++) {
  ${eachTile(
    s,
    `${fillTile(s, 'tile', 'q', TILE_ROWS, QUERY_HEAD)}
    workgroupBarrier();
${products(s, 's', 'ownK', 'tile')}
${perColumn(
  (j) => `    let at${j} = min(base + tx + ${8 * j}u, to - 1u) * params.heads + head;
    let lse${j} = logSumExp[at${j}];
    let delta${j} = delta[at${j}];`,
)}
${repeat(s.each, (i) =>
  perColumn(
    (j) => `    let p${i}_${j} = select(0.0, exp(s${i}_${j} * params.scale - lse${j}), ${isVisible(i, j, false)});
    weights[(ty + ${8 * i}u) * ${rows + 1}u + tx + ${8 * j}u] = p${i}_${j};`,
  ),
)}
    workgroupBarrier();
    ${fillTile(s, 'tile', 'dOut', TILE_ROWS, QUERY_HEAD)}
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
    ${fillTile(s, 'tile', 'q', TILE_ROWS, QUERY_HEAD)}
    workgroupBarrier();
    ${addWeighted(s, 'keys', 'tile')}
    workgroupBarrier();`,
  )}
  }
${storeRows(s, 'keys', 'dK', KEY_HEAD)}
${storeRows(s, 'values', 'dV', KEY_HEAD)}
}`,
    };
  });
