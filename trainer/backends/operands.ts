/**
 * Checks of tensors as operands of an op: long enough, of the right type, and distinct where sharing would corrupt a
 * result.
 */
import { type Message, message } from '../contract/message';
import { TrainerError } from '../trainer-error';
import type { Tensor } from './backend';

/** A device that fails or, given a plain string, a call that breaks the contract: a bug of this program. */
export class BackendError extends TrainerError {
  override readonly name = 'BackendError';
  constructor(reason: string | Message, options?: ErrorOptions) {
    super(typeof reason === 'string' ? message('internal', { detail: reason }) : reason, options);
  }
}

export type SizedTensors = Readonly<Record<string, readonly [tensor: Tensor, length: number]>>;

function count(op: string, name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new BackendError(`${op}: ${name} must be a whole number >= 0, not ${value}`);
  }
}

export function checkCounts(op: string, counts: Readonly<Record<string, number>>): void {
  for (const name in counts) count(op, name, counts[name]!);
}

/** Every tensor holds f32 and at least the elements the call touches. */
export function checkFloats(op: string, tensors: SizedTensors): void {
  for (const name in tensors) {
    const [tensor, length] = tensors[name]!;
    if (tensor.dtype !== 'f32') throw new BackendError(`${op}: ${name} must be f32, not ${tensor.dtype}`);
    if (tensor.length < length) {
      throw new BackendError(`${op}: ${name} has ${tensor.length} elements, the call needs ${length}`);
    }
  }
}

/** As `checkFloats`, but also accepts f16. Then `width`, the length of a row, must be a multiple of 4. */
export function checkValues(op: string, tensors: SizedTensors, width = 4): void {
  for (const name in tensors) {
    const [tensor, length] = tensors[name]!;
    if (tensor.dtype !== 'f16') checkFloats(op, { [name]: [tensor, length] });
    else if (tensor.length < length) {
      throw new BackendError(`${op}: ${name} has ${tensor.length} elements, the call needs ${length}`);
    } else if (width % 4 !== 0) {
      throw new BackendError(`${op}: rows of ${name} have ${width} values, and those of f16 come in fours`);
    }
  }
}

/** All tensors have the same dtype. */
export function checkSameType(op: string, tensors: Readonly<Record<string, Tensor>>): void {
  const [first, ...others] = Object.keys(tensors);
  for (const name of others) {
    if (tensors[name]!.dtype !== tensors[first!]!.dtype) {
      throw new BackendError(`${op}: ${name} must be ${tensors[first!]!.dtype} like ${first}`);
    }
  }
}

export function checkSameLength(op: string, tensors: Readonly<Record<string, Tensor>>): void {
  let first: string | undefined;
  for (const name in tensors) {
    if (tensors[name]!.dtype !== 'f32') throw new BackendError(`${op}: ${name} must be f32`);
    if (first === undefined) first = name;
    else if (tensors[name]!.length !== tensors[first]!.length) {
      throw new BackendError(
        `${op}: ${name} has ${tensors[name]!.length} elements, ${first} has ${tensors[first]!.length}`,
      );
    }
  }
}

/** The first `rows` values lie in [0, limit). */
export function checkIndices(op: string, name: string, values: Int32Array, rows: number, limit: number): void {
  for (let i = 0; i < rows; i++) {
    const value = values[i]!;
    if (value < 0 || value >= limit) {
      throw new BackendError(`${op}: ${name}[${i}] = ${value} is outside 0..${limit - 1}`);
    }
  }
}

export function checkInts(op: string, name: string, tensor: Tensor, length: number): void {
  if (tensor.dtype !== 'i32') throw new BackendError(`${op}: ${name} must be i32, not ${tensor.dtype}`);
  if (tensor.length < length) {
    throw new BackendError(`${op}: ${name} has ${tensor.length} elements, the call needs ${length}`);
  }
}

/** A range [offset, offset + length) lies inside a tensor. */
export function checkRange(op: string, tensor: Tensor, offset: number, length: number): void {
  checkCounts(op, { offset, length });
  if (offset + length > tensor.length) {
    throw new BackendError(`${op}: ${offset} + ${length} elements do not fit a tensor of ${tensor.length}`);
  }
}

/** Outputs that are written while inputs are still being read may not be the same buffer. */
export function checkDistinct(
  op: string,
  outputs: Readonly<Record<string, Tensor>>,
  inputs: Readonly<Record<string, Tensor>>,
): void {
  for (const o in outputs) {
    for (const i in inputs) {
      if (outputs[o] === inputs[i]) throw new BackendError(`${op}: ${o} may not be the same tensor as ${i}`);
    }
  }
}
