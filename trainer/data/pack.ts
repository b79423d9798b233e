/**
 * Packs encoded prompts into one block of rows without padding.
 * 'shared': x once, then each y_i with x as its prefix and positions that restart after x.
 * 'naive': x in front of every y_i, each its own sequence. Both give the same log-probabilities.
 * A response's last token is only ever predicted, so it has no row; the first is predicted by x's last row.
 */
import type { Segment } from '../backends/backend';
import type { EncodedPrompt } from './encoded-prompt';

export type Packing = 'shared' | 'naive';

/** Predictions [start, end) of a block: the tokens of one response, or of the prompt itself (response -1). */
export interface PredictionSpan {
  /** Index into the prompts that were packed. */
  readonly prompt: number;
  readonly response: number;
  readonly start: number;
  readonly end: number;
}

export interface PackedBlock {
  /** Token id and position of each row. */
  readonly ids: Int32Array;
  readonly positions: Int32Array;
  readonly segments: readonly Segment[];
  /** The row whose hidden state predicts, and the token id it should predict. Rows may repeat. */
  readonly predictRows: Int32Array;
  readonly targets: Int32Array;
  readonly spans: readonly PredictionSpan[];
  /** Highest position + 1. */
  readonly positionCount: number;
}

export interface PackOptions {
  readonly packing: Packing;
  /** Also predict the prompt's own tokens after the first (language-model pretraining). Default false. */
  readonly predictPrompt?: boolean;
}

export class PackError extends Error {
  override readonly name = 'PackError';
}

/** Rows that a prompt takes in a block. */
export function packedRows(prompt: EncodedPrompt, packing: Packing): number {
  let rows = packing === 'shared' ? prompt.promptIds.length : 0;
  for (const response of prompt.responses) {
    rows += response.ids.length - 1 + (packing === 'naive' ? prompt.promptIds.length : 0);
  }
  return rows;
}

/** Tokens that a prompt has predicted: what the head runs on. */
export function predictionCount(prompt: EncodedPrompt, predictPrompt = false): number {
  let count = predictPrompt ? prompt.promptIds.length - 1 : 0;
  for (const response of prompt.responses) count += response.ids.length;
  return count;
}

class BlockBuilder {
  private readonly ids: number[] = [];
  private readonly positions: number[] = [];
  private readonly segments: Segment[] = [];
  private readonly predictRows: number[] = [];
  private readonly targets: number[] = [];
  private readonly spans: PredictionSpan[] = [];

  get rows(): number {
    return this.ids.length;
  }

  /** Adds rows as one segment; a run without tokens adds none. */
  addSegment(ids: readonly number[], firstPosition: number, prefixStart: number, prefixEnd: number): void {
    const start = this.rows;
    ids.forEach((id, i) => {
      this.ids.push(id);
      this.positions.push(firstPosition + i);
    });
    if (this.rows > start) this.segments.push({ start, end: this.rows, prefixStart, prefixEnd });
  }

  /** targets[0] is predicted by firstRow, the others by the rows from `rest` on. */
  addPredictions(prompt: number, response: number, targets: readonly number[], firstRow: number, rest: number): void {
    const start = this.targets.length;
    targets.forEach((target, t) => {
      this.targets.push(target);
      this.predictRows.push(t === 0 ? firstRow : rest + t - 1);
    });
    this.spans.push({ prompt, response, start, end: this.targets.length });
  }

  finish(): PackedBlock {
    return {
      ids: Int32Array.from(this.ids),
      positions: Int32Array.from(this.positions),
      segments: this.segments,
      predictRows: Int32Array.from(this.predictRows),
      targets: Int32Array.from(this.targets),
      spans: this.spans,
      positionCount: this.positions.reduce((max, p) => Math.max(max, p + 1), 0),
    };
  }
}

