/**
 * Reads the file of an import in batches that are ready to be stored. It runs on the server's thread for small files, else
 * in one of its own (import-reading-worker.ts). What it needs room for lies on the disk, in a folder of its own.
 */

import { createHash } from 'node:crypto';
import { type OpenSource, openFile, sourceOf } from '@/lib/containers/byte-source';
import { type DiskShelves, diskShelves } from '@/lib/containers/disk-shelves';
import { importEvents } from '@/lib/containers/read-import';
import { Reading } from '@/lib/containers/reading';
import type { FoundColumns, ImportEvents, ParsedJudgement, RowError } from '@/lib/formats/format';
import { promptContent } from '@/lib/formats/prompts-jsonl';
import { type Shelf, type Shelves, shelvesInMemory } from '@/lib/formats/shelves';
import type { ColumnMapping } from '@/lib/schemas/column-mapping';
import type { ImportedPrompt } from '@/lib/schemas/prompt-import';
import type { ExternalPromptId } from '@/trainer/contract/ids';

export interface ReadingOrder {
  file: Uint8Array | { path: string };
  mapping?: ColumnMapping | undefined;
  /** Where rows wait for others with the same prompt; null: in memory. */
  folder: string | null;
}

/** A prompt as it is stored: the text of its JSON, which nobody need read again to store it. */
export interface ReadPrompt {
  line: number;
  externalId: ExternalPromptId;
  contentHash: string;
  responses: number;
  json: string;
}

/** Judgements of one prompt, with the texts that the file has for its responses if it has the prompt. */
export interface ReadJudgements {
  judgements: ParsedJudgement[];
  texts: (readonly [response: string, text: string])[] | null;
}

export interface ImportBatch {
  prompts: ReadPrompt[];
  /** Those of prompts that are not in the file, which the project must have. */
  judgements: ParsedJudgement[];
  /** Of how many prompts there are judgements, and who judged. */
  judged: number;
  annotators: string[];
  errors: RowError[];
  /** It turned out that nothing of the file may be used. */
  nothing?: RowError;
  /** How much of the file has been gone through, from 0 to 1. */
  share: number;
}

export type ImportQuestion = 'next' | 'columns' | 'judgements';

const BATCH = { prompts: 1000, bytes: 1024 * 1024, errors: 500 };
/** Prompts whose judgements are given at once. */
const JUDGED = 100;

export class ImportReading {
  private constructor(
    private readonly held: { source: OpenSource; disk: DiskShelves | null },
    private readonly reading: Reading,
    readonly columns: FoundColumns,
    private readonly events: ImportEvents,
    private readonly judged: Shelf<ReadJudgements>,
  ) {}

  private ended = false;
  private replay: AsyncIterator<ReadJudgements> | null = null;

  static async open({ file, mapping, folder }: ReadingOrder): Promise<ImportReading> {
    const source = file instanceof Uint8Array ? sourceOf(file) : await openFile(file.path);
    const disk = folder === null ? null : diskShelves(folder, source.size);
    const reading = new Reading(disk);
    const shelves: Shelves = disk ?? shelvesInMemory;
    const { columns, events } = await importEvents(source, { mapping, shelves, reading });
    return new ImportReading({ source, disk }, reading, columns, events, shelves.shelf<ReadJudgements>());
  }

  /** The next batch; null at the end. */
  async next(): Promise<ImportBatch | null> {
    if (this.ended) return null;
    const batch: ImportBatch = { prompts: [], judgements: [], judged: 0, annotators: [], errors: [], share: 0 };
    const annotators = new Set<string>();
    let bytes = 0;
    while (bytes < BATCH.bytes && batch.prompts.length < BATCH.prompts && batch.errors.length < BATCH.errors) {
      const next = await this.events.next();
      if (next.done) {
        this.ended = true;
        break;
      }
      const event = next.value;
      if ('error' in event) batch.errors.push(event.error);
      else if ('nothing' in event) batch.nothing = event.nothing;
      else if ('judgement' in event) {
        this.judged.put({ judgements: [event.judgement], texts: null });
        batch.judgements.push(event.judgement);
        batch.judged++;
        annotators.add(event.judgement.annotator);
        bytes += 200;
      } else if ('prompt' in event) {
        const { prompt, line, judgements } = event;
        const read = readPrompt(prompt, line);
        batch.prompts.push(read);
        bytes += read.json.length;
        if (judgements.length > 0) {
          batch.judged++;
          this.judged.put({ judgements, texts: prompt.responses.map(({ id, text }) => [id, text]) });
          for (const { annotator } of judgements) annotators.add(annotator);
        }
      }
    }
    return { ...batch, annotators: [...annotators], share: this.ended ? 1 : this.reading.share };
  }

  /** Once everything is read: the judgements again, those of some prompts at a time; null at the end. */
  async judgements(): Promise<ReadJudgements[] | null> {
    this.replay ??= this.judged.all()[Symbol.asyncIterator]();
    const some: ReadJudgements[] = [];
    while (some.length < JUDGED) {
      const next = await this.replay.next();
      if (next.done) break;
      some.push(next.value);
    }
    return some.length > 0 ? some : null;
  }

  answer(question: ImportQuestion) {
    if (question === 'columns') return this.columns;
    return question === 'next' ? this.next() : this.judgements();
  }

  async close(): Promise<void> {
    await this.held.source.close();
    this.held.disk?.clear();
  }
}

function readPrompt(prompt: ImportedPrompt, line: number): ReadPrompt {
  const { externalId, language, priority, responses } = prompt;
  // What is hashed is most of what is stored, so it is written once.
  const content = promptContent(prompt);
  const contentHash = createHash('sha256').update(content).digest('hex');
  const json = `${JSON.stringify({ contentHash, language, priority }).slice(0, -1)},${content.slice(1)}`;
  return { line, externalId, contentHash, responses: responses.length, json };
}
