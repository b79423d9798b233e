/** Kernels that look at one element at a time. Threads stride over the range, so that any length fits one dispatch. */
import { type Binding, type Kernel, type ParamType, read, write } from '../kernel';

export const ELEMENTWISE_THREADS = 256;

function elementwise<P extends string = never>(
  name: string,
  bindings: readonly Binding[],
  params: Readonly<Record<P, ParamType>>,
  body: string,
  functions = '',
): Kernel<P | 'length'> {
  return {
    name,
    bindings,
    params: { length: 'u32', ...params } as Record<P | 'length', ParamType>,
    code: `${functions}
@compute @workgroup_size(${ELEMENTWISE_THREADS})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  for (var i = id.x; i < params.length; i += groups.x * ${ELEMENTWISE_THREADS}u) {
${body}
  }
}`,
  };
}

export const fillKernel = elementwise(
  'fill',
  [write('x')],
  { start: 'u32', value: 'f32' },
  '    x[params.start + i] = params.value;',
);

export const copyKernel = elementwise('copy', [write('to'), read('x')], {}, '    to[i] = x[i];');

export const addKernel = elementwise('add', [write('to'), read('x')], {}, '    to[i] += x[i];');

export const scaleKernel = elementwise('scale', [write('x')], { factor: 'f32' }, '    x[i] *= params.factor;');

/** `dropoutHash` of backend.ts; `first` is the element that the bound range begins with. */
export const dropoutKernel = (accumulate: boolean) =>
  elementwise(
    accumulate ? 'dropoutAdd' : 'dropout',
    [write('to'), read('x')],
    { first: 'u32', seed: 'u32', threshold: 'u32', factor: 'f32' },
    `    var hash = params.seed + (params.first + i) * 0x9e3779b1u;
    hash = (hash ^ (hash >> 16u)) * 0x85ebca6bu;
    hash = (hash ^ (hash >> 13u)) * 0xc2b2ae35u;
    hash = hash ^ (hash >> 16u);
    to[i] ${accumulate ? '+=' : '='} select(0.0, x[i] * params.factor, hash >= params.threshold);`,
  );

/** Beyond 88 the exponential overflows, and the quotient is zero to f32 long before that. */
const sigmoid = 'fn sigmoid(x: f32) -> f32 { return 1.0 / (1.0 + exp(min(-x, 88.0))); }\n';

export const swigluKernel = elementwise(
  'swiglu',
  [write('to'), read('gate'), read('up')],
  {},
  '    to[i] = gate[i] * sigmoid(gate[i]) * up[i];',
  sigmoid,
);

export const swigluBackwardKernel = elementwise(
  'swigluBackward',
  [write('dGate'), write('dUp'), read('dOut'), read('gate'), read('up')],
  {},
  `    let g = gate[i];
    let d = dOut[i];
    let s = sigmoid(g);
    dUp[i] = d * g * s;
    dGate[i] = d * up[i] * s * (1.0 + g * (1.0 - s));`,
  sigmoid,
);

/** `length` counts pairs: rows x heads x half. */
export const ropeKernel = elementwise(
  'rope',
  [write('x'), read('positions', 'i32'), read('cosine'), read('sine')],
  { heads: 'u32', half: 'u32', direction: 'f32' },
  `    let j = i % params.half;
    let head = i / params.half;
    let table = u32(positions[head / params.heads]) * params.half + j;
    let c = cosine[table];
    let s = params.direction * sine[table];
    let at = head * 2u * params.half + j;
    let first = x[at];
    let second = x[at + params.half];
    x[at] = first * c - second * s;
    x[at + params.half] = second * c + first * s;`,
);

/** Factors come ready from the host, where they are computed in float64. */
export const adamWKernel = elementwise(
  'adamW',
  [write('parameter'), read('gradient'), write('m'), write('v')],
  {
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
  `    let g = gradient[i] * params.gradientScale;
    let m1 = params.beta1 * m[i] + params.rest1 * g;
    let v1 = params.beta2 * v[i] + params.rest2 * g * g;
    m[i] = m1;
    v[i] = v1;
    parameter[i] = parameter[i] * params.decay - params.rate * m1 / (sqrt(v1) * params.inverseRoot + params.epsilon);`,
);