export function packPrompts(prompts: readonly EncodedPrompt[], options: PackOptions): PackedBlock {
  const { packing, predictPrompt = false } = options;
  if (predictPrompt && packing === 'naive') {
    throw new PackError('predicting the prompt needs the shared packing: naive packing would count it once a response');
  }
  const block = new BlockBuilder();
  prompts.forEach((prompt, p) => {
    const x = prompt.promptIds;
    if (x.length === 0) throw new PackError(`prompt "${prompt.id}" has no tokens`);
    let prefixStart = block.rows;
    if (packing === 'shared') {
      block.addSegment(x, 0, prefixStart, prefixStart);
      if (predictPrompt) block.addPredictions(p, -1, x.slice(1), prefixStart, prefixStart + 1);
    }
    prompt.responses.forEach((response, r) => {
      if (response.ids.length === 0) throw new PackError(`response "${response.id}" of "${prompt.id}" has no tokens`);
      const inputs = response.ids.slice(0, -1);
      const lastOfPrompt = (): number => prefixStart + x.length - 1;
      if (packing === 'shared') {
        const rest = block.rows;
        block.addSegment(inputs, x.length, prefixStart, prefixStart + x.length);
        block.addPredictions(p, r, response.ids, lastOfPrompt(), rest);
      } else {
        prefixStart = block.rows;
        block.addSegment([...x, ...inputs], 0, prefixStart, prefixStart);
        block.addPredictions(p, r, response.ids, lastOfPrompt(), prefixStart + x.length);
      }
    });
  });
  return block.finish();
}

/**
 * Splits a batch into micro-batches of at most `maxPrompts` prompts and `maxRows` rows, keeping order.
 * A prompt is never split (its loss needs all its responses), so one larger than maxRows stands alone.
 */
export function splitByBudget(
  prompts: readonly EncodedPrompt[],
  { packing, maxPrompts, maxRows }: { packing: Packing; maxPrompts: number; maxRows: number },
): EncodedPrompt[][] {
  const groups: EncodedPrompt[][] = [];
  let current: EncodedPrompt[] = [];
  let rows = 0;
  for (const prompt of prompts) {
    const own = packedRows(prompt, packing);
    if (current.length > 0 && (current.length >= maxPrompts || rows + own > maxRows)) {
      groups.push(current);
      current = [];
      rows = 0;
    }
    current.push(prompt);
    rows += own;
  }
  if (current.length > 0) groups.push(current);
  return groups;
}

/**
 * What no block of `splitByBudget` over these prompts, in any order, exceeds: for reserving memory once, up front.
 */
export function largestBlock(
  prompts: readonly EncodedPrompt[],
  {
    packing,
    maxPrompts,
    maxRows,
    predictPrompt = false,
  }: { packing: Packing; maxPrompts: number; maxRows: number; predictPrompt?: boolean },
): { rows: number; predictions: number; positions: number } {
  const bound = (sizes: number[], budget: number): number => {
    const largestFirst = sizes.sort((a, b) => b - a);
    const together = largestFirst.slice(0, maxPrompts).reduce((sum, size) => sum + size, 0);
    return Math.max(largestFirst[0] ?? 0, Math.min(budget, together));
  };
  const sizes = prompts.map((prompt) => ({
    rows: packedRows(prompt, packing),
    predictions: predictionCount(prompt, predictPrompt),
  }));
  const perRow = sizes.reduce((max, { rows, predictions }) => (rows > 0 ? Math.max(max, predictions / rows) : max), 0);
  let positions = 0;
  for (const { promptIds, responses } of prompts) {
    for (const { ids } of responses) positions = Math.max(positions, promptIds.length + ids.length - 1);
    positions = Math.max(positions, promptIds.length);
  }
  return {
    rows: bound(
      sizes.map(({ rows }) => rows),
      maxRows,
    ),
    predictions: bound(
      sizes.map(({ predictions }) => predictions),
      Math.ceil(maxRows * perRow),
    ),
    positions,
  };
}
