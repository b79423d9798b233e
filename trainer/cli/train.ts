import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Backend, OutOfMemoryError } from '../backends/backend';
import { inEnglish } from '../contract/english';
import { adapterConfigFile, configFile as modelConfigFile } from '../contract/model-files';
import { type TrainConfig, trainConfigKeys } from '../contract/train-config';
import { describeAccuracy } from '../infer/pairwise-accuracy';
import { writeAdapterFolder } from '../io/adapter-folder';
import { writeFileAtomic, writeTrainedFolder } from '../io/model-folder';
import { exportAdapter } from '../model/adapter';
import { exportModel } from '../model/model';
import { type Checkpoint, parseCheckpoint, serializeCheckpoint } from '../train/checkpoint';
import { describeLoss, onFreshDevices } from '../train/fresh-devices';
import { describeMemory, mebibytes } from '../train/memory';
import { prepareModel, type TrainMetric, type TrainResult, train } from '../train/train';
import {
  type BackendChoice,
  backendOptions,
  type Command,
  CommandError,
  type CommandIo,
  checkOut,
  dataHelp,
  dtypeOption,
  formatsHelp,
  openBackend,
  openModel,
  parseOptions,
  readDtype,
  readSnapshot,
  required,
  type SnapshotData,
} from './command-line';
import { resolveModel } from './model-argument';
import { ProgressBar } from './progress-bar';
import { readTrainConfig, settingsHelp, trainConfigOptions } from './train-options';

/** What a run leaves in its folder, beside the model itself. */
const configFile = 'train-config.json';
const metricsFile = 'metrics.jsonl';
const checkpointFile = 'checkpoint.safetensors';
const resultFile = 'result.json';

/** The exit code of a command that an interrupt ended. */
const interrupted = 130;

export const trainCommand: Command = {
  summary: 'fine-tune a model on a snapshot',
  help: `rescue train --model DIR --data SNAPSHOT.jsonl --out DIR [options]

Fine-tunes the model on the snapshot's targets and pairs. The new folder gets the model in Hugging Face's layout (with
--lora-rank an adapter in PEFT's instead, which rescue score and rescue merge read), metrics.jsonl (one line a step), train-config.json and result.json. Prints one JSON object: {status, steps, totalSteps,
before, after} with pairwise ranking accuracy on held-out prompts. Ctrl-C stops after a checkpoint; --resume goes on.

  --model DIR                 Hugging Face folder to start from, or a hub's address of one: https://HOST/OWNER/NAME
                              is downloaded once, into the cache ($RESCUE_CACHE)
  --data SNAPSHOT.jsonl       ${dataHelp}
  --out DIR                   a folder without a run in it
  --config FILE               JSON object of the options below, in camel case
  --resume                    go on from the last checkpoint in --out
  --backend auto|wasm|webgpu  default auto: a GPU where there is one, else the CPU
  --threads N                 of the CPU (default: its cores, at most 8; the results are the same)

${settingsHelp([...trainConfigKeys.main, ...trainConfigKeys.advanced])}

  --dtype bf16|f16|f32        of the weights that are written (default f32); training is not changed by it

${settingsHelp(trainConfigKeys.adapter)}
${formatsHelp}`,
  async run(argv, io) {
    const text = { type: 'string' } as const;
    const values = parseOptions(argv, {
      model: text,
      data: text,
      out: text,
      config: text,
      resume: { type: 'boolean' },
      ...dtypeOption,
      ...backendOptions,
      ...trainConfigOptions,
    }) as Record<string, string | undefined> & { resume?: boolean };
    const modelName = required(values.model, '--model');
    const dataFile = required(values.data, '--data');
    const out = required(values.out, '--out');
    const dtype = readDtype(values.dtype);
    const resume = values.resume === true;
    const checkpoint = resume ? await readCheckpoint(out) : refuseOldRun(out);
    const config = await readTrainConfig(values, [resume ? join(out, configFile) : undefined, values.config]);
    await checkOut(out, 'folder');
    const data = await readSnapshot(dataFile, io, 'needed');
    return runTraining({
      modelName,
      data,
      out,
      config,
      dtype,
      checkpoint,
      backendChoice: { backend: values.backend, threads: values.threads },
      io,
    });
  },
};

