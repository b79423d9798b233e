/** The files that a training produces, wherever they are stored. */
import { adapterConfigFile, adapterWeightsFile, configFile, weightsFile } from '../contract/model-files';
import { exportAdapter } from '../model/adapter';
import { exportModel, type Model } from '../model/model';
import { type NamedFile, toJson } from './model-files';

/**
 * An adapter as PEFT's folder, else a Hugging Face folder with the original model's files that training does not change
 * (`unchangedText`). The weights come last: once they exist, the folder is complete.
 */
export async function trainedFiles(
  model: Model,
  unchangedText: readonly NamedFile[],
  options: Parameters<typeof exportModel>[1] = {},
): Promise<NamedFile[]> {
  if (model.adapter) {
    const { config, weights } = await exportAdapter(model, options);
    return [
      { name: adapterConfigFile, bytes: encode(toJson(config)) },
      { name: adapterWeightsFile, bytes: weights },
    ];
  }
  const { config, weights } = await exportModel(model, options);
  return [{ name: configFile, bytes: encode(toJson(config)) }, ...unchangedText, { name: weightsFile, bytes: weights }];
}

const encode = (text: string) => new TextEncoder().encode(text);
