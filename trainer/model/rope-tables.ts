import type { ModelConfig } from './config';
import { ropeFrequencies } from './rope-scaling';

/** cos and sin of position * frequency, scaled as the config asks, [positions, headDim/2] each. */
export function ropeTables(
  { headDim, ropeTheta, ropeScaling }: Pick<ModelConfig, 'headDim' | 'ropeTheta' | 'ropeScaling'>,
  positions: number,
): { cosine: Float32Array; sine: Float32Array } {
  const half = headDim / 2;
  const cosine = new Float32Array(positions * half);
  const sine = new Float32Array(positions * half);
  const length = ropeScaling?.type === 'yarn' ? ropeScaling.attentionFactor : 1;
  for (const [j, frequency] of ropeFrequencies(headDim, ropeTheta, ropeScaling).entries()) {
    for (let p = 0; p < positions; p++) {
      cosine[p * half + j] = length * Math.cos(p * frequency);
      sine[p * half + j] = length * Math.sin(p * frequency);
    }
  }
  return { cosine, sine };
}
