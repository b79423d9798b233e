/** mid -> mid + down(silu(gate(n)) * up(n)) with n the normed mid. */
import type { Tensor } from '../backends/backend';
import type { Model } from './model';
import type { LayerNames, NamedTensors } from './parameters';
import type { BackwardActivations, LayerActivations } from './workspace';

/** Reads a.mid, writes the next layer's x. */
export function mlpForward(model: Model, names: LayerNames, a: LayerActivations, next: Tensor, rows: number): void {
  const { backend, config, parameters } = model;
  const { dim, hiddenDim } = config;
  const weight = (name: string) => parameters.get(name)!;
  backend.rmsNorm(a.mlpNorm, a.mlpRms, a.mid, weight(names.mlpNorm), rows, dim, config.normEpsilon);
  backend.matmul('nt', a.gate, a.mlpNorm, weight(names.gate), rows, hiddenDim, dim);
  backend.matmul('nt', a.up, a.mlpNorm, weight(names.up), rows, hiddenDim, dim);
  backend.swiglu(a.act, a.gate, a.up, rows * hiddenDim);
  backend.copy(next, a.mid);
  backend.matmul('nt', next, a.act, weight(names.down), rows, dim, hiddenDim, true);
}

/** d.dX holds the gradient of the layer's output and becomes that of a.mid. */
export function mlpBackward(
  model: Model,
  names: LayerNames,
  a: LayerActivations,
  d: BackwardActivations,
  gradients: NamedTensors,
  rows: number,
): void {
  const { backend, config, parameters } = model;
  const { dim, hiddenDim } = config;
  const weight = (name: string) => parameters.get(name)!;
  const gradient = (name: string) => gradients.get(name)!;
  backend.matmul('nn', d.dAct, d.dX, weight(names.down), rows, hiddenDim, dim);
  backend.matmul('tn', gradient(names.down), d.dX, a.act, dim, hiddenDim, rows, true);
  backend.swigluBackward(d.dGate, d.dUp, d.dAct, a.gate, a.up, rows * hiddenDim);
  backend.matmul('nn', d.dNorm, d.dGate, weight(names.gate), rows, dim, hiddenDim);
  backend.matmul('nn', d.dNorm, d.dUp, weight(names.up), rows, dim, hiddenDim, true);
  backend.matmul('tn', gradient(names.gate), d.dGate, a.mlpNorm, hiddenDim, dim, rows, true);
  backend.matmul('tn', gradient(names.up), d.dUp, a.mlpNorm, hiddenDim, dim, rows, true);
  backend.rmsNormBackward(
    d.dX,
    gradient(names.mlpNorm),
    d.dNorm,
    a.mid,
    weight(names.mlpNorm),
    a.mlpRms,
    rows,
    dim,
    true,
  );
}
