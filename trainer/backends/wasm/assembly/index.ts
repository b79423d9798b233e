/**
 * What the host may call. Pointers are byte addresses, lengths and strides are elements of f32. A kernel is called by
 * all threads with the same arguments: see threads.ts.
 */

export { attention, attentionBackward } from './attention';
export { matmul } from './gemm';
export { logProb, logProbBackward } from './log-prob';
export { adamW, dropout, scale, sumSquares, swiglu, swigluBackward } from './pointwise';
export { add, addBias, addBiasBackward, gatherRows, rmsNorm, rmsNormBackward, rope, scatterAddRows } from './rows';
export { heapStart } from './scratch';
