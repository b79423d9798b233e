/**
 * Writes a product's sums to C, with the epilogue of backend.ts applied while they are in registers. `plus`, `gate` and
 * the gated result have C's stride, and each its own start.
 */
import { type Binding, packVec4, read, repeat, unpackVec4, vec4Type, write } from '../kernel';

export interface StoreVariant {
  /** Starts, stride and row length are multiples of 4 in C and in every operand of the epilogue. */
  readonly vectorC: boolean;
  /** C, `plus`, `gate` and the gated result hold f16; only with `vectorC`. */
  readonly halfC: boolean;
  /** What is added: nothing, C itself, or another matrix. */
  readonly plus: 'nothing' | 'own' | 'other';
  readonly bias: boolean;
  readonly swiglu: boolean;
}

export const STORE_PARAMS = {
  cStart: 'u32',
  cStride: 'u32',
  plusStart: 'u32',
  biasStart: 'u32',
  gateStart: 'u32',
  gatedStart: 'u32',
  /** Multiplies the sums before the epilogue. */
  scale: 'f32',
} as const;

export function storeBindings({ vectorC, halfC, plus, bias, swiglu }: StoreVariant): Binding[] {
  const type = vectorC ? vec4Type(halfC) : 'f32';
  return [
    write('c', type),
    ...(plus === 'other' ? [read('plus', type)] : []),
    ...(bias ? [read('bias', vectorC ? 'vec4<f32>' : 'f32')] : []),
    ...(swiglu ? [read('gate', type), write('gated', type)] : []),
  ];
}

/** WGSL: `store(split, row, column, four)` writes four neighbours of a row, except those outside C. */
export function storeFunction(variant: StoreVariant): string {
  return variant.vectorC ? storeFour(variant) : storeOneByOne(variant);
}

function storeFour({ halfC, plus, bias, swiglu }: StoreVariant): string {
  const at = (name: string) => `${name}[(params.${name}Start + offset) / 4u]`;
  const added = plus === 'nothing' ? '' : ` + ${unpackVec4(at(plus === 'own' ? 'c' : 'plus'), halfC)}`;
  const biased = bias ? ' + bias[(params.biasStart + column) / 4u]' : '';
  return `fn store(split: u32, row: u32, column: u32, four: vec4<f32>) {
  if (row >= params.m || column >= params.n) { return; }
  let offset = (split * params.m + row) * params.cStride + column;
  let sum = four * params.scale${added}${biased};
  ${at('c')} = ${packVec4('sum', halfC)};
${swiglu ? gated('vec4<f32>', unpackVec4(at('gate'), halfC), 'sum', (four) => `${at('gated')} = ${packVec4(four, halfC)};`) : ''}
}`;
}

function storeOneByOne({ plus, bias, swiglu }: StoreVariant): string {
  const at = (name: string, i: number) => `${name}[params.${name}Start + offset + ${i}u]`;
  const one = (i: number) => {
    const added = plus === 'nothing' ? '' : ` + ${at(plus === 'own' ? 'c' : 'plus', i)}`;
    const biased = bias ? ` + bias[params.biasStart + column + ${i}u]` : '';
    return `  if (column + ${i}u < params.n) {
    let sum = four[${i}] * params.scale${added}${biased};
    ${at('c', i)} = sum;
${swiglu ? gated('f32', at('gate', i), 'sum', (value) => `${at('gated', i)} = ${value};`) : ''}
  }`;
  };
  return `fn store(split: u32, row: u32, column: u32, four: vec4<f32>) {
  if (row >= params.m) { return; }
  let offset = (split * params.m + row) * params.cStride + column;
${repeat(4, one)}
}`;
}

/** Beyond 88 the exponential overflows, and the quotient is zero to f32 long before that. */
const gated = (type: string, gate: string, up: string, assign: (value: string) => string) => `  let g = ${gate};
  ${assign(`${up} * g / (${type}(1.0) + exp(min(-g, ${type}(88.0))))`)}`;
