/**
 * All file formats that the app reads or writes. Imports, previews, snapshots and exports find formats only here. A new
 * format is a file beside this one and an entry in `formats`; a format that writes snapshots also needs a route and a
 * button. Formats that are only recognised, to say what a rejected file is, are in trainer/data/file-kind.ts.
 */
import { readJsonLines } from '@/trainer/data/json-lines';
import { annotationsJsonl } from './annotations-jsonl';
import type { AnnotationWriter, FileHead, Format, PromptReader, SnapshotReader, SnapshotWriter } from './format';
import { promptsJsonl } from './prompts-jsonl';
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

export const promptReader = (file: Uint8Array): PromptReader => findReader(allFormats.filter(readsPrompts), file);
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

function readsPrompts(format: Format): format is PromptReader {
  return format.holds === 'prompts';
}
function readsSnapshots(format: Format): format is SnapshotReader {
  return format.holds === 'snapshot' && 'read' in format;
}
function writesSnapshots(format: Format): format is SnapshotWriter {
  return format.holds === 'snapshot' && 'write' in format;
}
