/** Records attention over a segment layout: blocks and visits are laid out on the host, the kernels do the rest. */
import type { AttentionShape } from '../backend';
import { BackendError } from '../checks';
import { keyBlocks, queryBlocks } from './attention-tables';
import type { PoolBuffer } from './buffer-pool';
import { attentionKernel } from './kernels/attention';
import {
  attentionKeyGradientKernel,
  attentionQueryGradientKernel,
  attentionTermsKernel,
  sumHeadsKernel,
} from './kernels/attention-backward';
import { BACKWARD_TILES, blockRows, FORWARD_TILES } from './kernels/attention-blocks';
import { type Recorder, whole } from './recorder';

function rowsThatFit(recorder: Recorder, headDim: number, tiles: number): number {
  const rows = blockRows(headDim, tiles, recorder.maxWorkgroupMemory, recorder.attentionRows);
  if (rows === 0) {
    throw new BackendError(
      `attention: heads of ${headDim} need more than this GPU's ${recorder.maxWorkgroupMemory} bytes of workgroup memory`,
    );
  }
  return rows;
}

export interface AttentionGradients {
  readonly dQ: PoolBuffer;
  readonly dK: PoolBuffer;
  readonly dV: PoolBuffer;
}

export interface AttentionInputs {
  readonly dOut: PoolBuffer;
  readonly out: PoolBuffer;
  readonly logSumExp: PoolBuffer;
  readonly q: PoolBuffer;
  readonly k: PoolBuffer;
  readonly v: PoolBuffer;
  /** q, k, v and out hold f16. */
  readonly half: boolean;
}

export function recordAttention(
  recorder: Recorder,
  { out, logSumExp, q, k, v, half }: Omit<AttentionInputs, 'dOut'>,
  { rows, heads, kvHeads, headDim, segments }: AttentionShape,
): void {
  if (rows === 0 || heads === 0 || headDim === 0) return;
  const size = rowsThatFit(recorder, headDim, FORWARD_TILES);
  const { blocks, values } = queryBlocks(segments, size);
  const { view, start } = recorder.table(values.length, () => values);
  recorder.dispatch(
    attentionKernel(headDim, size, half),
    [...[out, logSumExp, q, k, v].map(whole), view],
    { table: start, blocks, heads, kvHeads, scale: 1 / Math.sqrt(headDim) },
    blocks,
    heads,
  );
}

export function recordAttentionBackward(
  recorder: Recorder,
  { dQ, dK, dV }: AttentionGradients,
  { dOut, out, logSumExp, q, k, v, half }: AttentionInputs,
  { rows, heads, kvHeads, headDim, segments }: AttentionShape,
): void {
  if (rows === 0 || heads === 0 || headDim === 0) return;
  const size = rowsThatFit(recorder, headDim, BACKWARD_TILES);
  const length = rows * heads;
  const terms = recorder.scratch(2 * length);
  const groups = Math.min(Math.ceil(length / 64), recorder.maxWorkgroups);
  recorder.dispatch(attentionTermsKernel(headDim, half), [terms, dOut, out, logSumExp].map(whole), { length }, groups);

  const inputs = [q, dOut, k, v, terms].map(whole);
  const scale = 1 / Math.sqrt(headDim);
  const queries = queryBlocks(segments, size);
  const queryTable = recorder.table(queries.values.length, () => queries.values);
  recorder.dispatch(
    attentionQueryGradientKernel(headDim, size, half),
    [whole(dQ), ...inputs, queryTable.view],
    { table: queryTable.start, blocks: queries.blocks, heads, kvHeads, scale },
    queries.blocks,
    heads,
  );
  const keys = keyBlocks(segments, size);
  const keyTable = recorder.table(keys.values.length, () => keys.values);
  const shared = heads > kvHeads;
  const shares = shared ? [0, 1].map(() => recorder.scratch(rows * heads * headDim)) : [dK, dV];
  recorder.dispatch(
    attentionKeyGradientKernel(headDim, size, half),
    [...shares.map(whole), ...inputs, keyTable.view],
    { table: keyTable.start, blocks: keys.blocks, heads, kvHeads, scale },
    keys.blocks,
    heads,
  );
  if (shared) {
    const elements = rows * kvHeads * headDim;
    recorder.dispatch(
      sumHeadsKernel(headDim),
      [dK, dV, ...shares].map(whole),
      { length: elements, group: heads / kvHeads },
      Math.min(Math.ceil(elements / 64), recorder.maxWorkgroups),
    );
    for (const share of shares) recorder.pool.release(share);
  }
  recorder.pool.release(terms);
}
