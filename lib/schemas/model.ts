/** The files of a Hugging Face folder that make a trained model, and those of a PEFT adapter. */
export const modelFileNames = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'] as const;
/** A model can do without tokenizer_config.json. */
export const neededModelFileNames = ['config.json', 'model.safetensors', 'tokenizer.json'] as const;
export const adapterFileNames = ['adapter_config.json', 'adapter_model.safetensors'] as const;

export interface ModelSummary {
  /** 'demo' for the bundled model, else a uuid. */
  id: string;
  name: string;
  kind: 'bundled' | 'run';
  runId: string | null;
  parameters: number;
  createdAt: string;
}

/** GET /api/models/:id: what a worker needs to load it. */
export interface ModelManifest {
  id: string;
  name: string;
  /** Read at /api/models/:id/files/:name. */
  files: { name: string; bytes: number }[];
  /** Adapters that belong on top of the files' model, merged in this order; see `adapterFilesAt`. */
  adapters: number;
}

/** A manifest's names of the files of its n-th adapter, from 0. */
export function adapterFilesAt(n: number): { config: string; weights: string } {
  return { config: `adapter-${n}.config.json`, weights: `adapter-${n}.safetensors` };
}
