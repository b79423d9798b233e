/** Elementwise kernels. Threads stride over the range, so that any length fits one dispatch. */
import {
  type Binding,
  type Kernel,
  kernelFamily,
  type ParamType,
  packVec4,
  read,
  unpackScalar,
  unpackVec4,
  vec4Type,
  write,
} from '../kernel';

export const ELEMENTWISE_THREADS = 256;

/** 'one': one element at a time. 'four': bindings hold vectors of four, and `length` counts vectors. */
export type ElementwiseMode =
  | 'one'
  | 'four'
  /** As 'four', with f16 in the bindings that the kernel lists in `halves`. */
  | 'half';

export type ElementwiseKernel<P extends string = never> = (mode: ElementwiseMode) => Kernel<P | 'length'>;

/** How the body of a kernel refers to element `i` of a binding, whatever its type. */
interface Elements {
  /** f32 or vec4<f32>. */
  readonly type: string;
  get(name: string): string;
  set(name: string, value: string): string;
}

interface Elementwise<P extends string> {
  readonly name: string;
  readonly bindings: readonly Binding[];
  readonly params?: Readonly<Record<P, ParamType>>;
  /** Bindings that hold f16 in the mode 'half'; the body must access them through `get` and `set`. */
  readonly halves?: readonly string[];
  readonly body: string | ((elements: Elements) => string);
  readonly functions?: (type: string) => string;
}

const MODE_NAMES = { one: '', four: ' by four', half: ' of f16' } as const;

const threads = (body: string) => `
@compute @workgroup_size(${ELEMENTWISE_THREADS})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  for (var i = id.x; i < params.length; i += groups.x * ${ELEMENTWISE_THREADS}u) {
${body}
  }
}`;

function elementwise<P extends string = never>(definition: Elementwise<P>): ElementwiseKernel<P> {
  return kernelFamily((mode) => {
    const { name, bindings, params, halves = [], body, functions } = definition;
    const type = mode === 'one' ? 'f32' : 'vec4<f32>';
    const isHalf = (binding: string) => mode === 'half' && halves.includes(binding);
    const elements: Elements = {
      type,
      get: (binding) => unpackVec4(`${binding}[i]`, isHalf(binding)),
      set: (binding, value) => `${binding}[i] = ${packVec4(value, isHalf(binding))};`,
    };
    const typed = (binding: Binding): Binding => {
      if (binding.type !== 'f32' || mode === 'one') return binding;
      return { ...binding, type: vec4Type(isHalf(binding.name)) };
    };
    return {
      name: `${name}${MODE_NAMES[mode]}`,
      bindings: bindings.map(typed),
      params: { length: 'u32', ...params } as Record<P | 'length', ParamType>,
      code: `${functions?.(type) ?? ''}${threads(typeof body === 'string' ? body : body(elements))}`,
    };
  });
}

export const fillKernel = elementwise({
  name: 'fill',
  bindings: [write('x')],
  params: { value: 'f32' },
  body: ({ type }) => `    x[i] = ${type}(params.value);`,
});

export const copyKernel = elementwise({
  name: 'copy',
  bindings: [write('to'), read('x')],
  halves: ['to'],
  body: ({ set }) => `    ${set('to', 'x[i]')}`,
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

/** `dropoutHash` of backend.ts; `first` is the element that the bound range begins with. `half`: x holds f16. */
export const dropoutKernel: (
  accumulate: boolean,
  half: boolean,
) => Kernel<'length' | 'first' | 'seed' | 'threshold' | 'factor'> = kernelFamily((accumulate, half) => ({
  name: `dropout ${[accumulate, half].map(Number).join('')}`,
  bindings: [write('to'), read('x', half ? 'u32' : 'f32')],
  params: { length: 'u32', first: 'u32', seed: 'u32', threshold: 'u32', factor: 'f32' },
  code: threads(`    var hash = params.seed + (params.first + i) * 0x9e3779b1u;
    hash = (hash ^ (hash >> 16u)) * 0x85ebca6bu;
    hash = (hash ^ (hash >> 13u)) * 0xc2b2ae35u;
    hash = hash ^ (hash >> 16u);
    let value = ${unpackScalar('x', 'i', half)};
    to[i] ${accumulate ? '+=' : '='} select(0.0, value * params.factor, hash >= params.threshold);`),
}));

/** Beyond 88 the exponential overflows, and the quotient is zero to f32 long before that. */
const sigmoid = (v: string) => `fn sigmoid(x: ${v}) -> ${v} { return ${v}(1.0) / (1.0 + exp(min(-x, ${v}(88.0)))); }\n`;

export const swigluBackwardKernel = elementwise({
  name: 'swigluBackward',
  bindings: [write('dGate'), write('dUp'), read('dOut'), read('gate'), read('up')],
  halves: ['gate', 'up'],
  body: ({ type, get }) => `    let g = ${get('gate')};
    let d = dOut[i];
    let s = sigmoid(g);
    dUp[i] = d * g * s;
    dGate[i] = d * ${get('up')} * s * (${type}(1.0) + g * (${type}(1.0) - s));`,
  functions: sigmoid,
});

/** Pairs of a head's halves, j with j + half. In the mode 'half' x holds f16, and `length` and `half` count fours. */
export const ropeKernel: (mode: 'one' | 'half') => Kernel<'length' | 'heads' | 'half' | 'direction'> = kernelFamily(
  (mode) => {
    const isHalf = mode === 'half';
    const type = isHalf ? 'vec4<f32>' : 'f32';
    return {
      name: `rope${MODE_NAMES[mode]}`,
      bindings: [
        write('x', isHalf ? vec4Type(true) : 'f32'),
        read('positions', 'i32'),
        read('cosine', type),
        read('sine', type),
      ],
      params: { length: 'u32', heads: 'u32', half: 'u32', direction: 'f32' },
      code: threads(`    let j = i % params.half;
    let head = i / params.half;
    let table = u32(positions[head / params.heads]) * params.half + j;
    let c = cosine[table];
    let s = params.direction * sine[table];
    let at = head * 2u * params.half + j;
    let first = ${unpackVec4('x[at]', isHalf)};
    let second = ${unpackVec4('x[at + params.half]', isHalf)};
    x[at] = ${packVec4('first * c - second * s', isHalf)};
    x[at + params.half] = ${packVec4('second * c + first * s', isHalf)};`),
    };
  },
);

/** Factors are computed on the host, in float64. */
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
