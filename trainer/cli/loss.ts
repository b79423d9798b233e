import { writeFileAtomic } from '../io/model-folder';
import { serializeSafetensors } from '../io/safetensors';
import { LossCaseError, lossOfCase } from '../loss/loss-of-case';
import {
  backendOptions,
  type Command,
  CommandError,
  checkOutputPath,
  oneOf,
  openBackend,
  openModel,
  parseOptions,
  readJson,
  required,
} from './command-line';
import { resolveModel } from './model-argument';

export const lossCommand: Command = {
  summary: 'the loss, scores and gradients of one case',
  help: `rescue loss --model DIR --case FILE [options]

Computes the loss of one case (a JSON file of token ids, tiers and loss options) and prints one JSON object:
{sft_loss, rank_loss, loss, score[], sequence_logprob[], grad_norm, backend}

  --model DIR               Hugging Face folder: config.json and model.safetensors; or a hub's address of one
  --adapter DIR             PEFT folder of a LoRA adapter to put before the model
  --case FILE               the case
  --backend auto|wasm|webgpu default auto: a GPU where there is one, else the CPU
  --threads N               of the CPU (default: its cores, at most 8; the results are the same)
  --matrix-units            multiply on the GPU's matrix units (experimental, with --backend webgpu alone)
  --packing shared|naive    whether responses share the prompt's computation (default shared; the numbers are the same)
  --grads OUT.safetensors   also write every parameter's gradient (the adapter's, where there is one)
`,
  async run(argv, io) {
    const values = parseOptions(argv, {
      model: { type: 'string' },
      case: { type: 'string' },
      adapter: { type: 'string' },
      packing: { type: 'string' },
      grads: { type: 'string' },
      ...backendOptions,
    });
    const modelName = required(values.model, '--model');
    const caseFile = required(values.case, '--case');
    const packing = oneOf(values.packing, '--packing', ['shared', 'naive']) ?? 'shared';
    if (values.grads !== undefined) await checkOutputPath(values.grads, 'file', '--grads');
    const lossCase = await readJson(caseFile);
    const backend = await openBackend(values, io);
    try {
      const { dir } = await resolveModel(modelName, io);
      const model = await openModel(dir, backend, { adapter: values.adapter });
      const result = await lossOfCase(model, lossCase, { packing }).catch((error) => {
        throw error instanceof LossCaseError ? new CommandError(`${caseFile}: ${error.message}`) : error;
      });
      if (values.grads !== undefined) await writeFileAtomic(values.grads, serializeSafetensors(result.gradients()));
      const { sft_loss, rank_loss, loss, score, sequence_logprob, grad_norm } = result;
      io.stdout(
        `${JSON.stringify({ sft_loss, rank_loss, loss, score, sequence_logprob, grad_norm, backend: backend.name })}\n`,
      );
      return 0;
    } finally {
      backend.dispose();
    }
  },
};
