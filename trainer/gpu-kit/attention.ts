/** How long attention takes in a layer of a 135M model at 2,048 rows, forward and backward. */
import { recordAttention, recordAttentionBackward } from '../backends/webgpu/attention';
import type { BenchDevice } from './bench-device';
import type { Cell, Table } from './report';

export async function measureAttention(bench: BenchDevice): Promise<Table> {
  const { recorder, software } = bench;
  const [prompts, length, heads, kvHeads, headDim] = software ? [1, 32, 2, 1, 16] : [4, 512, 9, 3, 64];
  const rows = prompts! * length!;
  const segments = Array.from({ length: prompts! }, (_, i) => ({
    start: i * length!,
    end: (i + 1) * length!,
    prefixStart: 0,
    prefixEnd: 0,
  }));
  const shape = { rows, heads: heads!, kvHeads: kvHeads!, headDim: headDim!, segments };
  const query = () => recorder.scratch(rows * heads! * headDim!);
  const key = () => recorder.scratch(rows * kvHeads! * headDim!);
  const inputs = {
    q: query(),
    k: key(),
    v: key(),
    out: query(),
    logSumExp: recorder.scratch(rows * heads!),
    half: false,
  };
  const gradients = { dQ: query(), dK: key(), dV: key() };
  const dOut = query();
  const cells: Cell[][] = [];
  for (const half of [false, true]) {
    const own = { ...inputs, half };
    const forward = () => recordAttention(recorder, own, shape);
    const backward = () => recordAttentionBackward(recorder, gradients, { dOut, ...own }, shape);
    cells.push([`forward, ${half ? 'f16' : 'f32'}`, 1000 * (await bench.time(forward))]);
    cells.push([`backward, ${half ? 'f16' : 'f32'}`, 1000 * (await bench.time(backward))]);
  }
  return {
    title: `Attention of a layer, ${prompts} x ${length} rows, microseconds`,
    head: ['pass', 'microseconds'],
    rows: cells,
  };
}
