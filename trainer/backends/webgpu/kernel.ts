/**
 * One compute kernel as data: its bindings, parameters and WGSL. The parameter struct and the binding declarations are
 * generated from these descriptions, so that host and shader cannot disagree about them.
 */
export type ParamType = 'u32' | 'f32';

export interface Binding {
  readonly name: string;
  readonly access: 'read' | 'write';
  /** WGSL element type of the runtime-sized array. */
  readonly type: 'f32' | 'i32' | 'u32' | 'vec4<f32>' | 'vec2<f32>' | 'vec2<u32>';
}

export interface Kernel<P extends string = string> {
  /** Identifies the code: two kernels of one name are the same kernel. */
  readonly name: string;
  readonly bindings: readonly Binding[];
  /** In the order of the shader's `params` struct. */
  readonly params: Readonly<Record<P, ParamType>>;
  /** WGSL without the declarations that `shaderOf` writes. */
  readonly code: string;
  /** Threads of the workgroup, where the code calls `sumOverThreads(thread, value)`; a power of two. */
  readonly sums?: number;
  /** The code itself calls subgroup functions. */
  readonly needsSubgroups?: true;
  /** The code multiplies by subgroup matrices of f16. */
  readonly needsSubgroupMatrices?: true;
}

export const read = (name: string, type: Binding['type'] = 'f32'): Binding => ({ name, access: 'read', type });
/** Read and written: WGSL has no write-only storage. */
export const write = (name: string, type: Binding['type'] = 'f32'): Binding => ({ name, access: 'write', type });

/** Largest parameter struct: what one slot of the recorder's uniform ring holds at least. */
export const MAX_PARAMS = 64;

/** `subgroups`: the device has them, with consecutive threads, as `probeSubgroups` requires. */
export function shaderOf(kernel: Kernel, { subgroups = false } = {}): string {
  const fields = Object.entries(kernel.params).map(([name, type]) => `  ${name}: ${type},`);
  const bindings = kernel.bindings.map(
    ({ name, access, type }, i) =>
      `@group(0) @binding(${i}) var<storage, ${access === 'read' ? 'read' : 'read_write'}> ${name}: array<${type}>;`,
  );
  const sums = kernel.sums === undefined ? [] : [sumOverThreads(kernel.sums, subgroups)];
  return [
    ...(kernel.needsSubgroupMatrices ? subgroupMatrices : []),
    ...(kernel.needsSubgroups || (subgroups && kernel.sums !== undefined) ? ['enable subgroups;'] : []),
    'struct Params {',
    ...(fields.length > 0 ? fields : ['  unused: u32,']),
    '}',
    ...bindings,
    '@group(1) @binding(0) var<uniform> params: Params;',
    ...sums,
    ...(kernel.code.includes('packFour(') ? [packFour] : []),
    kernel.code,
  ].join('\n');
}

/** That a subgroup's threads take the same way is ours to see to: the compiler cannot follow it through `thread / 32`. */
const subgroupMatrices = [
  'diagnostic(off, chromium.subgroup_matrix_uniformity);',
  'enable f16;',
  'enable subgroups;',
  'enable chromium_experimental_subgroup_matrix;',
];

type Choice = string | number | boolean | object;

/** Kernels of a family by variant, each built once. */
export function kernelFamily<A extends readonly Choice[], P extends string>(
  build: (...variant: A) => Kernel<P>,
): (...variant: A) => Kernel<P> {
  const built = new Map<string, Kernel<P>>();
  return (...variant) => {
    const key = variantName(variant);
    let kernel = built.get(key);
    if (!kernel) {
      kernel = build(...variant);
      built.set(key, kernel);
    }
    return kernel;
  };
}

/** Choices in the order given, flags as digits. */
export function variantName(choices: readonly Choice[]): string {
  return choices
    .flatMap((choice) => (typeof choice === 'object' ? Object.values(choice) : [choice]))
    .map((choice) => (typeof choice === 'boolean' ? Number(choice) : choice))
    .join(' ');
}

/**
 * Element type of a binding that is accessed four values at a time. With `half`, they are two f16 per word, which every
 * adapter can pack and unpack, with or without shader-f16.
 */
export const vec4Type = (half: boolean) => (half ? 'vec2<u32>' : 'vec4<f32>');

/** The four values of an element of type `vec4Type(half)`, as vec4<f32>. */
export const unpackVec4 = (element: string, half: boolean) =>
  half ? `vec4<f32>(unpack2x16float(${element}.x), unpack2x16float(${element}.y))` : element;

/** Value `at` of a buffer that is accessed one value at a time. */
export const unpackScalar = (name: string, at: string, half: boolean) =>
  half ? `unpack2x16float(${name}[(${at}) / 2u])[(${at}) % 2u]` : `${name}[${at}]`;

/** An element of type `vec4Type(half)` from a vec4<f32>. */
export const packVec4 = (four: string, half: boolean) => (half ? `packFour(${four})` : four);

/**
 * Values out of range become the largest f16: packing them would be undefined. What is no number stays none, told by its
 * bits, since clamping may make a number of it and compilers may take it that there is none.
 */
const packFour = `fn packFour(four: vec4<f32>) -> vec2<u32> {
  let reached = clamp(four, vec4<f32>(-65504.0), vec4<f32>(65504.0));
  let size = bitcast<vec4<u32>>(four) & vec4<u32>(0x7fffffffu);
  let nan = select(vec4<u32>(), vec4<u32>(0x7e00u), size > vec4<u32>(0x7f800000u));
  return vec2<u32>(
    pack2x16float(reached.xy) | nan.x | (nan.y << 16u),
    pack2x16float(reached.zw) | nan.z | (nan.w << 16u),
  );
}`;

/** Lines for i in 0..count: code that must be unrolled to stay in registers. */
export function repeat(count: number, line: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => line(i)).join('\n');
}

/**
 * Sum of `value` over the threads of a workgroup, for all of them; always in the same order. As a tree, or subgroup by
 * subgroup, which takes two barriers instead of eight.
 */
function sumOverThreads(threads: number, subgroups: boolean): string {
  const add = subgroups
    ? `  let part = subgroupAdd(value);
  let width = subgroupAdd(1u);
  let first = subgroupBroadcastFirst(thread);
  if (thread == first) { sums[first / width] = part; }
  workgroupBarrier();
  var total = 0.0;
  for (var i = 0u; i < ${threads}u / width; i++) { total += sums[i]; }`
    : `  sums[thread] = value;
  workgroupBarrier();
  for (var width = ${threads / 2}u; width > 0u; width /= 2u) {
    if (thread < width) { sums[thread] += sums[thread + width]; }
    workgroupBarrier();
  }
  let total = sums[0];`;
  return `
var<workgroup> sums: array<f32, ${threads}>;
fn sumOverThreads(thread: u32, value: f32) -> f32 {
${add}
  workgroupBarrier();
  return total;
}
`;
}
