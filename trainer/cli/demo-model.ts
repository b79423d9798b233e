/** The demo model's shape and its folder: config, f16 weights, tokenizer and model card. */
import { writeFileAtomic, writeModelFolder } from '../io/model-folder';
import { serializeSafetensors } from '../io/safetensors';
import { type ModelConfig, serializeModelConfig } from '../model/config';
import type { NamedArrays } from '../model/parameters';
import { demoTokenizerConfig } from './demo-data';

/** 1.46M parameters; heads of 40 keep every inner loop a multiple of 8 floats. */
export const demoModelConfig: ModelConfig = {
  vocabSize: 2048,
  dim: 160,
  hiddenDim: 432,
  layers: 4,
  heads: 4,
  kvHeads: 2,
  headDim: 40,
  maxPositions: 1024,
  normEpsilon: 1e-5,
  ropeTheta: 10_000,
  tieEmbeddings: true,
  bosId: 0,
  eosIds: [1],
};

export async function writeDemoModel(
  dir: string,
  weights: NamedArrays,
  tokenizerJson: unknown,
  modelCard: string,
): Promise<void> {
  await writeModelFolder(dir, {
    config: { ...serializeModelConfig(demoModelConfig), torch_dtype: 'float16' },
    weights: serializeSafetensors(weights, { dtype: 'F16', metadata: { format: 'pt' } }),
    tokenizer: tokenizerJson,
    tokenizerConfig: demoTokenizerConfig,
  });
  await writeFileAtomic(`${dir}/README.md`, modelCard);
}
