/** The files that a training leaves, wherever they go. */
import { adapterConfigFile, adapterWeightsFile, configFile, weightsFile } from '../contract/model-files';
import { exportAdapter } from '../model/adapter';
import { exportModel, type Model } from '../model/model';
import { type NamedFile, toJson } from './model-files';

/**
 * An adapter as PEFT's folder, else a Hugging Face folder with all files of the model it began as that training leaves
 * as they are (`keptText`). The weights come last: where they are, everything is.
 */
export async function trainedFiles(
  model: Model,
  keptText: readonly NamedFile[],
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
  return [{ name: configFile, bytes: encode(toJson(config)) }, ...keptText, { name: weightsFile, bytes: weights }];
}

const encode = (text: string) => new TextEncoder().encode(text);
