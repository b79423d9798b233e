import type { SharedMark } from './prompt-mark';

/** So many of so many prompts: judged faster than they can be read, or with all responses in one tier. */
export interface WorkSign {
  kind: 'fast' | 'singleTier';
  count: number;
  prompts: number;
}

/** One annotator's work as the project's researchers see it. Shares are null where there is nothing to share. */
export interface WorkRow {
  annotatorId: string;
  name: string;
  prompts: number;
  medianActiveMs: number | null;
  /** Of the prompts with two or more placed responses, those whose responses are all in one tier. */
  singleTierShare: number | null;
  /** Of all responses. */
  cannotJudgeShare: number | null;
  /** Prompts judged in less time than it takes to read them; see `fastCharactersPerSecond`. */
  fast: number;
  /** Share of the pairs of gold prompts that agree. */
  goldShare: number | null;
  goldPrompts: number;
  skipped: number;
  flagged: number;
  /** Worth a look; nothing follows from it by itself. */
  signs: WorkSign[];
}
export interface WorkReport {
  rows: WorkRow[];
  marks: SharedMark[];
  fastCharactersPerSecond: number;
}
