/** mid -> mid + down(silu(gate(n)) * up(n)) with n the normed mid. */
import type { Tensor } from '../backends/backend';
import { linearBackward, linearForward, linearForwardAgain } from './linear';
import type { LayerNames, NamedTensors } from './parameters';
import type { Pass } from './pass';
import type { BackwardActivations, LayerActivations } from './workspace';

/** Reads a.mid, writes the next layer's x; that is left as it is when null. */
export function mlpForward(pass: Pass, names: LayerNames, a: LayerActivations, next: Tensor | null): void {
  const { rows } = pass;
  const { backend, config, parameters } = pass.model;
  const { dim, hiddenDim } = config;
  const widen = { rows, inDim: dim, outDim: hiddenDim };
  backend.rmsNorm({
    out: a.mlpNorm,
    inverseRms: a.mlpRms,
    x: a.mid,
    weight: parameters.get(names.mlpNorm)!,
    rows,
    dim,
    epsilon: config.normEpsilon,
  });
  linearForward(pass, { module: names.gate, out: a.gate, x: a.mlpNorm, ...widen });
  linearForward(pass, { module: names.up, out: a.up, x: a.mlpNorm, ...widen, swiglu: { out: a.act, gate: a.gate } });
  const narrow = { module: names.down, x: a.act, rows, inDim: hiddenDim, outDim: dim };
  if (next) linearForward(pass, { ...narrow, out: next, plus: a.mid });
  else linearForwardAgain(pass, narrow);
}

/** d.dX holds the gradient of the layer's output and becomes that of a.mid. */
export function mlpBackward(
  pass: Pass,
  names: LayerNames,
  a: LayerActivations,
  d: BackwardActivations,
  gradients: NamedTensors,
): void {
  const { rows } = pass;
  const { backend, config, parameters } = pass.model;
  const { dim, hiddenDim } = config;
  const widen = { rows, inDim: dim, outDim: hiddenDim };
  linearBackward(pass, {
    module: names.down,
    dX: d.dAct,
    dOut: d.dX,
    x: a.act,
    rows,
    inDim: hiddenDim,
    outDim: dim,
    gradients,
  });
  backend.swigluBackward({
    dGate: d.dGate,
    dUp: d.dUp,
    dOut: d.dAct,
    gate: a.gate,
    up: a.up,
    length: rows * hiddenDim,
  });
  linearBackward(pass, { module: names.gate, dX: d.dNorm, dOut: d.dGate, x: a.mlpNorm, ...widen, gradients });
  linearBackward(pass, {
    module: names.up,
    dX: d.dNorm,
    dOut: d.dUp,
    x: a.mlpNorm,
    ...widen,
    gradients,
    accumulate: true,
  });
  backend.rmsNormBackward({
    dX: d.dX,
    dWeight: gradients.get(names.mlpNorm) ?? null,
    dOut: d.dNorm,
    x: a.mid,
    weight: parameters.get(names.mlpNorm)!,
    inverseRms: a.mlpRms,
    rows,
    dim,
    accumulate: true,
  });
}
