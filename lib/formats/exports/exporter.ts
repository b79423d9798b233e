/** The interface of an export format. Each trainer has a file of its own, and registry.ts lists the formats. */
import type { SnapshotRecord } from '@/trainer/contract/record';
import type { ExtraColumn } from '../../schemas/export';
import type { DroppedPair } from '../../schemas/snapshot';

export type FieldType =
  | 'string'
  | 'integer'
  | 'number'
  | 'boolean'
  | { readonly list: FieldType }
  | { readonly struct: Readonly<Record<string, FieldType>> };

/** A column: its type is Parquet's, its sentence the README's. */
export interface Field {
  readonly name: string;
  readonly type: FieldType;
  readonly about: string;
}

/** A row as JSON writes it; its keys are the names of its format's fields, in their order. */
export type Row = Readonly<Record<string, unknown>>;

export interface RowContext {
  readonly columns: ReadonlySet<ExtraColumn>;
  readonly split: string;
  /** A person's name, or the pseudonym as it is. */
  nameOf(pseudonym: string): string;
  /** The pairs of a prompt that consensus left out, as far as the snapshot lists them. */
  droppedOf(promptId: string): readonly DroppedPair[];
  /** The place of the next row in its file, from 0. */
  nextIndex(): number;
  /** Notes that something of the record has no row, with the reason for the README. */
  leaveOut(reason: string, count: number): void;
}

/** The trainer's own file that reads these rows, as it was when the format was written. */
export interface TrainerReader {
  readonly repository: string;
  readonly path: string;
  readonly commit: string;
}

export interface Exporter {
  /** What a row stands for. */
  readonly unit: 'pair' | 'prompt' | 'response' | 'vote';
  readonly container: 'jsonl' | 'csv' | 'parquet';
  /** Absent for formats of no one trainer. */
  readonly reader?: TrainerReader;
  /** The extra columns that a row may carry without its trainer stumbling, and those that it carries unless asked. */
  readonly columns: readonly ExtraColumn[];
  readonly defaults: readonly ExtraColumn[];
  /** Rows name annotators. */
  readonly namesPeople?: boolean;
  fields(columns: ReadonlySet<ExtraColumn>): readonly Field[];
  rows(record: SnapshotRecord, context: RowContext): readonly Row[];
  /** A split's file in the archive; `SPLIT.CONTAINER` where absent. */
  path?(split: string): string;
  /** Files that the trainer wants beside the data. */
  sideFiles?(splits: readonly string[], columns: ReadonlySet<ExtraColumn>): readonly { path: string; text: string }[];
  /** How the trainer is started on the files, in Markdown. */
  usage(splits: readonly string[]): string;
}

export const dataPath = (exporter: Exporter, split: string): string =>
  exporter.path?.(split) ?? `${split}.${exporter.container}`;

/** The split that a trainer measures on, if there is any beside the one that it trains on. */
export const evaluationSplit = (splits: readonly string[]): string | undefined =>
  splits.find((split) => split !== 'train');
