/** What a file format is to the app: registry.ts lists them all, and each stands in a file of its own. */
import type { BadLine, Message } from '@/trainer/contract/message';
import type { SnapshotRecord } from '@/trainer/contract/record';
import type { AnnotationLine } from '../schemas/annotation-line';
import type { ImportedPrompt, ImportWarningKind } from '../schemas/prompt-import';
import type { SnapshotHeader } from '../schemas/snapshot';

/** As much of a file as tells its format. */
export interface FileHead {
  readonly bytes: Uint8Array;
  /** The value of the first line that has one; undefined where the file is not lines of JSON. */
  readonly row: unknown;
}

interface Named {
  readonly id: string;
  /** "a TRL preference file" */
  readonly title: Message;
  /** Whether a file is of this format. */
  sniff(head: FileHead): boolean;
}

interface Written {
  readonly mediaType: string;
  /** What a browser saves it as; `name`: of the snapshot or the project. */
  fileName(name: string): string;
}

/** What is odd about a line that can be imported as it is. */
export interface OddLine extends BadLine {
  kind: ImportWarningKind;
}

export interface ParsedPrompts {
  prompts: { line: number; prompt: ImportedPrompt }[];
  /** Every bad line with its reasons; nothing may be stored unless this is empty. */
  errors: BadLine[];
  /** At most one of a kind for each line. */
  warnings: OddLine[];
}

/** What an import reads. Reading never throws on content: what is wrong comes back with its line. */
export interface PromptReader extends Named {
  readonly holds: 'prompts';
  read(file: Uint8Array): ParsedPrompts;
}

export interface ParsedBundle {
  header: SnapshotHeader | null;
  /** As they were written: what the header's hash is over. */
  records: SnapshotRecord[];
  /** As they count: `settled` says what is put right. The same objects where nothing was. */
  settled: SnapshotRecord[];
  errors: BadLine[];
  /** What is odd about records, and what was put right. */
  notes: BadLine[];
}

export interface SnapshotReader extends Named {
  readonly holds: 'snapshot';
  read(file: Uint8Array): ParsedBundle;
}

/** Lines without their newlines: those before the records, and those of each record, which comes as it is stored. */
export interface SnapshotWriter extends Named, Written {
  readonly holds: 'snapshot';
  readonly write: {
    readonly begin?: (header: SnapshotHeader) => string[];
    readonly record?: (line: string) => string[];
  };
}

export interface AnnotationWriter extends Named, Written {
  readonly holds: 'annotations';
  readonly write: (annotation: AnnotationLine) => string;
}

export type Format = PromptReader | SnapshotReader | SnapshotWriter | AnnotationWriter;
