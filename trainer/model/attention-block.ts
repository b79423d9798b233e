/** x -> x + o(attention(rope(norm(q)), rope(norm(k)), v)), q, k, v linear in the normed x; q and k normed in Qwen3. */
import type { AttentionShape } from '../backends/backend';
import { linearBackward, linearForward } from './linear';
import type { LayerNames, NamedTensors } from './parameters';
import type { Pass } from './pass';
import type { BackwardActivations, LayerActivations } from './workspace';

function shapeOf({ model, segments, rows }: Pass): AttentionShape {
  const { heads, kvHeads, headDim } = model.config;
  return { rows, heads, kvHeads, headDim, segments };
}

/** Reads a.x, writes a.mid. */
export function attentionForward(pass: Pass, names: LayerNames, a: LayerActivations): void {
  const { w, rows } = pass;
  const { backend, config, parameters } = pass.model;
  const { dim, heads, kvHeads, headDim, normEpsilon } = config;
  const qDim = heads * headDim;
  const kvDim = kvHeads * headDim;
  const weight = (name: string) => parameters.get(name)!;
  const n = a.headNorms;
  backend.rmsNorm(a.attentionNorm, a.attentionRms, a.x, weight(names.attentionNorm), rows, dim, normEpsilon);
  linearForward(pass, names.q, n?.q ?? a.q, a.attentionNorm, { rows, inDim: dim, outDim: qDim });
  linearForward(pass, names.k, n?.k ?? a.k, a.attentionNorm, { rows, inDim: dim, outDim: kvDim });
  linearForward(pass, names.v, a.v, a.attentionNorm, { rows, inDim: dim, outDim: kvDim });
  if (n) {
    backend.rmsNorm(a.q, n.qRms, n.q, weight(names.qNorm), rows * heads, headDim, normEpsilon);
    backend.rmsNorm(a.k, n.kRms, n.k, weight(names.kNorm), rows * kvHeads, headDim, normEpsilon);
  }
  backend.rope(a.q, w.positions, w.cosine, w.sine, rows, heads, headDim, 1);
  backend.rope(a.k, w.positions, w.cosine, w.sine, rows, kvHeads, headDim, 1);
  backend.attention(a.attention, a.logSumExp, a.q, a.k, a.v, shapeOf(pass));
  linearForward(pass, names.o, a.mid, a.attention, { rows, inDim: qDim, outDim: dim }, { plus: a.x });
}

/** d.dX holds the gradient of a.mid and becomes that of a.x. */
export function attentionBackward(
  pass: Pass,
  names: LayerNames,
  a: LayerActivations,
  d: BackwardActivations,
  gradients: NamedTensors,
): void {
  const { w, rows } = pass;
  const { backend, config, parameters } = pass.model;
  const { dim, heads, kvHeads, headDim } = config;
  const qDim = heads * headDim;
  const kvDim = kvHeads * headDim;
  const weight = (name: string) => parameters.get(name)!;
  const gradient = (name: string) => gradients.get(name) ?? null;

  linearBackward(pass, names.o, d.dAttention, d.dX, a.attention, { rows, inDim: qDim, outDim: dim }, gradients);
  const shape = shapeOf(pass);
  backend.attentionBackward(d.dQ, d.dK, d.dV, d.dAttention, a.attention, a.logSumExp, a.q, a.k, a.v, shape);
  backend.rope(d.dQ, w.positions, w.cosine, w.sine, rows, heads, headDim, -1);
  backend.rope(d.dK, w.positions, w.cosine, w.sine, rows, kvHeads, headDim, -1);
  const n = a.headNorms;
  let { dQ, dK } = d;
  if (n) {
    // Into buffers whose content is spent: dAttention, then dQ.
    dQ = d.dAttention;
    dK = d.dQ;
    const qWeight = weight(names.qNorm);
    const kWeight = weight(names.kNorm);
    backend.rmsNormBackward(dQ, gradient(names.qNorm), d.dQ, n.q, qWeight, n.qRms, rows * heads, headDim);
    backend.rmsNormBackward(dK, gradient(names.kNorm), d.dK, n.k, kWeight, n.kRms, rows * kvHeads, headDim);
  }
  linearBackward(pass, names.q, d.dNorm, dQ, a.attentionNorm, { rows, inDim: dim, outDim: qDim }, gradients);
  const keys = { rows, inDim: dim, outDim: kvDim };
  linearBackward(pass, names.k, d.dNorm, dK, a.attentionNorm, keys, gradients, true);
  linearBackward(pass, names.v, d.dNorm, d.dV, a.attentionNorm, keys, gradients, true);
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
