import type { SnapshotRecord } from '@/trainer/contract/record';
import type { LengthBin, SnapshotContents, SourceCounts } from '../schemas/snapshot-contents';
import { LeakCheck } from './split-leaks';

/** Where each bin of lengths begins, in characters. */
const BINS = [0, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000];
const LISTED_SOURCES = 50;
/** Sources after the first so many are counted, not measured. */
const MEASURED_SOURCES = 5000;

/** Counts what the records of a snapshot hold, one after the other. */
export class ContentsTally {
  readonly #lengths: LengthBin[] = BINS.map((from) => ({ from, prompts: 0, responses: 0, chosen: 0, rejected: 0 }));
  readonly #sources = new Map<string, SourceCounts>();
  readonly #leaks = new LeakCheck();
  #split = false;

  add(record: SnapshotRecord): void {
    const characters = record.prompt.reduce((sum, { content }) => sum + content.length, 0);
    this.#binOf(characters).prompts++;
    const responses = new Map(
      record.responses.map(({ id, text, source }) => {
        const [bin, own] = [this.#binOf(text.length), this.#source(source)];
        bin.responses++;
        own.responses++;
        return [id as string, { bin, own }];
      }),
    );
    for (const { chosen, rejected } of record.pairs) {
      const [better, worse] = [responses.get(chosen)!, responses.get(rejected)!];
      better.bin.chosen++;
      better.own.chosen++;
      worse.bin.rejected++;
      worse.own.rejected++;
    }
    // Without splits no prompt names one, so nothing is lost by beginning with the first that does.
    if (record.split !== undefined) {
      this.#split = true;
      this.#leaks.add(record);
    }
  }

  async contents(pause: () => Promise<void>): Promise<SnapshotContents> {
    const sources = [...this.#sources.values()].sort(
      (a, b) => b.responses - a.responses || (a.source < b.source ? -1 : 1),
    );
    return {
      lengths: this.#lengths,
      sources: sources.slice(0, LISTED_SOURCES),
      moreSources: Math.max(0, sources.length - LISTED_SOURCES),
      leaks: this.#split ? await this.#leaks.report(pause) : null,
    };
  }

  #binOf(characters: number): LengthBin {
    return this.#lengths[BINS.findLastIndex((from) => from <= characters)]!;
  }

  #source(source: string): SourceCounts {
    const known = this.#sources.get(source) ?? { source, responses: 0, chosen: 0, rejected: 0 };
    if (this.#sources.size < MEASURED_SOURCES) this.#sources.set(source, known);
    return known;
  }
}
