import { adapterConfigFile, adapterWeightsFile, configFile, weightsFile } from '@/trainer/contract/model-files';
import { exportAdapter, exportModel, type Model, type NamedFile } from '@/trainer/index';

/** What was trained: an adapter as PEFT's folder, else a Hugging Face folder with all that the model came with. */
export async function trainedFiles(model: Model, keptText: readonly NamedFile[]): Promise<NamedFile[]> {
  const json = (value: unknown) => new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
  if (model.adapter) {
    const { config, weights } = await exportAdapter(model);
    return [
      { name: adapterConfigFile, bytes: json(config) },
      { name: adapterWeightsFile, bytes: weights },
    ];
  }
  const { config, weights } = await exportModel(model);
  return [{ name: configFile, bytes: json(config) }, { name: weightsFile, bytes: weights }, ...keptText];
}
