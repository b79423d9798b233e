import type { ModelConfig } from './config';

/** cos and sin of position * theta^(-2j/headDim), [positions, headDim/2] each. */
export function ropeTables(
  { headDim, ropeTheta }: Pick<ModelConfig, 'headDim' | 'ropeTheta'>,
  positions: number,
): { cosine: Float32Array; sine: Float32Array } {
  const half = headDim / 2;
  const cosine = new Float32Array(positions * half);
  const sine = new Float32Array(positions * half);
  for (let j = 0; j < half; j++) {
    const frequency = ropeTheta ** (-j / half);
    for (let p = 0; p < positions; p++) {
      cosine[p * half + j] = Math.cos(p * frequency);
      sine[p * half + j] = Math.sin(p * frequency);
    }
  }
  return { cosine, sine };
}
