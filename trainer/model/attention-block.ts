/** x -> x + o(attention(rope(q), rope(k), v)) with q, k, v linear in the normed x. */
import type { AttentionShape, SegmentLayout } from '../backends/backend';
import type { Model } from './model';
import type { LayerNames, NamedTensors } from './parameters';
import type { BackwardActivations, LayerActivations, WorkspaceBuffers } from './workspace';

function shapeOf(model: Model, segments: SegmentLayout, rows: number): AttentionShape {
  const { heads, kvHeads, headDim } = model.config;
  return { rows, heads, kvHeads, headDim, segments };
}

/** Reads a.x, writes a.mid. */
export function attentionForward(
  model: Model,
  names: LayerNames,
  a: LayerActivations,
  w: WorkspaceBuffers,
  segments: SegmentLayout,
  rows: number,
): void {
  const { backend, config, parameters } = model;
  const { dim, heads, kvHeads, headDim } = config;
  const qDim = heads * headDim;
  const kvDim = kvHeads * headDim;
  const weight = (name: string) => parameters.get(name)!;
  backend.rmsNorm(a.attentionNorm, a.attentionRms, a.x, weight(names.attentionNorm), rows, dim, config.normEpsilon);
  backend.matmul('nt', a.q, a.attentionNorm, weight(names.q), rows, qDim, dim);
  backend.matmul('nt', a.k, a.attentionNorm, weight(names.k), rows, kvDim, dim);
  backend.matmul('nt', a.v, a.attentionNorm, weight(names.v), rows, kvDim, dim);
  backend.rope(a.q, w.positions, w.cosine, w.sine, rows, heads, headDim, 1);
  backend.rope(a.k, w.positions, w.cosine, w.sine, rows, kvHeads, headDim, 1);
  backend.attention(a.attention, a.logSumExp, a.q, a.k, a.v, shapeOf(model, segments, rows));
  backend.copy(a.mid, a.x);
  backend.matmul('nt', a.mid, a.attention, weight(names.o), rows, dim, qDim, true);
}

/** d.dX holds the gradient of a.mid and becomes that of a.x. */
export function attentionBackward(
  model: Model,
  names: LayerNames,
  a: LayerActivations,
  w: WorkspaceBuffers,
  d: BackwardActivations,
  gradients: NamedTensors,
  segments: SegmentLayout,
  rows: number,
): void {
  const { backend, config, parameters } = model;
  const { dim, heads, kvHeads, headDim } = config;
  const qDim = heads * headDim;
  const kvDim = kvHeads * headDim;
  const weight = (name: string) => parameters.get(name)!;
  const gradient = (name: string) => gradients.get(name)!;

  backend.matmul('nn', d.dAttention, d.dX, weight(names.o), rows, qDim, dim);
  backend.matmul('tn', gradient(names.o), d.dX, a.attention, dim, qDim, rows, true);
  const shape = shapeOf(model, segments, rows);
  backend.attentionBackward(d.dQ, d.dK, d.dV, d.dAttention, a.attention, a.logSumExp, a.q, a.k, a.v, shape);
  backend.rope(d.dQ, w.positions, w.cosine, w.sine, rows, heads, headDim, -1);
  backend.rope(d.dK, w.positions, w.cosine, w.sine, rows, kvHeads, headDim, -1);
  backend.matmul('nn', d.dNorm, d.dQ, weight(names.q), rows, dim, qDim);
  backend.matmul('nn', d.dNorm, d.dK, weight(names.k), rows, dim, kvDim, true);
  backend.matmul('nn', d.dNorm, d.dV, weight(names.v), rows, dim, kvDim, true);
  backend.matmul('tn', gradient(names.q), d.dQ, a.attentionNorm, qDim, dim, rows, true);
  backend.matmul('tn', gradient(names.k), d.dK, a.attentionNorm, kvDim, dim, rows, true);
  backend.matmul('tn', gradient(names.v), d.dV, a.attentionNorm, kvDim, dim, rows, true);
  backend.rmsNormBackward(
    d.dX,
    gradient(names.attentionNorm),
    d.dNorm,
    a.x,
    weight(names.attentionNorm),
    a.attentionRms,
    rows,
    dim,
    true,
  );
}
