/**
 * Which files make a model: a Hugging Face folder, and an adapter in PEFT's format. Whatever takes a model in, keeps it,
 * hands it on or looks for its weights asks here, so that no way loses a file that another one keeps.
 */

export const configFile = 'config.json';
export const tokenizerFile = 'tokenizer.json';
export const tokenizerConfigFile = 'tokenizer_config.json';
export const chatTemplateFile = 'chat_template.jinja';
export const specialTokensFile = 'special_tokens_map.json';
export const generationConfigFile = 'generation_config.json';

/** Without these there is no model to train. Weights are needed too: see `weightsFile`. */
export const requiredTextFiles = [configFile, tokenizerFile] as const;

/**
 * Small files that a model can do without and that belong to it all the same: some say how it is asked and where it
 * stops, the others (the older forms of a tokenizer) are for whoever reads the folder after us.
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

/** What training leaves as it is: a trained model has these from the model that it started from. */
export const keptTextFiles: readonly string[] = [tokenizerFile, ...optionalTextFiles];

/** The weights in one file; where there is none, an index names several. */
export const weightsFile = 'model.safetensors';
export const weightsIndexFile = 'model.safetensors.index.json';

export const adapterConfigFile = 'adapter_config.json';
export const adapterWeightsFile = 'adapter_model.safetensors';
export const adapterFiles = [adapterConfigFile, adapterWeightsFile] as const;

/** The files of a model in one piece, as a run writes it. */
export const modelFiles: readonly string[] = [...requiredTextFiles, ...optionalTextFiles, weightsFile];

/** Of a model in one piece, those that it cannot do without. */
export const neededModelFiles: readonly string[] = [...requiredTextFiles, weightsFile];

/** Weights are large: they are fetched when they are needed, and not before. Every other file of a model is small. */
export const holdsWeights = (name: string): boolean => name.endsWith('.safetensors');
