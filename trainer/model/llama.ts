/**
 * The forward and backward pass of a Llama or a relative of it over a packed block, written out by hand over the ops contract.
 *
 * Gradient convention: every backward step reads the gradient of its output and OVERWRITES the gradient of its
 * input, except the residual stream, to which both branches of a layer add; parameter gradients are ADDED TO, so
 * that accumulation over micro-batches is the same call again. A tied head adds to the embedding's gradient.
 */

import { message } from '../contract/message';
import type { PackedBlock } from '../data/pack';
import { TrainerError } from '../trainer-error';
import { attentionBackward, attentionForward } from './attention-block';
import { mlpBackward, mlpForward } from './mlp-block';
import type { Model } from './model';
import { embeddingName, finalNormName, headName, layerNames, type NamedTensors } from './parameters';
import type { Pass } from './pass';
import type { WorkspaceBuffers } from './workspace';

/** A prompt or response that does not fit the model. */
export class BlockError extends TrainerError {
  override readonly name = 'BlockError';
}

function reserve(model: Model, block: PackedBlock, backward: boolean): WorkspaceBuffers {
  const { maxPositions } = model.config;
  if (block.positionCount > maxPositions) {
    throw new BlockError(message('blockBeyondContext', { tokens: block.positionCount, context: maxPositions }));
  }
  return model.workspace.reserve({
    rows: block.ids.length,
    predictions: block.targets.length,
    positions: block.positionCount,
    backward,
  });
}

function headOf(model: Model): string {
  return model.config.tieEmbeddings ? embeddingName : headName;
}

export interface ForwardOptions {
  /** Save the activations that `backward` needs. */
  readonly keep: boolean;
  /** Seed of an adapter's dropout in training; `backward` must get the same. Absent: no dropout. */
  readonly dropoutSeed?: number;
}

function passOf(model: Model, block: PackedBlock, w: WorkspaceBuffers, dropoutSeed: number | undefined): Pass {
  const { segments, ids } = block;
  return { model, w, segments, rows: ids.length, scratch: w.scratch, dropoutSeed: dropoutSeed ?? null };
}

/**
 * Enqueues the forward pass. The block's log-probabilities are then in `logProb` of the buffers returned
 * (the first targets.length elements); nothing has been waited for.
 */
export function forward(model: Model, block: PackedBlock, { keep, dropoutSeed }: ForwardOptions): WorkspaceBuffers {
  const { backend, config, parameters } = model;
  const w = reserve(model, block, keep);
  const rows = block.ids.length;
  const { dim } = config;
  backend.write(w.ids, block.ids);
  backend.write(w.positions, block.positions);
  backend.write(w.predictRows, block.predictRows);
  backend.write(w.targets, block.targets);

  backend.gatherRows(w.layers[0]!.x, parameters.get(embeddingName)!, w.ids, rows, dim);
  const pass = passOf(model, block, w, dropoutSeed);
  w.layers.forEach((a, layer) => {
    const names = layerNames(layer);
    attentionForward(pass, names, a);
    mlpForward(pass, names, a, w.layers[layer + 1]?.x ?? w.out);
  });

  // Final norm and head run on the rows that predict something, and on no others.
  const n = block.targets.length;
  const normWeight = parameters.get(finalNormName)!;
  backend.gatherRows(w.selected, w.out, w.predictRows, n, dim);
  backend.rmsNorm({
    out: w.selectedNorm,
    inverseRms: w.selectedRms,
    x: w.selected,
    weight: normWeight,
    rows: n,
    dim,
    epsilon: config.normEpsilon,
  });
  backend.logProb({
    logProb: w.logProb,
    logSumExp: w.headLogSumExp,
    hidden: w.selectedNorm,
    head: parameters.get(headOf(model))!,
    targets: w.targets,
    rows: n,
    dim,
    vocab: config.vocabSize,
    logitCache: keep ? w.backward!.logitCache : null,
  });
  return w;
}

/** Recomputes the activations of the segment that ends with a layer, from the residual stream at its start. */
function recomputeSegment(pass: Pass, end: number): void {
  const { layers, segmentLength } = pass.w;
  for (let layer = end - segmentLength + 1; layer <= end; layer++) {
    const names = layerNames(layer);
    attentionForward(pass, names, layers[layer]!);
    mlpForward(pass, names, layers[layer]!, layer === end ? null : layers[layer + 1]!.x);
  }
}

/**
 * Enqueues the backward pass of sum_i coefficient[i] * logProb[i] after `forward` of the same block with `keep`;
 * adds to `gradients`, where a parameter without one is frozen. coefficients: one for each target of the block.
 */
export function backward(
  model: Model,
  block: PackedBlock,
  coefficients: Float32Array,
  gradients: NamedTensors,
  { dropoutSeed }: Pick<ForwardOptions, 'dropoutSeed'> = {},
): void {
  const { backend, config, parameters } = model;
  const w = reserve(model, block, true);
  const d = w.backward!;
  const rows = block.ids.length;
  const { dim } = config;
  const n = block.targets.length;

  backend.write(d.coefficient, coefficients);
  backend.logProbBackward({
    dHidden: d.dSelectedNorm,
    dHead: gradients.get(headOf(model)) ?? null,
    coefficient: d.coefficient,
    logSumExp: w.headLogSumExp,
    hidden: w.selectedNorm,
    head: parameters.get(headOf(model))!,
    targets: w.targets,
    rows: n,
    dim,
    vocab: config.vocabSize,
    logitCache: d.logitCache,
  });
  backend.rmsNormBackward({
    dX: d.dSelected,
    dWeight: gradients.get(finalNormName) ?? null,
    dOut: d.dSelectedNorm,
    x: w.selected,
    weight: parameters.get(finalNormName)!,
    inverseRms: w.selectedRms,
    rows: n,
    dim,
  });
  backend.fill(d.dX, 0);
  backend.scatterAddRows(d.dX, d.dSelected, w.predictRows, n, dim);

  const pass = passOf(model, block, w, dropoutSeed);
  for (let layer = config.layers - 1; layer >= 0; layer--) {
    const names = layerNames(layer);
    const a = w.layers[layer]!;
    const last = layer === config.layers - 1;
    if (!last && layer % w.segmentLength === w.segmentLength - 1) recomputeSegment(pass, layer);
    mlpBackward(pass, names, a, d, gradients);
    attentionBackward(pass, names, a, d, gradients);
  }
  const dEmbedding = gradients.get(embeddingName);
  if (dEmbedding) backend.scatterAddRows(dEmbedding, d.dX, w.ids, rows, dim);
}
