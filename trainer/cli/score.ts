import type { SnapshotRecord } from '../contract/record';
import { pairwiseAccuracy } from '../infer/pairwise-accuracy';
import { type ResponseScore, scoreRecords } from '../infer/score-records';
import { writeFileAtomic } from '../io/model-folder';
import {
  backendOptions,
  type Command,
  checkOutputPath,
  dataHelp,
  formatsHelp,
  noteWriter,
  numberOf,
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

export const scoreCommand: Command = {
  summary: "score and rank every prompt's responses",
  help: `rescue score --model DIR --data FILE --out FILE [options]

Scores every response of every prompt by its length-normalised log-probability and ranks each prompt's responses.
Writes one JSON line a prompt: {"id","responses":[{"id","score","rank"}]}, best first; equal scores share a rank.
Prints one JSON object: {prompts, responses, pairs, accuracy, interval[]}: pairwise ranking accuracy over the pairs in
the data with a 95 % bootstrap interval by prompt; accuracy is null where the data has no pairs.

  --model DIR               Hugging Face folder, or a hub's address of one
  --adapter DIR             PEFT folder of a LoRA adapter to put before the model
  --data FILE               ${dataHelp}; or an import file (it has no pairs)
  --out FILE                where the scores go
  --max-length N            cut longer prompts to this many tokens; without it they are refused
${lengthExponentHelp}
  --seed N                  of the bootstrap (default 0)
  --resamples N             of the bootstrap (default 2000)
  --backend auto|wasm|webgpu default auto: a GPU where there is one, else the CPU
  --threads N               of the CPU (default: its cores, at most 8; the results are the same)
  --matrix-units            multiply on the GPU's matrix units (experimental, with --backend webgpu alone)
${formatsHelp}`,
  async run(argv, io) {
    const text = { type: 'string' } as const;
    const values = parseOptions(argv, {
      model: text,
      data: text,
      out: text,
      adapter: text,
      'max-length': text,
      ...lengthExponentOptions,
      seed: text,
      resamples: text,
      ...backendOptions,
    });
    const modelName = required(values.model, '--model');
    const dataFile = required(values.data, '--data');
    const outFile = required(values.out, '--out');
    const lengthExponents = readLengthExponents(values);
    const seed = numberOf(values.seed, '--seed') ?? 0;
    const resamples = numberOf(values.resamples, '--resamples') ?? 2000;
    const maxLength = wholeNumberOf(values['max-length'], '--max-length');
    await checkOutputPath(outFile, 'file');
    const { records, blame } = await readSnapshot(dataFile, io, 'optional');
    const backend = await openBackend(values, io);
    try {
      const { dir } = await resolveModel(modelName, io);
      const model = await openModel(dir, backend, { adapter: values.adapter, frozen: true });
      const bar = new ProgressBar('score', io.stderr);
      const scores = await scoreRecords({
        model,
        records,
        lengthExponents,
        maxLength,
        onNote: noteWriter('score', io),
        onProgress: ({ done, total }) => bar.update(done, total),
      }).catch(blame);
      const lines = rankings(records, scores).map((ranking) => `${JSON.stringify(ranking)}\n`);
      await writeFileAtomic(outFile, lines.join(''));
      const { accuracy, pairs, interval } = pairwiseAccuracy(records, scores, { seed, resamples });
      const prompts = records.length;
      io.stdout(`${JSON.stringify({ prompts, responses: scores.length, pairs, accuracy, interval })}\n`);
      return 0;
    } finally {
      backend.dispose();
    }
  },
};

/** Best first; a response's rank is one more than the number of better ones, so equal scores share it. */
export function rankings(records: readonly SnapshotRecord[], scores: readonly ResponseScore[]) {
  const byPrompt = new Map<string, ResponseScore[]>();
  for (const score of scores) byPrompt.set(score.promptId, [...(byPrompt.get(score.promptId) ?? []), score]);
  return records.map(({ id }) => {
    const own = [...(byPrompt.get(id) ?? [])].sort((a, b) => b.score - a.score);
    const responses = own.map(({ responseId, score }) => ({
      id: responseId,
      score,
      rank: 1 + own.filter((other) => other.score > score).length,
    }));
    return { id, responses };
  });
}
