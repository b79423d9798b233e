/**
 * A segment layout as the attention kernels read it. Each workgroup owns a block of at most `size` consecutive rows of
 * one segment (queries, or keys in the backward pass of keys and values) and walks over visits: ranges of rows on the
 * other side. Integers: first a block's [start, end, first visit, visits], then a visit's
 * [from, to, ownFrom, ownTo, causal]: the rows of [from, to) meet own rows of [ownFrom, ownTo), and when causal only
 * those pairs whose key is not behind its query.
 */
import type { SegmentLayout } from '../backend';

export const BLOCK_INTS = 4;
export const VISIT_INTS = 5;

export interface BlockTable {
  readonly blocks: number;
  readonly values: readonly number[];
}

type Visit = readonly [from: number, to: number, ownFrom: number, ownTo: number, causal: 0 | 1];

function tableOf(
  segments: SegmentLayout,
  size: number,
  visitsOf: (segment: number, start: number, end: number) => readonly Visit[],
): BlockTable {
  const blocks: number[] = [];
  const visits: number[] = [];
  segments.forEach((segment, s) => {
    for (let start = segment.start; start < segment.end; start += size) {
      const end = Math.min(start + size, segment.end);
      const own = visitsOf(s, start, end);
      blocks.push(start, end, visits.length / VISIT_INTS, own.length);
      for (const visit of own) visits.push(...visit);
    }
  });
  return { blocks: blocks.length / BLOCK_INTS, values: [...blocks, ...visits] };
}

/** Blocks of queries and the keys that they attend to: their prefix, then their own segment up to themselves. */
export function queryBlocks(segments: SegmentLayout, size: number): BlockTable {
  return tableOf(segments, size, (s, start, end) => {
    const segment = segments[s]!;
    const own: Visit = [segment.start, end, start, end, 1];
    if (segment.prefixStart === segment.prefixEnd) return [own];
    return [[segment.prefixStart, segment.prefixEnd, start, end, 0], own];
  });
}

/**
 * Blocks of keys and the queries that attend to them: of their own segment, then of the segments whose prefix they are.
 */
export function keyBlocks(segments: SegmentLayout, size: number): BlockTable {
  return tableOf(segments, size, (s, start, end) => {
    const visits: Visit[] = [[start, segments[s]!.end, start, end, 1]];
    for (const t of segments) {
      const ownFrom = Math.max(t.prefixStart, start);
      const ownTo = Math.min(t.prefixEnd, end);
      if (ownFrom >= ownTo || t.start === t.end) continue;
      const last = visits.at(-1)!;
      // Neighbouring responses of one prompt are one range of rows to the keys of the prompt.
      if (last[4] === 0 && last[1] === t.start && last[2] === ownFrom && last[3] === ownTo) {
        visits[visits.length - 1] = [last[0], t.end, ownFrom, ownTo, 0];
      } else {
        visits.push([t.start, t.end, ownFrom, ownTo, 0]);
      }
    }
    return visits;
  });
}
