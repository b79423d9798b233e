/** The interface of a file format. Each format has a file of its own, and registry.ts lists them all. */
import type { ExternalPromptId } from '@/trainer/contract/ids';
import type { BadLine, Message } from '@/trainer/contract/message';
import type { SnapshotRecord } from '@/trainer/contract/record';
import type { AnnotationLine } from '../schemas/annotation-line';
import type { ImportedKind } from '../schemas/annotator-kinds';
import type { ImportedPrompt, ImportWarningKind } from '../schemas/prompt-import';
import type { SnapshotHeader } from '../schemas/snapshot';
import type { FileColumns } from './file-columns';
import type { FileRow } from './file-row';

/** The part of a file from which its format is recognised. */
export interface FileHead {
  readonly bytes: Uint8Array;
  /** The value of the first non-empty line; undefined where the file is not JSON Lines. */
  readonly row: unknown;
}

interface FormatBase {
  readonly id: string;
  /** A noun phrase, such as "a TRL preference file". */
  readonly title: Message;
  /** Whether a file is of this format. */
  sniff(head: FileHead): boolean;
}

interface Downloadable {
  readonly mediaType: string;
  /** The download's file name. @param name of the snapshot or the project */
  fileName(name: string): string;
}

/** A warning about a line that can be imported nevertheless. */
export interface LineWarning extends BadLine {
  kind: ImportWarningKind;
}

/** `ends`: the file cannot be read past this line, so what is behind it is unknown. */
export interface RowError extends BadLine {
  ends?: true;
}

/** What a file turned out to be, and what it holds beside prompts with responses. */
export interface FoundFormat {
  title: Message;
  /** The fields of its rows by which it was recognised. */
  fields: readonly string[];
  rows: number;
  /** Responses that a prompt had already, in the same words. */
  merged: number;
  judgements: number;
  /** Pairs of responses of which one is better, over all judgements. */
  pairs: number;
}

/** One annotator's judgement of one prompt. Ids are those of files. */
export interface ParsedJudgement {
  line: number;
  promptId: ExternalPromptId;
  annotator: string;
  /** What the file says the annotator is; undefined where it says nothing. */
  kind?: ImportedKind | undefined;
  /** The level of each response that was placed, 0 the best. */
  levels: (readonly [response: string, level: number])[];
  /** How many levels there are: 1 more than the worst. */
  levelCount: number;
  /** Responses that the annotator said cannot be judged. */
  cannotJudge?: string[] | undefined;
  allBad: boolean;
  /** Which of the prompt's texts were judged; undefined: those of the file. */
  textVersion?: number | undefined;
}

export interface ParsedPrompts {
  prompts: { line: number; prompt: ImportedPrompt }[];
  judgements: ParsedJudgement[];
  /** Every invalid line with its reasons. */
  errors: RowError[];
  /** At most one warning of a kind per line. */
  warnings: LineWarning[];
  found: FoundFormat;
}

/** What a file gives, one thing after the other; prompts come in the order in which they are imported. */
export type ImportEvent =
  /** Judgements of a prompt that is in the file come with it. */
  | { prompt: ImportedPrompt; line: number; judgements: ParsedJudgement[] }
  | { judgement: ParsedJudgement }
  | { error: RowError }
  | { warning: LineWarning }
  /** It turns out that nothing of what came before may be used. */
  | { nothing: RowError };
export type ImportEvents = AsyncGenerator<ImportEvent, FoundFormat>;

/** What can be said of a file for mapping its columns by hand. */
export interface FoundColumns extends FileColumns {
  /** Its rows are of no known shape, so that nothing of it can be read without a mapping. */
  needed: boolean;
}

export interface ParsedImport extends ParsedPrompts {
  columns: FoundColumns;
}

/** A format that an import reads. Reading never throws because of the content; errors are returned with their lines. */
export interface PromptReader extends FormatBase {
  readonly holds: 'prompts';
  /** @param warns whether anybody wants to know what is odd */
  read(rows: AsyncIterable<FileRow>, warns?: boolean): ImportEvents;
}

export interface ParsedBundle {
  header: SnapshotHeader | null;
  /** The records as written, over which the header's hash is computed. */
  records: SnapshotRecord[];
  /** The records with contradictions resolved (see `resolveContradictions`); the same objects where nothing had to be resolved. */
  resolved: SnapshotRecord[];
  errors: BadLine[];
  /** Warnings about records, and how contradictions in them were resolved. */
  notes: BadLine[];
}

export interface SnapshotReader extends FormatBase {
  readonly holds: 'snapshot';
  read(file: Uint8Array): ParsedBundle;
}

/** Both functions return lines without newlines: those before the records, and those of one stored record. */
export interface SnapshotWriter extends FormatBase, Downloadable {
  readonly holds: 'snapshot';
  readonly write: {
    readonly begin?: (header: SnapshotHeader) => string[];
    readonly record?: (line: string) => string[];
  };
}

export interface AnnotationWriter extends FormatBase, Downloadable {
  readonly holds: 'annotations';
  readonly write: (annotation: AnnotationLine) => string;
}

export type Format = PromptReader | SnapshotReader | SnapshotWriter | AnnotationWriter;
