/** The folder of a run: its files beside the model itself, by which it can be followed and resumed. */
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { adapterConfigFile, configFile as modelConfigFile } from '../contract/model-files';
import type { TrainConfig } from '../contract/train-config';
import type { NamedFile } from '../io/model-files';
import { writeFileAtomic, writeFiles } from '../io/model-folder';
import { type Checkpoint, parseCheckpoint, serializeCheckpoint } from '../train/checkpoint';
import { CommandError } from './command-line';

const configFile = 'train-config.json';
const metricsFile = 'metrics.jsonl';
const checkpointFile = 'checkpoint.safetensors';
const resultFile = 'result.json';

export class RunFolder {
  private begun = false;
  private resumedStep: number | null = null;

  constructor(private readonly path: string) {}

  get configPath(): string {
    return this.at(configFile);
  }

  /** Throws CommandError where there is already a run or a model. */
  refuseOldRun(): void {
    const own = [configFile, metricsFile, checkpointFile];
    const found = [...own, modelConfigFile, adapterConfigFile].find((name) => existsSync(this.at(name)));
    if (found === undefined) return;
    throw new CommandError(
      `${this.path}: there is a run or a model in it already (${found}); name another folder, or --resume`,
    );
  }

  /** The checkpoint to resume from. Throws CommandError where the run cannot be resumed. */
  async checkpointToResume(): Promise<Checkpoint> {
    if (existsSync(this.at(resultFile))) {
      throw new CommandError(`${this.path}: this run is finished; there is nothing to resume`);
    }
    const found = await this.lastCheckpoint();
    if (found === null) throw new CommandError(`${this.at(checkpointFile)}: there is no checkpoint to resume from`);
    return found;
  }

  /** Null where there is none. Throws CommandError where it cannot be read. */
  async lastCheckpoint(): Promise<Checkpoint | null> {
    const path = this.at(checkpointFile);
    if (!existsSync(path)) return null;
    try {
      return parseCheckpoint(await readFile(path));
    } catch (error) {
      throw new CommandError(`${path}: ${(error as Error).message}`);
    }
  }

  /**
   * Creates the folder when training really starts, so that refused input leaves nothing behind. Metrics up to the
   * resumed step are kept, since later ones will be written again.
   */
  async begin(config: TrainConfig): Promise<void> {
    if (this.begun) return;
    const step = this.resumedStep;
    await mkdir(this.path, { recursive: true });
    await writeFileAtomic(this.configPath, `${JSON.stringify(config, null, 2)}\n`);
    const path = this.at(metricsFile);
    const old = step !== null && existsSync(path) ? await readFile(path, 'utf8') : '';
    const kept = old.split('\n').filter((line) => line !== '' && isMetricUpTo(line, step ?? 0));
    await writeFile(path, kept.map((line) => `${line}\n`).join(''));
    this.begun = true;
  }

  /** Sets the step after which metrics follow; null: from the beginning. */
  resumeFrom(step: number | null): void {
    this.resumedStep = step;
    this.begun = false;
  }

  addMetric(metric: object): Promise<void> {
    return appendFile(this.at(metricsFile), `${JSON.stringify(metric)}\n`);
  }

  saveCheckpoint(checkpoint: Checkpoint): Promise<void> {
    return writeFileAtomic(this.at(checkpointFile), serializeCheckpoint(checkpoint));
  }

  saveModel(files: readonly NamedFile[]): Promise<void> {
    return writeFiles(this.path, files);
  }

  /** Completes the run; its checkpoint is deleted. */
  async finish(result: object): Promise<void> {
    await writeFileAtomic(this.at(resultFile), `${JSON.stringify(result, null, 2)}\n`);
    await rm(this.at(checkpointFile), { force: true });
  }

  private at(name: string): string {
    return join(this.path, name);
  }
}

/** False also for a line that a crash truncated. */
function isMetricUpTo(line: string, step: number): boolean {
  try {
    return (JSON.parse(line) as { step: number }).step <= step;
  } catch {
    return false;
  }
}
