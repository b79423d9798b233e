/** Records what works on rows of a matrix and on whole tensors, window by window where a tensor is too large to bind. */
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
import type { Values } from './tensor-store';
import { forEachWindow, windowElements, windowOf } from './windows';

/** Workgroups of an elementwise kernel; its threads stride over what is left. */
export function elementwiseGroups(recorder: Recorder, length: number): number {
  return Math.min(Math.ceil(length / ELEMENTWISE_THREADS), recorder.maxWorkgroups);
}

/**
 * Runs a kernel over `length` elements of buffers that are walked alike: by four where nothing is left over, or where
 * some hold f16, behind whose end there is room.
 */
export function recordElementwise<P extends string>(
  recorder: Recorder,
  kernel: ElementwiseKernel<P>,
  values: readonly Values[],
  length: number,
  params: Readonly<Record<P, number>>,
): void {
  const mode = values.some(({ half }) => half) ? 'half' : length % 4 === 0 ? 'four' : 'one';
  recordWindows(recorder, kernel(mode), values, length, mode === 'one' ? 1 : 4, () => params);
}

/** As `recordElementwise`, one by one; `params` of the window that begins at element `first`. */
export function recordOneByOne<P extends string>(
  recorder: Recorder,
  kernel: Kernel<P | 'length'>,
  values: readonly Values[],
  length: number,
  params: (first: number) => Readonly<Record<P, number>>,
): void {
  recordWindows(recorder, kernel, values, length, 1, params);
}

function recordWindows<P extends string>(
  recorder: Recorder,
  kernel: Kernel<P | 'length'>,
  values: readonly Values[],
  length: number,
  width: 1 | 4,
  params: (first: number) => Readonly<Record<P, number>>,
): void {
  forEachWindow(length, recorder.maxBinding, (first, count) => {
    const bound = values.map(({ buffer, half }) => {
      const elementBytes = half ? 2 : 4;
      const { view } = windowOf(buffer, first, count, recorder.maxBinding, elementBytes);
      // Buffers of one call may differ in size class; one that is bound whole would start elsewhere than its fellows.
      const offset = first * elementBytes;
      return first === 0 ? view : { buffer, offset, bytes: Math.min(buffer.bytes - offset, roundUp(count)) };
    });
    const elements = Math.ceil(count / width);
    const own = { ...params(first), length: elements } as Record<P | 'length', number>;
    recorder.dispatch(kernel, bound, own, elementwiseGroups(recorder, elements));
  });
}

const roundUp = (elements: number) => Math.ceil(elements / 64) * 256;

export function recordFill(recorder: Recorder, buffer: PoolBuffer, length: number, value: number): void {
  if (value === 0) recorder.clear(buffer, length * 4);
  else recordElementwise(recorder, fillKernel, [{ buffer, half: false }], length, { value });
}

/** Rows of a table, in parts that can be bound. */
function forEachTablePart(
  recorder: Recorder,
  table: PoolBuffer,
  tableRows: number,
  dim: number,
  elementBytes: 2 | 4,
  visit: (first: number, count: number) => void,
): void {
  const fits = table.bytes <= recorder.maxBinding;
  const step = fits ? tableRows : Math.max(1, Math.floor(windowElements(recorder.maxBinding, elementBytes) / dim));
  for (let first = 0; first < tableRows; first += step) visit(first, Math.min(step, tableRows - first));
}

export function recordGather(
  recorder: Recorder,
  out: PoolBuffer,
  { buffer: table, half }: Values,
  tableRows: number,
  indices: PoolBuffer,
  rows: number,
  dim: number,
): void {
  if (rows === 0 || dim === 0) return;
  const elementBytes = half ? 2 : 4;
  forEachTablePart(recorder, table, tableRows, dim, elementBytes, (first, count) => {
    const { view, start } = windowOf(table, first * dim, count * dim, recorder.maxBinding, elementBytes);
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

export function recordScatter(
  recorder: Recorder,
  dTable: PoolBuffer,
  tableRows: number,
  dOut: PoolBuffer,
  indices: Int32Array,
  rows: number,
  dim: number,
): void {
  if (rows === 0 || dim === 0) return;
  const groups = [...groupByDestination(indices, rows)];
  forEachTablePart(recorder, dTable, tableRows, dim, 4, (first, count) => {
    const own = groups.filter(([to]) => to >= first && to < first + count);
    if (own.length === 0) return;
    const lists = own.flatMap(([, list]) => list);
    const { view, start } = recorder.table(own.length * 3 + lists.length, (base) => {
      const values = new Int32Array(own.length * 3 + lists.length);
      let at = base + own.length * 3;
      own.forEach(([to, list], i) => {
        values.set([to, at, at + list.length], i * 3);
        at += list.length;
      });
      values.set(lists, own.length * 3);
      return values;
    });
    const to = windowOf(dTable, first * dim, count * dim, recorder.maxBinding);
    recorder.dispatch(
      scatterKernel,
      [to.view, whole(dOut), view],
      { rows: own.length, dim, first, start: to.start, table: start },
      Math.min(own.length, recorder.maxWorkgroups),
    );
  });
}

/** to[j] += sum over rows of dOut[i, j], or of dOut[i, j] * x[i, j] * inverseRms[i]. */
export function recordColumnSum(
  recorder: Recorder,
  to: PoolBuffer,
  dOut: PoolBuffer,
  normed: { readonly x: PoolBuffer; readonly inverseRms: PoolBuffer } | null,
  rows: number,
  dim: number,
): void {
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
  recorder.dispatch(addPartialsKernel, [to, partial].map(whole), { groups, dim }, Math.ceil(dim / 64));
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
