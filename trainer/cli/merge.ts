import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { configFile } from '../contract/model-files';
import { readUnchangedText } from '../io/model-files';
import { folderSource, writeFiles } from '../io/model-folder';
import { trainedFiles } from '../io/trained-files';
import { mergeAdapter } from '../model/adapter';
import {
  backendOptions,
  type Command,
  CommandError,
  checkOutputPath,
  dtypeOption,
  openBackend,
  openModel,
  parseOptions,
  readDtype,
  required,
} from './command-line';
import { resolveModel } from './model-argument';

export const mergeCommand: Command = {
  summary: 'make one model of a model and its adapter',
  help: `rescue merge --model DIR --adapter DIR --out DIR [options]

Adds a LoRA adapter to the weights of its model and writes a Hugging Face folder that needs no adapter.

  --model DIR               Hugging Face folder, or a hub's address of one
  --adapter DIR             PEFT folder: adapter_config.json and adapter_model.safetensors
  --out DIR                 a folder without a model in it
  --dtype bf16|f16|f32      of the weights that are written (default f32)
  --backend wasm|webgpu     default: the best there is
`,
  async run(argv, io) {
    const text = { type: 'string' } as const;
    const values = parseOptions(argv, { model: text, adapter: text, out: text, ...dtypeOption, ...backendOptions });
    const dtype = readDtype(values.dtype);
    const modelName = required(values.model, '--model');
    const adapterDir = required(values.adapter, '--adapter');
    const out = required(values.out, '--out');
    if (existsSync(join(out, configFile))) throw new CommandError(`${out}: there is a model in it already`);
    await checkOutputPath(out, 'folder');
    const backend = await openBackend(values, io);
    try {
      const { dir } = await resolveModel(modelName, io);
      const merged = mergeAdapter(await openModel(dir, backend, { adapter: adapterDir }));
      await writeFiles(out, await trainedFiles(merged, await readUnchangedText(folderSource(dir)), { dtype }));
      io.stdout(`${JSON.stringify({ out })}\n`);
      return 0;
    } finally {
      backend.dispose();
    }
  },
};
