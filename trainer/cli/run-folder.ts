/** The folder of a run: what it leaves beside the model itself, so that it can be followed and gone on with. */
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

  /** Throws CommandError where there is a run or a model already. */
  refuseOldRun(): void {
    const own = [configFile, metricsFile, checkpointFile];
    const found = [...own, modelConfigFile, adapterConfigFile].find((name) => existsSync(this.at(name)));
    if (found === undefined) return;
    throw new CommandError(
      `${this.path}: there is a run or a model in it already (${found}); name another folder, or --resume`,
    );
  }

  /** Throws CommandError where a run cannot be gone on with. */
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
   * Makes the folder, once, when training really starts: input that is refused leaves nothing behind. Of the metrics, those
   * up to the step that is gone on from stay, since later ones will come again.
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

  /** What comes next follows this step; null: from the beginning. */
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

  /** The run is over: its checkpoint has served. */
  async finish(result: object): Promise<void> {
    await writeFileAtomic(this.at(resultFile), `${JSON.stringify(result, null, 2)}\n`);
    await rm(this.at(checkpointFile), { force: true });
  }

  private at(name: string): string {
    return join(this.path, name);
  }
}

/** False too for a line that a crash cut off. */
function isMetricUpTo(line: string, step: number): boolean {
  try {
    return (JSON.parse(line) as { step: number }).step <= step;
  } catch {
    return false;
  }
}
