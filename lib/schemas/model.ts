/** The four files of a Hugging Face folder that a worker needs to run a model. */
export const modelFileNames = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'] as const;
export type ModelFileName = (typeof modelFileNames)[number];

export interface ModelSummary {
  /** 'demo' for the bundled model, else a uuid. */
  id: string;
  name: string;
  kind: 'bundled' | 'run';
  runId: string | null;
  parameters: number;
  createdAt: string;
}
