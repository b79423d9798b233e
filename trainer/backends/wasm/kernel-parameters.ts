/**
 * The kernels of assembly/index.ts and the names of their parameters, in order. Tensors are byte addresses in the
 * kernels' memory (0 for one that is absent), flags are 0 or 1, lengths count elements.
 */
export const KERNEL_PARAMETERS = {
  matmul: ['form', 'out', 'a', 'b', 'rows', 'columns', 'inner', 'accumulate'],
  add: ['out', 'x', 'length'],
  scale: ['x', 'factor', 'length'],
  dropout: ['out', 'x', 'length', 'threshold', 'factor', 'seed', 'accumulate'],
  addBias: ['out', 'bias', 'rows', 'dim'],
  addBiasBackward: ['dBias', 'dOut', 'rows', 'dim'],
  gatherRows: ['out', 'table', 'indices', 'rows', 'dim'],
  scatterAddRows: ['dTable', 'dOut', 'indices', 'rows', 'dim'],
  rmsNorm: ['out', 'inverseRms', 'x', 'weight', 'rows', 'dim', 'epsilon'],
  rmsNormBackward: ['dX', 'dWeight', 'dOut', 'x', 'weight', 'inverseRms', 'rows', 'dim', 'accumulate'],
  rope: ['x', 'positions', 'cosine', 'sine', 'rows', 'heads', 'headDim', 'direction'],
  swiglu: ['out', 'gate', 'up', 'length'],
  swigluBackward: ['dGate', 'dUp', 'dOut', 'gate', 'up', 'length'],
  sumSquares: ['x', 'length'],
  adamW: [
    'parameter',
    'gradient',
    'm',
    'v',
    'length',
    'gradientScale',
    'beta1',
    'oneMinusBeta1',
    'beta2',
    'oneMinusBeta2',
    'decayFactor',
    'stepSize',
    'inverseRootCorrection2',
    'epsilon',
  ],
  attention: ['out', 'logSumExp', 'q', 'k', 'v', 'heads', 'kvHeads', 'headDim', 'segments', 'segmentCount', 'scale'],
  attentionBackward: [
    'dQ',
    'dK',
    'dV',
    'dOut',
    'out',
    'logSumExp',
    'q',
    'k',
    'v',
    'heads',
    'kvHeads',
    'headDim',
    'segments',
    'segmentCount',
    'scale',
  ],
  logProb: ['logProb', 'logSumExp', 'hidden', 'head', 'targets', 'rows', 'dim', 'vocab', 'logitCache', 'cachedRows'],
  logProbBackward: [
    'dHidden',
    'dHead',
    'coefficient',
    'logSumExp',
    'hidden',
    'head',
    'targets',
    'rows',
    'dim',
    'vocab',
    'logitCache',
    'cachedRows',
  ],
} as const;

export type KernelName = keyof typeof KERNEL_PARAMETERS;

export const kernelNames = Object.keys(KERNEL_PARAMETERS) as KernelName[];

export type KernelArguments<K extends KernelName> = Readonly<Record<(typeof KERNEL_PARAMETERS)[K][number], number>>;

/** The kernels, called with named arguments. `sumSquares` returns the sum; the others return nothing. */
export type Kernels = { readonly [K in KernelName]: (args: KernelArguments<K>) => number };

/** The kernels as WebAssembly exports them, with arguments by position. */
export type KernelFunctions = Readonly<Record<KernelName, (...values: number[]) => number>>;

/** The arguments in the order in which the kernel takes them. */
export function argumentValues(name: KernelName, args: Readonly<Record<string, number>>): number[] {
  return KERNEL_PARAMETERS[name].map((parameter) => args[parameter]!);
}

/** `call` receives a kernel's name and its arguments by name. */
export function kernelsFrom(call: (name: KernelName, args: Readonly<Record<string, number>>) => number): Kernels {
  return Object.fromEntries(
    kernelNames.map((name) => [name, (args: Readonly<Record<string, number>>) => call(name, args)]),
  ) as Kernels;
}