function refuseOldRun(out: string): undefined {
  const found = [configFile, metricsFile, checkpointFile, modelConfigFile, adapterConfigFile].find((name) =>
    existsSync(join(out, name)),
  );
  if (found !== undefined) {
    throw new CommandError(
      `${out}: there is a run or a model in it already (${found}); name another folder, or --resume`,
    );
  }
  return undefined;
}

async function readCheckpoint(out: string): Promise<Checkpoint> {
  const path = join(out, checkpointFile);
  if (existsSync(join(out, resultFile)))
    throw new CommandError(`${out}: this run is finished; there is nothing to resume`);
  if (!existsSync(path)) throw new CommandError(`${path}: there is no checkpoint to resume from`);
  try {
    return parseCheckpoint(await readFile(path));
  } catch (error) {
    throw new CommandError(`${path}: ${(error as Error).message}`);
  }
}

interface Training {
  readonly modelName: string;
  readonly data: SnapshotData;
  readonly out: string;
  readonly config: TrainConfig;
  readonly dtype: ReturnType<typeof readDtype>;
  readonly checkpoint: Checkpoint | undefined;
  readonly backendChoice: BackendChoice;
  readonly io: CommandIo;
}

/** Training on one device after the other, until one lasts. */
async function runTraining(training: Training): Promise<number> {
  const { out, backendChoice, io } = training;
  let { checkpoint } = training;
  return onFreshDevices({
    open: () => openBackend(backendChoice, io),
    run: async (backend) => {
      try {
        return await trainOn(backend, { ...training, checkpoint });
      } catch (error) {
        if (existsSync(join(out, checkpointFile))) {
          checkpoint = await readCheckpoint(out);
          if (error instanceof OutOfMemoryError) {
            throw new CommandError(`${error.message}; --resume goes on after step ${checkpoint.state.step}`);
          }
        }
        throw error;
      }
    },
    onLoss: (loss) =>
      io.stderr.write(`\nrescue train: ${inEnglish(describeLoss(loss, checkpoint?.state.step ?? 0))}\n`),
  });
}

async function trainOn(
  backend: Backend,
  { modelName, data, out, config, dtype, checkpoint, io }: Training,
): Promise<number> {
  const stop = new AbortController();
  // Once: a second Ctrl-C ends the process at once, as people expect.
  const onInterrupt = () => stop.abort();
  process.once('SIGINT', onInterrupt);
  process.once('SIGTERM', onInterrupt);
  try {
    const { dir, baseModel } = await resolveModel(modelName, io);
    const model = prepareModel(
      await openModel(dir, backend, { frozen: config.loraRank !== undefined }),
      config,
      baseModel,
    );
    const metrics = new MetricsLog(join(out, metricsFile));
    const bar = new ProgressBar('train', io.stderr);
    let tokens = 0;
    let preparing: Promise<void> | undefined;
    // The folder is made when training really starts: input that is refused leaves nothing behind.
    const prepare = () => {
      preparing ??= prepareFolder();
      return preparing;
    };
    const prepareFolder = async () => {
      await mkdir(out, { recursive: true });
      await writeFileAtomic(join(out, configFile), `${JSON.stringify(config, null, 2)}\n`);
      await metrics.start(checkpoint?.state.step);
    };
    const saveCheckpoint = async (state: Checkpoint) => {
      await prepare();
      await metrics.flush();
      await writeFileAtomic(join(out, checkpointFile), serializeCheckpoint(state));
    };
    const result = await train({
      model,
      records: data.records,
      config,
      signal: stop.signal,
      resumeFrom: checkpoint,
      onMemory: (estimate) =>
        io.stderr.write(`rescue train: ${mebibytes(estimate.total)} of memory: ${describeMemory(estimate)}\n`),
      onNote: (note) => io.stderr.write(`rescue train: ${inEnglish(note)}\n`),
      onCheckpoint: saveCheckpoint,
      onMetric(metric) {
        tokens += metric.tokens;
        metrics.add(metric);
        // Not awaited here; a failure comes to light where it is, at the latest after the training.
        prepare().catch(() => {});
        if (metric.step > 0) bar.update(metric.step, metric.totalSteps, progressNote(metric, tokens));
      },
    }).catch(data.blame);
    await prepare();
    await metrics.flush();
    if (result.status === 'stopped') {
      await saveCheckpoint(result.checkpoint);
      io.stderr.write(`\nrescue train: stopped after step ${result.steps} of ${result.totalSteps}; --resume goes on\n`);
      return interrupted;
    }
    // A weight may be beyond f16, which is known only now: --resume with another --dtype then writes what was learnt.
    if (dtype === 'F16') await saveCheckpoint(result.checkpoint);
    if (model.adapter) await writeAdapterFolder(out, await exportAdapter(model, { dtype }));
    else await writeTrainedFolder(out, { from: dir, ...(await exportModel(model, { dtype })) });
    await writeFileAtomic(join(out, resultFile), `${JSON.stringify(summary(result), null, 2)}\n`);
    await rm(join(out, checkpointFile), { force: true });
    report(result, io);
    return 0;
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  }
}

