/** mid -> mid + down(silu(gate(n)) * up(n)) with n the normed mid. */
import type { Tensor } from '../backends/backend';
import { linearBackward, linearForward } from './linear';
import type { LayerNames, NamedTensors } from './parameters';
import type { Pass } from './pass';
import type { BackwardActivations, LayerActivations } from './workspace';

/** Reads a.mid, writes the next layer's x; that is left as it is when null. */
export function mlpForward(pass: Pass, names: LayerNames, a: LayerActivations, next: Tensor | null): void {
  const { rows } = pass;
  const { backend, config, parameters } = pass.model;
  const { dim, hiddenDim } = config;
  const widen = { rows, inDim: dim, outDim: hiddenDim };
  backend.rmsNorm(a.mlpNorm, a.mlpRms, a.mid, parameters.get(names.mlpNorm)!, rows, dim, config.normEpsilon);
  linearForward(pass, names.gate, a.gate, a.mlpNorm, widen);
  linearForward(pass, names.up, a.up, a.mlpNorm, widen, { swiglu: { out: a.act, gate: a.gate } });
  if (next) linearForward(pass, names.down, next, a.act, { rows, inDim: hiddenDim, outDim: dim }, { plus: a.mid });
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
  linearBackward(pass, names.down, d.dAct, d.dX, a.act, { rows, inDim: hiddenDim, outDim: dim }, gradients);
  backend.swigluBackward(d.dGate, d.dUp, d.dAct, a.gate, a.up, rows * hiddenDim);
  linearBackward(pass, names.gate, d.dNorm, d.dGate, a.mlpNorm, widen, gradients);
  linearBackward(pass, names.up, d.dNorm, d.dUp, a.mlpNorm, widen, gradients, true);
  backend.rmsNormBackward(
    d.dX,
    gradients.get(names.mlpNorm) ?? null,
    d.dNorm,
    a.mid,
    parameters.get(names.mlpNorm)!,
    a.mlpRms,
    rows,
    dim,
    true,
  );
}
