import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { type PromptLine, readPromptLines, serializePromptLine } from '../data/prompt-lines';
import { newResponses } from '../infer/new-responses';
import { type Sample, sampleResponses } from '../infer/sample-responses';
import {
  backendOptions,
  type Command,
  CommandError,
  checkOutputPath,
  formatsHelp,
  openBackend,
  openModel,
  parseOptions,
  readData,
  required,
  wholeNumberOf,
} from './command-line';
import { resolveModel } from './model-argument';
import { ProgressBar } from './progress-bar';
import { openJournal } from './sample-journal';
import { readSampling, samplingOptions } from './sampling-options';

/** Fewest responses that the app's import accepts. */
const fewest = 2;
const most = 12;

export const sampleCommand: Command = {
  summary: 'sample new candidate responses for prompts',
  help: `rescue sample --model DIR --data FILE --out FILE [options]

Writes an import file for the app: every prompt with the responses it has and the new ones behind them, so that a
project which has these prompts gets the new responses, and another one gets the prompts, too. The "source" of a new
response is the model's name, its "label" what stands behind "####". What is empty or repeats a response is dropped and
counted; a prompt has at most ${most} responses, and one that would have fewer than ${fewest} is left out.
Prints one JSON object: {prompts, added, empty, duplicates, beyond, cut, left_out, resumed, out}.
An interrupted command leaves FILE.partial; the same command goes on behind it.

  --model DIR               Hugging Face folder, or a hub's address of one
  --adapter DIR             PEFT folder of a LoRA adapter to put before the model
  --data FILE               prompts, one a line: an import file, snapshot records, or {"id","prompt"} alone
  --out FILE                the import file
  --responses N             answers a prompt (default 4, at most ${most})
  --source NAME             what the new responses say they are from (default: the model's name)
  --temperature X           default 0.8; higher is bolder; 0 gives one answer, always the most probable token
  --top-p X                 draw from the most probable tokens of this probability together (default 0.95)
  --max-new-tokens N        of an answer (default 128)
  --seed N                  default 0; equal seeds draw equal answers
  --backend auto|wasm|webgpu default auto: a GPU where there is one, else the CPU
  --threads N               of the CPU (default: its cores, at most 8; the results are the same)
  --matrix-units            multiply on the GPU's matrix units (experimental, with --backend webgpu alone)
${formatsHelp}`,
  async run(argv, io) {
    const text = { type: 'string' } as const;
    const values = parseOptions(argv, {
      model: text,
      adapter: text,
      data: text,
      out: text,
      responses: text,
      source: text,
      ...samplingOptions,
      ...backendOptions,
    });
    const modelName = required(values.model, '--model');
    const dataFile = required(values.data, '--data');
    const out = required(values.out, '--out');
    const sampling = readSampling(values, { maxTokens: 128, temperature: 0.8, topP: 0.95 });
    const responses = readCount(values.responses, sampling.temperature);
    await checkOutputPath(out, 'file');
    const { records: prompts, blame } = await readData(dataFile, io, readPromptLines);
    const backend = await openBackend(values, io);
    try {
      const { dir, baseModel } = await resolveModel(modelName, io);
      const source = readSource(values.source, { model: baseModel, fromHub: dir !== baseModel }, values.adapter);
      const model = await openModel(dir, backend, { adapter: values.adapter, frozen: true });
      const data = createHash('sha256').update(JSON.stringify(prompts)).digest('hex');
      const journal = await openJournal(out, {
        model: baseModel,
        adapter: values.adapter,
        data,
        responses,
        ...sampling,
      });
      const samples = journal.lines.map((line) => JSON.parse(line) as Sample[]);
      const resumed = samples.length;
      if (resumed > 0) io.stderr.write(`rescue sample: going on behind the ${resumed} prompts of ${out}.partial\n`);
      const bar = new ProgressBar('sample', io.stderr);
      const answered = sampleResponses({
        model,
        prompts: prompts.slice(resumed),
        responses,
        ...sampling,
        onProgress: ({ done, total }) => bar.update(done, total),
      });
      try {
        for await (const { samples: own } of answered) {
          samples.push([...own]);
          await journal.append(JSON.stringify(own));
        }
      } catch (error) {
        blame(error);
      }
      const { lines, counts } = extend(prompts, samples, source);
      await journal.finish(lines);
      io.stdout(`${JSON.stringify({ prompts: lines.length, ...counts, resumed, out })}\n`);
      return 0;
    } finally {
      backend.dispose();
    }
  },
};

/** Appends the new responses to every prompt, as import lines, and counts what became of the samples. */
function extend(prompts: readonly PromptLine[], samples: readonly (readonly Sample[])[], source: string) {
  const counts = { added: 0, empty: 0, duplicates: 0, beyond: 0, cut: 0, left_out: 0 };
  const lines = prompts.flatMap((prompt, i) => {
    const { added, ...own } = newResponses(prompt.responses, samples[i]!, { source, most });
    for (const key of ['empty', 'duplicates', 'beyond'] as const) counts[key] += own[key];
    const responses = [...prompt.responses, ...added];
    if (responses.length < fewest) {
      counts.left_out++;
      return [];
    }
    counts.added += added.length;
    counts.cut += own.cut;
    return [serializePromptLine({ ...prompt, responses })];
  });
  return { lines, counts };
}

function readCount(value: string | undefined, temperature: number): number {
  const count = wholeNumberOf(value, '--responses') ?? (temperature === 0 ? 1 : 4);
  if (count > most) throw new CommandError(`--responses is ${count}; a prompt has at most ${most}`, 2);
  if (count > 1 && temperature === 0) {
    throw new CommandError(`--responses is ${count}, but at temperature 0 all answers of a prompt are the same`, 2);
  }
  return count;
}

/** The source of the responses: owner/name of a hub, or the folder's name; followed by the adapter's. */
function readSource(
  value: string | undefined,
  { model, fromHub }: { model: string; fromHub: boolean },
  adapter?: string,
): string {
  const name = fromHub ? model : basename(resolve(model));
  const source = value ?? (adapter === undefined ? name : `${name}+${basename(resolve(adapter))}`);
  if (source === 'human') throw new CommandError('--source is "human", but a model writes these responses', 2);
  return source;
}
