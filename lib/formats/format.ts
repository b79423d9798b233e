/** The interface of a file format. Each format has a file of its own, and registry.ts lists them all. */
import type { BadLine, Message } from '@/trainer/contract/message';
import type { SnapshotRecord } from '@/trainer/contract/record';
import type { AnnotationLine } from '../schemas/annotation-line';
import type { ImportedPrompt, ImportWarningKind } from '../schemas/prompt-import';
import type { SnapshotHeader } from '../schemas/snapshot';

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

export interface ParsedPrompts {
  prompts: { line: number; prompt: ImportedPrompt }[];
  /** Every invalid line with its reasons; nothing may be stored unless this is empty. */
  errors: BadLine[];
  /** At most one warning of a kind per line. */
  warnings: LineWarning[];
}

/** A format that an import reads. Reading never throws because of the content; errors are returned with their lines. */
export interface PromptReader extends FormatBase {
  readonly holds: 'prompts';
  read(file: Uint8Array): ParsedPrompts;
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
