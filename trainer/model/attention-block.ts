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
  backend.rmsNorm({
    out: a.attentionNorm,
    inverseRms: a.attentionRms,
    x: a.x,
    weight: weight(names.attentionNorm),
    rows,
    dim,
    epsilon: normEpsilon,
  });
  linearForward(pass, { module: names.q, out: n?.q ?? a.q, x: a.attentionNorm, rows, inDim: dim, outDim: qDim });
  linearForward(pass, { module: names.k, out: n?.k ?? a.k, x: a.attentionNorm, rows, inDim: dim, outDim: kvDim });
  linearForward(pass, { module: names.v, out: a.v, x: a.attentionNorm, rows, inDim: dim, outDim: kvDim });
  if (n) {
    backend.rmsNorm({
      out: a.q,
      inverseRms: n.qRms,
      x: n.q,
      weight: weight(names.qNorm),
      rows: rows * heads,
      dim: headDim,
      epsilon: normEpsilon,
    });
    backend.rmsNorm({
      out: a.k,
      inverseRms: n.kRms,
      x: n.k,
      weight: weight(names.kNorm),
      rows: rows * kvHeads,
      dim: headDim,
      epsilon: normEpsilon,
    });
  }
  backend.rope({ x: a.q, positions: w.positions, cosine: w.cosine, sine: w.sine, rows, heads, headDim, direction: 1 });
  backend.rope({
    x: a.k,
    positions: w.positions,
    cosine: w.cosine,
    sine: w.sine,
    rows,
    heads: kvHeads,
    headDim,
    direction: 1,
  });
  backend.attention({ out: a.attention, logSumExp: a.logSumExp, q: a.q, k: a.k, v: a.v, shape: shapeOf(pass) });
  linearForward(pass, { module: names.o, out: a.mid, x: a.attention, rows, inDim: qDim, outDim: dim, plus: a.x });
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

  linearBackward(pass, {
    module: names.o,
    dX: d.dAttention,
    dOut: d.dX,
    x: a.attention,
    rows,
    inDim: qDim,
    outDim: dim,
    gradients,
  });
  const shape = shapeOf(pass);
  backend.attentionBackward({
    dQ: d.dQ,
    dK: d.dK,
    dV: d.dV,
    dOut: d.dAttention,
    out: a.attention,
    logSumExp: a.logSumExp,
    q: a.q,
    k: a.k,
    v: a.v,
    shape,
  });
  backend.rope({
    x: d.dQ,
    positions: w.positions,
    cosine: w.cosine,
    sine: w.sine,
    rows,
    heads,
    headDim,
    direction: -1,
  });
  backend.rope({
    x: d.dK,
    positions: w.positions,
    cosine: w.cosine,
    sine: w.sine,
    rows,
    heads: kvHeads,
    headDim,
    direction: -1,
  });
  const n = a.headNorms;
  let { dQ, dK } = d;
  if (n) {
    // Into buffers whose content is spent: dAttention, then dQ.
    dQ = d.dAttention;
    dK = d.dQ;
    const qWeight = weight(names.qNorm);
    const kWeight = weight(names.kNorm);
    backend.rmsNormBackward({
      dX: dQ,
      dWeight: gradient(names.qNorm),
      dOut: d.dQ,
      x: n.q,
      weight: qWeight,
      inverseRms: n.qRms,
      rows: rows * heads,
      dim: headDim,
    });
    backend.rmsNormBackward({
      dX: dK,
      dWeight: gradient(names.kNorm),
      dOut: d.dK,
      x: n.k,
      weight: kWeight,
      inverseRms: n.kRms,
      rows: rows * kvHeads,
      dim: headDim,
    });
  }
  linearBackward(pass, {
    module: names.q,
    dX: d.dNorm,
    dOut: dQ,
    x: a.attentionNorm,
    rows,
    inDim: dim,
    outDim: qDim,
    gradients,
  });
  const keys = { rows, inDim: dim, outDim: kvDim };
  linearBackward(pass, {
    module: names.k,
    dX: d.dNorm,
    dOut: dK,
    x: a.attentionNorm,
    ...keys,
    gradients,
    accumulate: true,
  });
  linearBackward(pass, {
    module: names.v,
    dX: d.dNorm,
    dOut: d.dV,
    x: a.attentionNorm,
    ...keys,
    gradients,
    accumulate: true,
  });
  backend.rmsNormBackward({
    dX: d.dX,
    dWeight: gradient(names.attentionNorm),
    dOut: d.dNorm,
    x: a.x,
    weight: weight(names.attentionNorm),
    inverseRms: a.attentionRms,
    rows,
    dim,
    accumulate: true,
  });
}
