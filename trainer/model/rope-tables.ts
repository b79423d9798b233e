import type { ModelConfig } from './config';
import { scaleFrequency } from './rope-scaling';

/** cos and sin of position * theta^(-2j/headDim), scaled as the config asks, [positions, headDim/2] each. */
export function ropeTables(
  { headDim, ropeTheta, ropeScaling }: Pick<ModelConfig, 'headDim' | 'ropeTheta' | 'ropeScaling'>,
  positions: number,
): { cosine: Float32Array; sine: Float32Array } {
  const half = headDim / 2;
  const cosine = new Float32Array(positions * half);
  const sine = new Float32Array(positions * half);
  for (let j = 0; j < half; j++) {
    const frequency = scaleFrequency(ropeTheta ** (-j / half), ropeScaling);
    for (let p = 0; p < positions; p++) {
      cosine[p * half + j] = Math.cos(p * frequency);
      sine[p * half + j] = Math.sin(p * frequency);
    }
  }
  return { cosine, sine };
}