function progressNote(metric: TrainMetric, tokens: number): string {
  const parts = [`loss ${metric.loss?.toFixed(3)}`, `${((1000 * tokens) / metric.elapsedMs).toFixed(0)} tokens/s`];
  if (metric.heldOutAccuracy !== null) parts.push(`held out ${(100 * metric.heldOutAccuracy).toFixed(1)} %`);
  return parts.join('  ');
}

function summary({ status, steps, totalSteps, evaluation, heldOutIds }: TrainResult) {
  return { status, steps, totalSteps, ...evaluation.heldOut, heldOutIds };
}

function report(result: TrainResult, io: CommandIo): void {
  const { before, after } = result.evaluation.heldOut;
  const { heldOutIds: _, ...printed } = summary(result);
  if (before && after) {
    io.stderr.write(`held-out pairs ranked right before: ${describeAccuracy(before)}\n`);
    io.stderr.write(`held-out pairs ranked right after:  ${describeAccuracy(after)}\n`);
  }
  io.stdout(`${JSON.stringify(printed)}\n`);
}

/** metrics.jsonl, written behind the training's back: lines wait in memory until the file is ready for them. */
class MetricsLog {
  private writing: Promise<void> = Promise.resolve();
  private waiting: string[] = [];
  private started = false;

  constructor(private readonly path: string) {}

  /** Empties the file, or keeps a resumed run's lines up to its checkpoint: later steps will come again. */
  async start(resumedStep: number | undefined): Promise<void> {
    const old = resumedStep !== undefined && existsSync(this.path) ? await readFile(this.path, 'utf8') : '';
    const kept = old.split('\n').filter((line) => line !== '' && isMetricUpTo(line, resumedStep ?? 0));
    await writeFile(this.path, kept.map((line) => `${line}\n`).join(''));
    this.started = true;
    this.write();
  }

  add(metric: TrainMetric): void {
    this.waiting.push(`${JSON.stringify(metric)}\n`);
    if (this.started) this.write();
  }

  flush(): Promise<void> {
    return this.writing;
  }

  private write(): void {
    const lines = this.waiting.splice(0).join('');
    this.writing = this.writing.then(() => appendFile(this.path, lines));
  }
}

/** False too for a line that a crash cut off. */
function isMetricUpTo(line: string, step: number): boolean {
  try {
    return (JSON.parse(line) as TrainMetric).step <= step;
  } catch {
    return false;
  }
}
