/** PEFT's adapter folders on disk: adapter_config.json and adapter_model.safetensors. Node only. */
import { join } from 'node:path';
import { message } from '../contract/message';
import { adapterConfigFile, adapterWeightsFile } from '../contract/model-files';
import type { AdapterFiles } from '../model/adapter';
import { readJson } from './model-files';
import { folderSource } from './model-folder';
import { ModelFilesError } from './shard-index';

/** Reads an adapter folder. Throws ModelFilesError naming the file. */
export async function readAdapterFolder(dir: string): Promise<AdapterFiles> {
  const source = folderSource(dir);
  const config = await readJson(source, adapterConfigFile);
  if (config === undefined) throw new ModelFilesError(join(dir, adapterConfigFile), message('noSuchFile'));
  const weights = await source.read(adapterWeightsFile);
  if (weights === undefined) throw new ModelFilesError(join(dir, adapterWeightsFile), message('noSuchFile'));
  return { config, weights, weightsPath: join(dir, adapterWeightsFile) };
}
