/** Softmax attention, forward: see attention-blocks.ts. */

import { type Kernel, kernelFamily, read, repeat, write } from '../kernel';
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

/** A workgroup for each block of queries (x) and head (y). Softmax by running maximum and sum. */
export const attentionKernel: (headDim: number, rows: number, half: boolean) => Kernel<Params> = kernelFamily(
  (headDim, rows, half) => {
    const s = sizes(headDim, rows);
    const values = loadRows(s, 'value', 'v', TILE_ROWS, KEY_HEAD);
    const each = (line: (i: number) => string) => repeat(s.each, line);
    const pairs = (line: (i: number, j: number) => string) => each((i) => repeat(s.each, (j) => line(i, j)));
    return {
      name: `attention ${headDim} ${rows}${half ? ' f16' : ''}`,
      bindings: [
        write('result', rowType(headDim, half)),
        write('logSumExp'),
        ...['q', 'k', 'v'].map((name) => read(name, rowType(headDim, half))),
        read('tables', 'i32'),
      ],
      params: PARAMS,
      code: `${declarations(s, ['own', 'tile'])}
var<workgroup> partial: array<f32, ${rows * 8}>;
${['q', 'k', 'v'].map((buffer) => rowReader(s, buffer, half)).join('\n')}
${rowWriter(s, 'result', half)}
${mainOfBlock}
  let head = group.y;
  let kv = head / (params.heads / params.kvHeads);
  ${fillTile(s, 'own', 'q', OWN_ROWS, QUERY_HEAD)}
${zeros(s, 'out')}
${each((i) => `  var max${i} = -3.4e38;\n  var sum${i} = 0.0;`)}
  ${eachTile(
    s,
    `${fillTile(s, 'tile', 'k', TILE_ROWS, KEY_HEAD)}
    workgroupBarrier();
${values.fetch}
${products(s, 's', 'own', 'tile')}
${each((i) => `    var top${i} = -3.4e38;`)}
${pairs((i, j) => `    let seen${i}_${j} = ${isVisible(i, j, true)};\n    s${i}_${j} *= params.scale;\n    top${i} = max(top${i}, select(-3.4e38, s${i}_${j}, seen${i}_${j}));`)}
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
${values.put('tile')}
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
${storeRows(s, 'out', 'result', QUERY_HEAD, (i) => ` / total${i}`)}
}`,
    };
  },
);
