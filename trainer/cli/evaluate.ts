import type { SnapshotRecord } from '../contract/record';
import type { Accuracy } from '../contract/run-event';
import type { BootstrapOptions } from '../infer/bootstrap';
import {
  describeLabelAccuracy,
  judgeAnswer,
  type LabelAccuracy,
  type LabelledAnswer,
  labelAccuracy,
} from '../infer/label-accuracy';
import { describeAccuracy, pairwiseAccuracy } from '../infer/pairwise-accuracy';
import { type Sample, type SampleOptions, sampleResponses } from '../infer/sample-responses';
import { scoreRecords } from '../infer/score-records';
import { writeFileAtomic } from '../io/model-folder';
import type { Model } from '../model/model';
import {
  backendOptions,
  type Command,
  type CommandIo,
  checkOutputPath,
  dataHelp,
  formatsHelp,
  noteWriter,
  openBackend,
  openModel,
  parseOptions,
  readSnapshot,
  required,
  wholeNumberOf,
} from './command-line';
import { lengthExponentHelp, lengthExponentOptions, readLengthExponents } from './length-exponents';
import { resolveModel } from './model-argument';
import { ProgressBar } from './progress-bar';
import { readSampling, samplingOptions } from './sampling-options';

export const evaluateCommand: Command = {
  summary: 'label accuracy by generation, and pairwise ranking accuracy',
  help: `rescue evaluate --model DIR --data FILE [options]

Label accuracy: the model answers every prompt that has a reference_label, and the text behind the answer's last
"####" is compared with it. An answer without a label counts as wrong, and is counted separately. Pairwise ranking accuracy: how
often the better response of a pair has the higher score. Both with 95 % bootstrap intervals by prompt.
Prints a table on a terminal, else one JSON object: {prompts, label: {accuracy, right, prompts, unparsable, interval[],
words}, pairs: {accuracy, pairs, prompts, interval[], words}, backend}. What is undefined (no labels, no pairs, an
interval over one prompt) is null there, and "words" says why.

  --model DIR               Hugging Face folder, or a hub's address of one
  --adapter DIR             PEFT folder of a LoRA adapter to put before the model
  --data FILE               ${dataHelp}; or an import file (it has no pairs)
  --out FILE                every answer: {"id","text","label","reference_label","right","stopped"}, one JSON line each
  --limit N                 the first N records only
  --max-length N            cut longer prompts to this many tokens; without it they are refused
  --max-new-tokens N        of an answer (default 128)
  --temperature X           0 (default): always the most probable token
  --top-p X                 draw from the most probable tokens of this probability together (default 1: all)
${lengthExponentHelp}
  --seed N                  of the bootstrap, and of sampling where the temperature is above 0 (default 0)
  --resamples N             of the bootstrap (default 2000)
  --json                    the JSON object on a terminal, too
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
      limit: text,
      'max-length': text,
      ...lengthExponentOptions,
      resamples: text,
      json: { type: 'boolean' },
      ...samplingOptions,
      ...backendOptions,
    });
    const modelName = required(values.model, '--model');
    const dataFile = required(values.data, '--data');
    const limit = wholeNumberOf(values.limit, '--limit');
    const sampling = readSampling(values, { maxTokens: 128, temperature: 0, topP: 1 });
    const bootstrap = { seed: sampling.seed, resamples: wholeNumberOf(values.resamples, '--resamples') ?? 2000 };
    const lengthExponents = readLengthExponents(values);
    const maxLength = wholeNumberOf(values['max-length'], '--max-length');
    if (values.out !== undefined) await checkOutputPath(values.out, 'file');
    const { records: all, blame } = await readSnapshot(dataFile, io, 'optional');
    const records = all.slice(0, limit);
    const backend = await openBackend(values, io);
    try {
      const { dir } = await resolveModel(modelName, io);
      const model = await openModel(dir, backend, { adapter: values.adapter, frozen: true });
      const onNote = noteWriter('evaluate', io);
      const answers = await answer(model, records, { ...sampling, maxLength, onNote }, io).catch(blame);
      const ranked = records.filter(({ pairs }) => pairs.length > 0);
      const bar = new ProgressBar('score', io.stderr);
      const scores = await scoreRecords({
        model,
        records: ranked,
        lengthExponents,
        maxLength,
        onNote,
        onProgress: ({ done, total }) => bar.update(done, total),
      }).catch(blame);
      if (values.out !== undefined) await writeFileAtomic(values.out, linesOf(answers));
      const result = summarise(answers, pairwiseAccuracy(ranked, scores, bootstrap), bootstrap);
      const whole = { prompts: records.length, ...result, backend: backend.name };
      io.stdout(io.terminal && !values.json ? table(whole) : `${JSON.stringify(whole)}\n`);
      return 0;
    } finally {
      backend.dispose();
    }
  },
};

interface GivenAnswer extends LabelledAnswer, Sample {
  readonly promptId: string;
  readonly reference: string;
}

/** One answer to every prompt whose label is known. */
async function answer(
  model: Model,
  records: readonly SnapshotRecord[],
  sampling: ReturnType<typeof readSampling> & Pick<SampleOptions, 'maxLength' | 'onNote'>,
  io: CommandIo,
): Promise<GivenAnswer[]> {
  const references = new Map(
    records.flatMap(({ id, reference_label: label }) => (label === undefined ? [] : [[id, label] as const])),
  );
  const bar = new ProgressBar('answer', io.stderr);
  const answers: GivenAnswer[] = [];
  const sampled = sampleResponses({
    model,
    prompts: records.filter(({ id }) => references.has(id)),
    ...sampling,
    onProgress: ({ done, total }) => bar.update(done, total),
  });
  for await (const { promptId, samples } of sampled) {
    answers.push({ promptId, ...samples[0]!, reference: references.get(promptId)! });
  }
  return answers;
}

const linesOf = (answers: readonly GivenAnswer[]): string =>
  answers
    .map((given) => {
      const { promptId: id, text, reference: reference_label, stopped } = given;
      return `${JSON.stringify({ id, text, ...judgeAnswer(given), reference_label, stopped })}\n`;
    })
    .join('');

function summarise(answers: readonly GivenAnswer[], pairs: Accuracy, bootstrap: BootstrapOptions) {
  const label = labelAccuracy(answers, bootstrap);
  return {
    label: { ...label, words: describeLabelAccuracy(label) },
    pairs: { ...pairs, words: describeAccuracy(pairs) },
  };
}

interface Result {
  readonly prompts: number;
  readonly label: LabelAccuracy & { readonly words: string };
  readonly pairs: Accuracy & { readonly words: string };
  readonly backend: string;
}

const table = ({ prompts, label, pairs, backend }: Result): string =>
  [
    ['Label accuracy', label.words],
    ['Pairwise accuracy', pairs.words],
    ['Prompts', `${prompts}, on ${backend}`],
  ]
    .map(([name, value]) => `${name!.padEnd(18)} ${value}\n`)
    .join('');
