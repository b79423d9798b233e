/**
 * Recreates public/models/demo: trains its tokenizer and then the model itself from scratch on this project's own
 * backend. `npm run pretrain:demo -- --help` lists the options.
 */
import { writeFile } from 'node:fs/promises';
import { createBackend } from '../backends/create-backend';
import { bigramModel, predictedTokens, unigramModel } from '../data/ngram';
import { seededRandom, shuffled } from '../data/seeded-random';
import { createRandomModel } from '../model/model';
import { type NamedArrays, parameterCount } from '../model/parameters';
import { defaultPretrainConfig, lossPerToken, type PretrainConfig, pretrain } from '../train/pretrain';
import { type CommandIo, numberOf, parseOptions } from './command-line';
import { demoModelCard } from './demo-card';
import { type DemoData, prepareDemoData } from './demo-data';
import { demoModelConfig, writeDemoModel } from './demo-model';
import { ProgressBar } from './progress-bar';

const help = `npm run pretrain:demo -- [options]

  --data DIR       holds esnli/dev.jsonl and rationale-ratings/esnli.jsonl (default ../shared/data)
  --out DIR        default public/models/demo
  --steps N        optimizer steps (default 2500)
  --seed N         of the split, the weights and the order (default 1)
  --rate X         peak learning rate (default 0.003)
  --rows N         rows of a block, one block a step (default 2048)
  --metrics FILE   also write every step's metrics there, as JSON lines
`;

const vocabSize = 2048;
const heldOutItems = 300;
const documentShare = 0.08;
/** Sequences evaluated during training; the last evaluation uses all of them. */
const heldOutSample = 60;

async function run(argv: readonly string[], io: CommandIo): Promise<number> {
  if (argv.includes('--help')) {
    io.stdout(help);
    return 0;
  }
  const text = { type: 'string' } as const;
  const values = parseOptions(argv, {
    data: text,
    out: text,
    steps: text,
    seed: text,
    rate: text,
    rows: text,
    metrics: text,
  });
  const { data: dataDir = '../shared/data', out = 'public/models/demo' } = values;
  const seed = numberOf(values.seed, '--seed') ?? 1;
  const totalSteps = numberOf(values.steps, '--steps') ?? 2500;
  const config: PretrainConfig = {
    ...defaultPretrainConfig,
    learningRate: numberOf(values.rate, '--rate') ?? 3e-3,
    totalSteps,
    warmupSteps: Math.round(totalSteps * 0.06),
    blockRows: numberOf(values.rows, '--rows') ?? 2048,
    blocksPerStep: 1,
    seed,
    evaluateEvery: 100,
    checkpointEvery: 250,
  };
  const data = await prepareDemoData({ dataDir, vocabSize, seed, heldOutItems, documentShare });
  const baselines = ngramLosses(data);
  io.stderr.write(
    `${data.training.length} training prompts, ${data.heldOut.length} held out, ${data.excluded} left out; ` +
      `held-out loss of a unigram ${baselines.unigram.toFixed(3)}, of a bigram ${baselines.bigram.toFixed(3)} nats/token\n`,
  );

  const backend = await createBackend({ prefer: 'wasm' });
  const model = createRandomModel(demoModelConfig, { backend, seed, tokenizer: data.tokenizer });
  const bar = new ProgressBar('pretrain', io.stderr);
  const metrics: string[] = [];
  const started = performance.now();
  let tokensSeen = 0;
  const save = async (steps: number, weights: NamedArrays, heldOutLoss: number) => {
    const card = demoModelCard({
      command: `npm run pretrain:demo -- --steps ${totalSteps} --seed ${seed} --rate ${config.learningRate} --rows ${config.blockRows}`,
      parameters: parameterCount(demoModelConfig),
      config,
      steps,
      tokensSeen,
      minutes: (performance.now() - started) / 60_000,
      backend: backend.description,
      data,
      baselines,
      heldOutLoss,
    });
    await writeDemoModel(out, weights, data.tokenizerJson, card);
    if (values.metrics !== undefined) await writeFile(values.metrics, metrics.join(''));
  };
  const evaluate = () => lossPerToken(model, data.heldOut, { blockRows: config.blockRows });

  const result = await pretrain({
    model,
    sequences: data.training,
    heldOut: shuffled(data.heldOut, seededRandom(seed)).slice(0, heldOutSample),
    config,
    onMetric(metric) {
      tokensSeen += metric.tokens;
      metrics.push(`${JSON.stringify(metric)}\n`);
      const heldOut = metric.heldOutLoss === undefined ? '' : `  held out ${metric.heldOutLoss.toFixed(3)}`;
      const speed = (1000 * tokensSeen) / metric.elapsedMs;
      bar.update(metric.step, totalSteps, `loss ${metric.loss.toFixed(3)}${heldOut}  ${speed.toFixed(0)} tokens/s`);
    },
    // An interrupted run leaves its last checkpoint as a usable model.
    async onCheckpoint({ state, weights }) {
      if (state.step < totalSteps) await save(state.step, weights, await evaluate());
    },
  });
  const heldOutLoss = await evaluate();
  await save(result.steps, result.checkpoint.weights, heldOutLoss);
  io.stdout(`${JSON.stringify({ ...baselines, model: heldOutLoss, steps: result.steps, tokensSeen })}\n`);
  backend.dispose();
  return 0;
}

/** Both are trained on the chats alone: with the documents included, they are worse on the held-out chats. */
function ngramLosses({ training, heldOut }: DemoData): { unigram: number; bigram: number } {
  const chats = training.filter(({ id }) => !id.endsWith('#documents')).flatMap((item) => [...predictedTokens(item)]);
  const kept = heldOut.flatMap((item) => [...predictedTokens(item)]);
  return {
    unigram: unigramModel(chats, vocabSize).loss(kept),
    bigram: bigramModel(chats, vocabSize).loss(kept),
  };
}

process.exitCode = await run(process.argv.slice(2), {
  stdout: (chunk) => void process.stdout.write(chunk),
  stderr: process.stderr,
});
