/** Records ops on rows of a matrix and on whole tensors, window by window where a tensor is too large to bind. */
import type { PoolBuffer } from './buffer-pool';
import type { Kernel } from './kernel';
import { ELEMENTWISE_THREADS, type ElementwiseKernel, fillKernel } from './kernels/elementwise';
import {
  addPartialsKernel,
  COLUMN_SUM_COLUMNS,
  COLUMN_SUM_ROWS,
  columnSumKernel,
  gatherKernel,
  SQUARE_GROUPS,
  SQUARES_EACH,
  scatterKernel,
  squaresKernel,
  sumPartialsKernel,
} from './kernels/rows';
import { type Recorder, whole } from './recorder';
import type { TensorValues } from './tensor-store';
import { forEachWindow, windowElements, windowOf } from './windows';

/** Workgroups of an elementwise kernel; its threads stride over the remaining elements. */
export function elementwiseGroups(recorder: Recorder, length: number): number {
  return Math.min(Math.ceil(length / ELEMENTWISE_THREADS), recorder.maxWorkgroups);
}

/**
 * Runs a kernel over the first `length` elements of all buffers: four at a time where `length` is a multiple of 4, or
 * where some hold f16, whose buffers are padded.
 */
export function recordElementwise<P extends string>(
  recorder: Recorder,
  kernel: ElementwiseKernel<P>,
  values: readonly TensorValues[],
  length: number,
  params: Readonly<Record<P, number>>,
): void {
  const mode = values.some(({ half }) => half) ? 'half' : length % 4 === 0 ? 'four' : 'one';
  recordWindows(recorder, {
    kernel: kernel(mode),
    values,
    length,
    width: mode === 'one' ? 1 : 4,
    params: () => params,
  });
}

/** As `recordElementwise`, one by one; `params` of the window that begins at element `first`. */
export function recordOneByOne<P extends string>(
  recorder: Recorder,
  kernel: Kernel<P | 'length'>,
  values: readonly TensorValues[],
  length: number,
  params: (first: number) => Readonly<Record<P, number>>,
): void {
  recordWindows(recorder, { kernel, values, length, width: 1, params });
}

interface WindowedCall<P extends string> {
  readonly kernel: Kernel<P | 'length'>;
  readonly values: readonly TensorValues[];
  readonly length: number;
  /** Elements that one thread works on at a time. */
  readonly width: 1 | 4;
  readonly params: (first: number) => Readonly<Record<P, number>>;
}

function recordWindows<P extends string>(
  recorder: Recorder,
  { kernel, values, length, width, params }: WindowedCall<P>,
): void {
  forEachWindow(length, recorder.maxBinding, (first, count) => {
    const bound = values.map(({ buffer, half }) => {
      const elementBytes = half ? 2 : 4;
      const { view } = windowOf(buffer, first, count, recorder.maxBinding, elementBytes);
      // Buffers of one call may differ in size class. One that is bound whole would start at another element than the
      // others.
      const offset = first * elementBytes;
      return first === 0 ? view : { buffer, offset, bytes: Math.min(buffer.bytes - offset, roundUp(count)) };
    });
    const elements = Math.ceil(count / width);
    const windowParams = { ...params(first), length: elements } as Record<P | 'length', number>;
    recorder.dispatch(kernel, bound, windowParams, elementwiseGroups(recorder, elements));
  });
}

const roundUp = (elements: number) => Math.ceil(elements / 64) * 256;

export function recordFill(recorder: Recorder, buffer: PoolBuffer, length: number, value: number): void {
  if (value === 0) recorder.clear(buffer, length * 4);
  else recordElementwise(recorder, fillKernel, [{ buffer, half: false }], length, { value });
}

/** A matrix [rows, dim] that may be too large to bind. */
interface Table {
  readonly buffer: PoolBuffer;
  readonly rows: number;
  readonly dim: number;
  readonly elementBytes: 2 | 4;
}

/** Calls `visit` for consecutive ranges of rows that can be bound. */
function forEachTablePart(
  recorder: Recorder,
  { buffer, rows, dim, elementBytes }: Table,
  visit: (first: number, count: number) => void,
): void {
  const fits = buffer.bytes <= recorder.maxBinding;
  const step = fits ? rows : Math.max(1, Math.floor(windowElements(recorder.maxBinding, elementBytes) / dim));
  for (let first = 0; first < rows; first += step) visit(first, Math.min(step, rows - first));
}

export interface GatherBuffers {
  /** [rows, dim] */
  readonly out: PoolBuffer;
  /** [tableRows, dim] */
  readonly table: TensorValues;
  readonly tableRows: number;
  /** [rows] */
  readonly indices: PoolBuffer;
  readonly rows: number;
  readonly dim: number;
}

