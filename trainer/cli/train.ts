import { OutOfMemoryError } from '../backends/backend';
import { inEnglish } from '../contract/english';
import type { RunEvent } from '../contract/run-event';
import { type TrainConfig, trainConfigKeys } from '../contract/train-config';
import { describeAccuracy } from '../infer/pairwise-accuracy';
import { folderSource } from '../io/model-folder';
import { executeRun } from '../run/execute-run';
import type { RunHost } from '../run/run-host';
import type { Checkpoint } from '../train/checkpoint';
import { describeMemory, mebibytes } from '../train/memory';
import {
  type BackendChoice,
  backendOptions,
  type Command,
  CommandError,
  type CommandIo,
  checkOutputPath,
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
import { RunFolder } from './run-folder';
import { readConfigToResume, readTrainConfig, settingsHelp, trainConfigOptions } from './train-options';

/** Exit code of a command that was interrupted. */
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
  --matrix-units              multiply on the GPU's matrix units (experimental, with --backend webgpu alone)

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
    const folder = new RunFolder(out);
    const checkpoint = resume ? await folder.checkpointToResume() : null;
    if (!resume) folder.refuseOldRun();
    folder.resumeFrom(checkpoint?.state.step ?? null);
    const config = resume
      ? await readConfigToResume(folder.configPath, values, values.config)
      : await readTrainConfig(values, values.config);
    await checkOutputPath(out, 'folder');
    const data = await readSnapshot(dataFile, io, 'needed');
    return follow({
      modelName,
      data,
      folder,
      config,
      dtype,
      checkpoint,
      backendChoice: { backend: values.backend, threads: values.threads },
      io,
    });
  },
};

interface Training {
  readonly modelName: string;
  readonly data: SnapshotData;
  readonly folder: RunFolder;
  readonly config: TrainConfig;
  readonly dtype: ReturnType<typeof readDtype>;
  /** The checkpoint to resume from. */
  readonly checkpoint: Checkpoint | null;
  readonly backendChoice: BackendChoice;
  readonly io: CommandIo;
}

function hostOf(training: Training, stop: AbortSignal): RunHost {
  const { modelName, data, folder, config, dtype, checkpoint, backendChoice, io } = training;
  let first: Checkpoint | null = checkpoint;
  return {
    openBackend: () => openBackend(backendChoice, io),
    async findModel(_, signal) {
      const { dir, baseModel } = await resolveModel(modelName, io, signal);
      return {
        name: baseModel,
        source: folderSource(dir),
        bytes: 0,
        weightBytes: null,
        open: (backend, options) => openModel(dir, backend, options),
      };
    },
    readRecords: async () => data.records,
    async readCheckpoint() {
      const found = first ?? (await folder.lastCheckpoint());
      first = null;
      return found;
    },
    async saveCheckpoint(taken, end) {
      // A weight may turn out to exceed f16 only now: --resume with another --dtype then saves the trained weights.
      if (end === 'finished' && dtype !== 'F16') return;
      await folder.begin(config);
      await folder.saveCheckpoint(taken);
    },
    saveFiles: (files) => folder.saveModel(files),
    stop,
  };
}

/** Executes the run, and reports its events on the terminal and in its folder. */
async function follow(training: Training): Promise<number> {
  const { data, folder, config, dtype, io } = training;
  const stop = new AbortController();
  // Only once: a second Ctrl-C terminates the process, as usual.
  const onInterrupt = () => stop.abort();
  const ignoreInterrupts = () => {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  };
  const bar = new ProgressBar('train', io.stderr);
  const report = (text: string) => io.stderr.write(`rescue train: ${text}\n`);
  let tokens = 0;
  let code = 0;
  const handle = async (event: RunEvent): Promise<void> => {
    switch (event.type) {
      case 'backend':
        ignoreInterrupts();
        process.once('SIGINT', onInterrupt);
        process.once('SIGTERM', onInterrupt);
        tokens = 0;
        return;
      case 'memory':
        report(`${mebibytes(event.estimate.total)} of memory: ${describeMemory(event.estimate)}`);
        return;
      case 'note':
        report(inEnglish(event.note));
        return;
      case 'device-lost':
        ignoreInterrupts();
        io.stderr.write('\n');
        report(inEnglish(event.note));
        folder.resumeFrom(event.step);
        return;
      case 'metric': {
        const { step, elapsedMs, ...numbers } = event.metric;
        const { totalSteps } = event;
        await folder.begin(config);
        await folder.addMetric({ step, totalSteps, ...numbers, tokens: event.tokens ?? 0, elapsedMs });
        tokens += event.tokens ?? 0;
        if (step > 0) bar.update(step, totalSteps, progressNote(event.metric, tokens));
        return;
      }
      case 'done':
        code = await end(event);
        return;
    }
  };
  const end = async (event: Extract<RunEvent, { type: 'done' }>): Promise<number> => {
    const { type: _, evaluation, heldOutIds, ...counts } = event;
    if (event.status === 'stopped') {
      io.stderr.write('\n');
      report(
        evaluation === null
          ? 'stopped before the first step'
          : `stopped after step ${event.steps} of ${event.totalSteps}; --resume goes on`,
      );
      return interrupted;
    }
    const result = { ...counts, ...evaluation?.heldOut };
    await folder.begin(config);
    await folder.finish({ ...result, heldOutIds });
    const { before, after } = result;
    if (before && after) {
      io.stderr.write(`held-out pairs ranked right before: ${describeAccuracy(before)}\n`);
      io.stderr.write(`held-out pairs ranked right after:  ${describeAccuracy(after)}\n`);
    }
    io.stdout(`${JSON.stringify(result)}\n`);
    return 0;
  };
  try {
    const options = { config, scores: false, stopped: 'checkpoint', dtype } as const;
    for await (const event of executeRun(hostOf(training, stop.signal), options)) await handle(event);
    return code;
  } catch (error) {
    const last = error instanceof OutOfMemoryError ? await folder.lastCheckpoint() : null;
    if (last) throw new CommandError(`${(error as Error).message}; --resume goes on after step ${last.state.step}`);
    return data.blame(error);
  } finally {
    ignoreInterrupts();
  }
}

function progressNote(metric: Extract<RunEvent, { type: 'metric' }>['metric'], tokens: number): string {
  const parts = [`loss ${metric.loss?.toFixed(3)}`, `${((1000 * tokens) / metric.elapsedMs).toFixed(0)} tokens/s`];
  if (metric.heldOutAccuracy !== null) parts.push(`held out ${(100 * metric.heldOutAccuracy).toFixed(1)} %`);
  return parts.join('  ');
}
