/**
 * The complete state of a training, so that resuming gives the same result as never stopping: the trained weights, both
 * moments, and the number of updates, which determines the order of the data. Serialised as one safetensors file with
 * its state in the metadata.
 */
import * as z from 'zod';
import { canonicalJson } from '../contract/canonical-json';
import { listedIssues } from '../contract/issues';
import { message } from '../contract/message';
import { accuracySchema } from '../contract/run-event';
import { withoutWhitespace } from '../contract/train-config';
import { parseSafetensors, readSafetensorsMetadata, serializeSafetensors } from '../io/safetensors';
import { trainable } from '../model/adapter';
import type { Model } from '../model/model';
import { checkTensors, type NamedArrays, readAll, writeAll } from '../model/parameters';
import { TrainerError } from '../trainer-error';
import type { Optimizer } from './optimizer';

export class CheckpointError extends TrainerError {
  override readonly name = 'CheckpointError';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const stateSchema = z.object({
  version: z.literal(1),
  kind: z.enum(['train', 'pretrain']),
  step: z.int().min(0),
  totalSteps: z.int().min(1),
  /** Config and hashes of the data, as JSON: a checkpoint resumes the training that it came from, and no other. */
  fingerprint: z.string().refine(isJson),
  /** Held-out accuracy before the first step. */
  before: accuracySchema.nullable().default(null),
});

export type CheckpointState = z.infer<typeof stateSchema>;

export interface Checkpoint {
  readonly state: CheckpointState;
  readonly weights: NamedArrays;
  readonly m: NamedArrays;
  readonly v: NamedArrays;
}

export async function takeCheckpoint(model: Model, optimizer: Optimizer, state: CheckpointState): Promise<Checkpoint> {
  const { shapes, tensors } = trainable(model);
  const read = (values: Optimizer['m']) => readAll(model.backend, shapes, values);
  return { state, weights: await read(tensors), m: await read(optimizer.m), v: await read(optimizer.v) };
}

/** Throws CheckpointError when the checkpoint belongs to another training, WeightsError when to another model. */
export function restoreCheckpoint(
  checkpoint: Checkpoint,
  model: Model,
  optimizer: Optimizer,
  expected: Pick<CheckpointState, 'kind' | 'fingerprint'>,
): void {
  const { state } = checkpoint;
  if (state.kind !== expected.kind || comparable(state.fingerprint) !== comparable(expected.fingerprint)) {
    throw new CheckpointError(message('checkpointOfAnother'));
  }
  const { shapes, tensors } = trainable(model);
  for (const arrays of [checkpoint.weights, checkpoint.m, checkpoint.v])
    checkTensors(shapes, arrays, message('theModel'));
  writeAll(model.backend, tensors, checkpoint.weights);
  writeAll(model.backend, optimizer.m, checkpoint.m);
  writeAll(model.backend, optimizer.v, checkpoint.v);
  optimizer.steps = state.step;
}

/**
 * A fingerprint in a form that two configs of equal meaning share: fields in one order, since a config that was stored may
 * come back in another, and layer names without whitespace, which an earlier version kept.
 */
function comparable(fingerprint: string): string {
  const normalized: unknown = JSON.parse(fingerprint, (key, value: unknown) =>
    key === 'loraTargets' && typeof value === 'string' ? withoutWhitespace(value) : value,
  );
  return canonicalJson(normalized);
}

const parts = ['weights', 'm', 'v'] as const;

export function serializeCheckpoint(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  const tensors = new Map<string, { readonly shape: readonly number[]; readonly data: Float32Array }>();
  for (const part of parts) {
    for (const [name, array] of checkpoint[part]) tensors.set(`${part}/${name}`, array);
  }
  return serializeSafetensors(tensors, { metadata: { rescue_checkpoint: JSON.stringify(checkpoint.state) } });
}

/** Throws SafetensorsError or CheckpointError when the bytes are not a checkpoint. */
export function parseCheckpoint(bytes: Uint8Array): Checkpoint {
  const text = readSafetensorsMetadata(bytes).rescue_checkpoint;
  if (text === undefined) throw new CheckpointError(message('notCheckpoint'));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new CheckpointError(message('checkpointDamaged'));
  }
  const state = stateSchema.safeParse(json);
  if (!state.success) throw new CheckpointError(message('checkpointState', { reason: listedIssues(state.error) }));
  const tensors = parseSafetensors(bytes);
  const [weights, m, v] = parts.map((part) => {
    const found = [...tensors].filter(([name]) => name.startsWith(`${part}/`));
    return new Map(found.map(([name, array]) => [name.slice(part.length + 1), array]));
  });
  return { state: state.data, weights: weights!, m: m!, v: v! };
}