export function recordGather(recorder: Recorder, { out, table, tableRows, indices, rows, dim }: GatherBuffers): void {
  if (rows === 0 || dim === 0) return;
  const { buffer, half } = table;
  const elementBytes = half ? 2 : 4;
  forEachTablePart(recorder, { buffer, rows: tableRows, dim, elementBytes }, (first, count) => {
    const { view, start } = windowOf(buffer, first * dim, count * dim, recorder.maxBinding, elementBytes);
    recorder.dispatch(
      gatherKernel(half),
      [whole(out), view, whole(indices)],
      { rows, dim, first, count, start },
      Math.min(rows, recorder.maxWorkgroups),
    );
  });
}

/** Rows grouped by destination: destinations ascending, and each one's rows in their order. */
export function groupByDestination(indices: Int32Array, rows: number): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (let i = 0; i < rows; i++) {
    const list = groups.get(indices[i]!);
    if (list) list.push(i);
    else groups.set(indices[i]!, [i]);
  }
  return new Map([...groups].sort(([a], [b]) => a - b));
}

export interface ScatterBuffers {
  /** [tableRows, dim] */
  readonly dTable: PoolBuffer;
  readonly tableRows: number;
  /** [rows, dim] */
  readonly dOut: PoolBuffer;
  /** [rows], on the host. */
  readonly indices: Int32Array;
  readonly rows: number;
  readonly dim: number;
}

export function recordScatter(
  recorder: Recorder,
  { dTable, tableRows, dOut, indices, rows, dim }: ScatterBuffers,
): void {
  if (rows === 0 || dim === 0) return;
  const groups = [...groupByDestination(indices, rows)];
  forEachTablePart(recorder, { buffer: dTable, rows: tableRows, dim, elementBytes: 4 }, (first, count) => {
    const groupsOfPart = groups.filter(([destination]) => destination >= first && destination < first + count);
    if (groupsOfPart.length === 0) return;
    const sources = groupsOfPart.flatMap(([, rowsOfGroup]) => rowsOfGroup);
    const headerLength = groupsOfPart.length * 3;
    const { view, start } = recorder.table(headerLength + sources.length, (base) => {
      const values = new Int32Array(headerLength + sources.length);
      let next = base + headerLength;
      groupsOfPart.forEach(([destination, rowsOfGroup], i) => {
        values.set([destination, next, next + rowsOfGroup.length], i * 3);
        next += rowsOfGroup.length;
      });
      values.set(sources, headerLength);
      return values;
    });
    const window = windowOf(dTable, first * dim, count * dim, recorder.maxBinding);
    recorder.dispatch(
      scatterKernel,
      [window.view, whole(dOut), view],
      { rows: groupsOfPart.length, dim, first, start: window.start, table: start },
      Math.min(groupsOfPart.length, recorder.maxWorkgroups),
    );
  });
}

export interface ColumnSumBuffers {
  /** [dim], added to. */
  readonly sums: PoolBuffer;
  /** [rows, dim] */
  readonly dOut: PoolBuffer;
  /** What rmsNorm normalised: x [rows, dim] and inverseRms [rows]. Null: the sum is of dOut alone. */
  readonly normed: { readonly x: PoolBuffer; readonly inverseRms: PoolBuffer } | null;
  readonly rows: number;
  readonly dim: number;
}

/** sums[j] += sum over rows of dOut[i, j], or of dOut[i, j] * x[i, j] * inverseRms[i]. */
export function recordColumnSum(recorder: Recorder, { sums, dOut, normed, rows, dim }: ColumnSumBuffers): void {
  if (rows === 0 || dim === 0) return;
  const groups = Math.ceil(rows / COLUMN_SUM_ROWS);
  const partial = recorder.scratch(groups * dim);
  recorder.dispatch(
    columnSumKernel(normed !== null),
    [partial, dOut, ...(normed ? [normed.x, normed.inverseRms] : [])].map(whole),
    { rows, dim },
    Math.ceil(dim / COLUMN_SUM_COLUMNS),
    groups,
  );
  recorder.dispatch(addPartialsKernel, [sums, partial].map(whole), { groups, dim }, Math.ceil(dim / 64));
  recorder.pool.release(partial);
}

export function recordSumSquares(
  recorder: Recorder,
  out: PoolBuffer,
  offset: number,
  x: PoolBuffer,
  length: number,
): void {
  const parts: { first: number; count: number; groups: number; to: number }[] = [];
  let partials = 0;
  forEachWindow(length, recorder.maxBinding, (first, count) => {
    const groups = Math.min(SQUARE_GROUPS, Math.ceil(count / SQUARES_EACH));
    parts.push({ first, count, groups, to: partials });
    partials += groups;
  });
  const partial = recorder.scratch(Math.max(1, partials));
  for (const { first, count, groups, to } of parts) {
    const { view } = windowOf(x, first, count, recorder.maxBinding);
    recorder.dispatch(squaresKernel, [whole(partial), view], { length: count, groups, to }, groups);
  }
  recorder.dispatch(sumPartialsKernel, [whole(out), whole(partial)], { count: partials, offset }, 1);
  recorder.pool.release(partial);
}
