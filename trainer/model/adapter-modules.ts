/** Which layers of a model an adapter is on, and the shapes of its matrices. Names and layout are PEFT's. */
import { message } from '../contract/message';
import { type AdapterConfig, AdapterConfigError } from './adapter-config';
import type { ModelConfig } from './config';
import { isTarget, valueFor } from './module-patterns';
import { layerNames, type NamedTensors, parameterShapes, type Shapes } from './parameters';

/** PEFT's name of a layer's matrix; `module` is Hugging Face's path of the linear layer. */
export function adapterName(module: string, matrix: 'A' | 'B'): string {
  return `base_model.model.${module}.lora_${matrix}.weight`;
}

/** The linear layers that have an adapter, by path. */
export type AdaptedModules = ReadonlyMap<string, { readonly rank: number; readonly scale: number }>;

export interface Adapter {
  readonly config: AdapterConfig;
  readonly modules: AdaptedModules;
  /** Under PEFT's names. */
  readonly parameters: NamedTensors;
}

/** In the order of the forward pass. Throws AdapterConfigError where the model has none of the targets. */
export function adaptedModules(config: ModelConfig, adapter: AdapterConfig): AdaptedModules {
  const modules = new Map<string, { rank: number; scale: number }>();
  for (let layer = 0; layer < config.layers; layer++) {
    const { q, k, v, o, gate, up, down } = layerNames(layer);
    for (const module of [q, k, v, o, gate, up, down]) {
      if (!isTarget(adapter.targets, module)) continue;
      const rank = valueFor(adapter.rankPattern, module) ?? adapter.rank;
      const alpha = valueFor(adapter.alphaPattern, module) ?? adapter.alpha;
      modules.set(module, { rank, scale: alpha / (adapter.rankStabilized ? Math.sqrt(rank) : rank) });
    }
  }
  if (modules.size === 0) throw new AdapterConfigError(message('adapterNeedsTarget'));
  return modules;
}

/** Every matrix of an adapter and its shape, in the order of the forward pass. */
export function adapterShapes(config: ModelConfig, adapter: AdapterConfig): Shapes {
  const parameters = parameterShapes(config);
  const shapes = new Map<string, readonly number[]>();
  for (const [module, { rank }] of adaptedModules(config, adapter)) {
    const [outDim, inDim] = parameters.get(`${module}.weight`) as [number, number];
    shapes.set(adapterName(module, 'A'), [rank, inDim]);
    shapes.set(adapterName(module, 'B'), [outDim, rank]);
  }
  return shapes;
}

/** The largest rank over all layers: the width of a buffer that serves any of them. */
export function largestRank(modules: AdaptedModules): number {
  return [...modules.values()].reduce((most, { rank }) => Math.max(most, rank), 0);
}
