/** Kernels that look at one element at a time. Threads stride over the range, so that any length fits one dispatch. */
import { type Binding, type Kernel, kernelFamily, type ParamType, read, write } from '../kernel';

export const ELEMENTWISE_THREADS = 256;

/** Scalar, or four elements at a time: then bindings hold vectors, and `length` counts those. */
export type ElementwiseKernel<P extends string = never> = (vector: boolean) => Kernel<P | 'length'>;

interface Elementwise<P extends string> {
  readonly name: string;
  readonly bindings: readonly Binding[];
  readonly params?: Readonly<Record<P, ParamType>>;
  /** Sees element `i`, of the type `v`. */
  readonly body: string | ((v: string) => string);
  readonly functions?: (v: string) => string;
}

function elementwise<P extends string = never>(definition: Elementwise<P>): ElementwiseKernel<P> {
  return kernelFamily((vector) => {
    const v = vector ? 'vec4<f32>' : 'f32';
    const { name, bindings, params, body, functions } = definition;
    return {
      name: vector ? `${name} by four` : name,
      bindings: bindings.map((binding) => (binding.type === 'f32' ? { ...binding, type: v } : binding)) as Binding[],
      params: { length: 'u32', ...params } as Record<P | 'length', ParamType>,
      code: `${functions?.(v) ?? ''}
@compute @workgroup_size(${ELEMENTWISE_THREADS})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  for (var i = id.x; i < params.length; i += groups.x * ${ELEMENTWISE_THREADS}u) {
${typeof body === 'string' ? body : body(v)}
  }
}`,
    };
  });
}

export const fillKernel = elementwise({
  name: 'fill',
  bindings: [write('x')],
  params: { value: 'f32' },
  body: (v) => `    x[i] = ${v}(params.value);`,
});

export const copyKernel = elementwise({
  name: 'copy',
  bindings: [write('to'), read('x')],
  body: '    to[i] = x[i];',
});

export const addKernel = elementwise({
  name: 'add',
  bindings: [write('to'), read('x')],
  body: '    to[i] += x[i];',
});

export const scaleKernel = elementwise({
  name: 'scale',
  bindings: [write('x')],
  params: { factor: 'f32' },
  body: '    x[i] *= params.factor;',
});

/** `dropoutHash` of backend.ts; `first` is the element that the bound range begins with. */
export const dropoutKernel = (accumulate: boolean): Kernel<'length' | 'first' | 'seed' | 'threshold' | 'factor'> =>
  elementwise({
    name: accumulate ? 'dropoutAdd' : 'dropout',
    bindings: [write('to'), read('x')],
    params: { first: 'u32', seed: 'u32', threshold: 'u32', factor: 'f32' },
    body: `    var hash = params.seed + (params.first + i) * 0x9e3779b1u;
    hash = (hash ^ (hash >> 16u)) * 0x85ebca6bu;
    hash = (hash ^ (hash >> 13u)) * 0xc2b2ae35u;
    hash = hash ^ (hash >> 16u);
    to[i] ${accumulate ? '+=' : '='} select(0.0, x[i] * params.factor, hash >= params.threshold);`,
  })(false);

/** Beyond 88 the exponential overflows, and the quotient is zero to f32 long before that. */
const sigmoid = (v: string) => `fn sigmoid(x: ${v}) -> ${v} { return ${v}(1.0) / (1.0 + exp(min(-x, ${v}(88.0)))); }\n`;

export const swigluBackwardKernel = elementwise({
  name: 'swigluBackward',
  bindings: [write('dGate'), write('dUp'), read('dOut'), read('gate'), read('up')],
  body: `    let g = gate[i];
    let d = dOut[i];
    let s = sigmoid(g);
    dUp[i] = d * g * s;
    dGate[i] = d * up[i] * s * (1.0 + g * (1.0 - s));`,
  functions: sigmoid,
});

/** `length` counts pairs: rows x heads x half. */
export const ropeKernel: Kernel<'length' | 'heads' | 'half' | 'direction'> = elementwise({
  name: 'rope',
  bindings: [write('x'), read('positions', 'i32'), read('cosine'), read('sine')],
  params: { heads: 'u32', half: 'u32', direction: 'f32' },
  body: `    let j = i % params.half;
    let head = i / params.half;
    let table = u32(positions[head / params.heads]) * params.half + j;
    let c = cosine[table];
    let s = params.direction * sine[table];
    let at = head * 2u * params.half + j;
    let first = x[at];
    let second = x[at + params.half];
    x[at] = first * c - second * s;
    x[at + params.half] = second * c + first * s;`,
})(false);

/** Factors come ready from the host, where they are computed in float64. */
export const adamWKernel = elementwise({
  name: 'adamW',
  bindings: [write('parameter'), read('gradient'), write('m'), write('v')],
  params: {
    gradientScale: 'f32',
    beta1: 'f32',
    rest1: 'f32',
    beta2: 'f32',
    rest2: 'f32',
    decay: 'f32',
    rate: 'f32',
    inverseRoot: 'f32',
    epsilon: 'f32',
  },
  body: `    let g = gradient[i] * params.gradientScale;
    let m1 = params.beta1 * m[i] + params.rest1 * g;
    let v1 = params.beta2 * v[i] + params.rest2 * g * g;
    m[i] = m1;
    v[i] = v1;
    parameter[i] = parameter[i] * params.decay - params.rate * m1 / (sqrt(v1) * params.inverseRoot + params.epsilon);`,
});
