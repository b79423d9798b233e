/**
 * All file formats that the app reads or writes. Imports, previews, snapshots and exports find formats only here. A new
 * format is a file beside this one and an entry in `formats`; a format that writes snapshots also needs a route and a
 * button. Formats that are only recognised, to say what a rejected file is, are in trainer/data/file-kind.ts.
 */

import { isOwnFormat, kindOfRow } from '@/trainer/data/file-kind';
import { readJsonLines } from '@/trainer/data/json-lines';
import type { ColumnMapping } from '../schemas/column-mapping';
import { importLimits } from '../schemas/prompt-import';
import { readAnnotationRows } from './annotation-rows';
import { annotationsJsonl } from './annotations-jsonl';
import { columnsOf } from './file-columns';
import type { FileRow } from './file-row';
import type {
  AnnotationWriter,
  FileHead,
  Format,
  FoundColumns,
  ImportEvents,
  ParsedPrompts,
  SnapshotReader,
  SnapshotWriter,
} from './format';
import { promptsJsonl } from './prompts-jsonl';
import { argilla } from './shapes/argilla';
import { chatbotArena } from './shapes/chatbot-arena';
import { esnliRows } from './shapes/esnli';
import { type Gathering, gatherPrompts } from './shapes/gather-prompts';
import { helpSteer, helpSteer2Preference, helpSteer3 } from './shapes/helpsteer';
import { hhRlhf } from './shapes/hh-rlhf';
import { labelStudio } from './shapes/label-studio';
import { alpacaPreference, shareGptPreference } from './shapes/llama-factory';
import { readMapped } from './shapes/mapped-columns';
import { multiDocumentQa } from './shapes/multi-document-qa';
import { nectar } from './shapes/nectar';
import { openAssistant } from './shapes/open-assistant';
import { pandaLm } from './shapes/pandalm';
import { pkuSafeRlhf } from './shapes/pku-saferlhf';
import { rewardBench } from './shapes/reward-bench';
import type { Shape } from './shapes/shape';
import { trlPreferenceRows } from './shapes/trl-preference-rows';
import { binarizedUltraFeedback, ultraFeedback } from './shapes/ultrafeedback';
import { snapshotBundle } from './snapshot-bundle';
import { snapshotHeader } from './snapshot-header';
import { snapshotRecords } from './snapshot-records';
import { trlPreference } from './trl-preference';

/**
 * The first format that recognises a file reads it. If none does, the first of its kind reads it and reports the
 * errors.
 */
export const formats = [
  promptsJsonl,
  snapshotBundle,
  snapshotRecords,
  snapshotHeader,
  trlPreference,
  annotationsJsonl,
] as const satisfies readonly Format[];

const allFormats: readonly Format[] = formats;

/** Shapes of other programs' rows that become prompts, merged by prompt. */
const importShapes: readonly Shape[] = [
  ultraFeedback,
  binarizedUltraFeedback,
  nectar,
  helpSteer,
  helpSteer2Preference,
  helpSteer3,
  hhRlhf,
  openAssistant,
  chatbotArena,
  rewardBench,
  pkuSafeRlhf,
  trlPreferenceRows,
  shareGptPreference,
  alpacaPreference,
  esnliRows,
  multiDocumentQa,
  labelStudio,
  argilla,
  pandaLm,
];

/**
 * The prompts in the rows of a file, one after the other. Its first good row says what it is, unless its columns were
 * mapped by hand.
 */
export async function readPrompts(
  rows: AsyncIterable<FileRow>,
  { mapping, ...gathering }: { mapping?: ColumnMapping | undefined } & Gathering = {},
): Promise<{ columns: FoundColumns; events: ImportEvents }> {
  const { values, all } = await peekRows(rows);
  const kind = kindOfRow(values[0]);
  const shape = importShapes.find(({ id }) => id === kind?.id);
  const columns = { ...columnsOf(values), needed: !shape && !isOwnFormat(kind) };
  return { columns, events: read() };

  function read(): ImportEvents {
    if (mapping) return readMapped(mapping, all, gathering);
    if (kind?.id === 'annotations') return readAnnotationRows(kind, all, gathering.shelves);
    return shape && kind ? gatherPrompts(shape, kind, all, gathering) : promptsJsonl.read(all, gathering.warns);
  }
}

/** Whether nothing can be said of a row's prompt before all rows are known, as of messages that name their parents. */
export function needsAllRows(value: unknown): boolean {
  const kind = kindOfRow(value);
  return importShapes.find(({ id }) => id === kind?.id)?.start().end !== undefined;
}

/** Everything that a file gives, in memory. */
export async function allPrompts(events: ImportEvents): Promise<ParsedPrompts> {
  let parsed: Omit<ParsedPrompts, 'found'> = { prompts: [], judgements: [], errors: [], warnings: [] };
  for (;;) {
    const next = await events.next();
    if (next.done) return { ...parsed, found: next.value };
    const event = next.value;
    if ('error' in event) parsed.errors.push(event.error);
    else if ('warning' in event) parsed.warnings.push(event.warning);
    else if ('judgement' in event) parsed.judgements.push(event.judgement);
    else if ('nothing' in event) parsed = { prompts: [], judgements: [], errors: [event.nothing], warnings: [] };
    else {
      parsed.prompts.push({ line: event.line, prompt: event.prompt });
      for (const judgement of event.judgements) parsed.judgements.push(judgement);
    }
  }
}

/** As many good rows as show what columns hold, and how many rows are read to find them. */
const GOOD_ROWS = 20;
const LOOKED_AT = 100;

/** The values of the first rows, at least of one where any row has a value before the file is wrong throughout; and all rows. */
async function peekRows(rows: AsyncIterable<FileRow>) {
  const more = rows[Symbol.asyncIterator]();
  const read: FileRow[] = [];
  const values: unknown[] = [];
  for (let next = await more.next(); !next.done; next = await more.next()) {
    read.push(next.value);
    if ('value' in next.value) values.push(next.value.value);
    if (values.length === GOOD_ROWS || read.length >= (values.length > 0 ? LOOKED_AT : importLimits.previewRows)) break;
  }
  async function* all() {
    yield* read;
    yield* { [Symbol.asyncIterator]: () => more };
  }
  return { values, all: all() };
}

export const snapshotReader = (file: Uint8Array): SnapshotReader => findReader(allFormats.filter(readsSnapshots), file);

const snapshotWriters = allFormats.filter(writesSnapshots);

/** @throws RangeError when no format with this id writes snapshots */
export function snapshotWriter(id: string): SnapshotWriter {
  const writer = snapshotWriters.find((format) => format.id === id);
  if (!writer) throw new RangeError(`no format "${id}" writes snapshots`);
  return writer;
}

export const annotationWriter: AnnotationWriter = annotationsJsonl;

/** The head of a file, for `sniff`. It reads no further than the first non-empty line. */
export function fileHead(bytes: Uint8Array): FileHead {
  const [first] = readJsonLines(bytes);
  return { bytes, row: first && 'value' in first ? first.value : undefined };
}

function findReader<Reader extends Format>(readers: readonly Reader[], file: Uint8Array): Reader {
  const head = fileHead(file);
  return readers.find((format) => format.sniff(head)) ?? readers[0]!;
}

function readsSnapshots(format: Format): format is SnapshotReader {
  return format.holds === 'snapshot' && 'read' in format;
}
function writesSnapshots(format: Format): format is SnapshotWriter {
  return format.holds === 'snapshot' && 'write' in format;
}
