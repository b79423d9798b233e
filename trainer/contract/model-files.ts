/**
 * Which files make a model: a Hugging Face folder, and an adapter in PEFT's format. Whatever uploads, stores, copies or
 * looks for a model uses these lists, so that no path loses a file that another one copies.
 */

export const configFile = 'config.json';
export const tokenizerFile = 'tokenizer.json';
export const tokenizerConfigFile = 'tokenizer_config.json';
export const chatTemplateFile = 'chat_template.jinja';
export const specialTokensFile = 'special_tokens_map.json';
export const generationConfigFile = 'generation_config.json';

/** The text files without which a model cannot be trained. Weights are needed too: see `weightsFile`. */
export const requiredTextFiles = [configFile, tokenizerFile] as const;

/**
 * Small files that a model can do without, but that belong to it. Some say how it is prompted and where it stops; the
 * others (older forms of a tokenizer) are for other programs that read the folder.
 */
export const optionalTextFiles = [
  tokenizerConfigFile,
  chatTemplateFile,
  specialTokensFile,
  generationConfigFile,
  'added_tokens.json',
  'vocab.json',
  'merges.txt',
  'tokenizer.model',
] as const;

/** Files that training does not change: a trained model gets them from the model that it started from. */
export const unchangedTextFiles: readonly string[] = [tokenizerFile, ...optionalTextFiles];

/** The weights in one file. Without it, an index names several. */
export const weightsFile = 'model.safetensors';
export const weightsIndexFile = 'model.safetensors.index.json';

export const adapterConfigFile = 'adapter_config.json';
export const adapterWeightsFile = 'adapter_model.safetensors';
export const adapterFiles = [adapterConfigFile, adapterWeightsFile] as const;

/** The files of an unsharded model, as a run writes it. */
export const modelFiles: readonly string[] = [...requiredTextFiles, ...optionalTextFiles, weightsFile];

/** The files of an unsharded model without which it cannot be used. */
export const requiredModelFiles: readonly string[] = [...requiredTextFiles, weightsFile];

/** Whether a file holds weights. They are large, and fetched only when needed; every other file of a model is small. */
export const isWeightsFile = (name: string): boolean => name.endsWith('.safetensors');
