/**
 * The embedding rows of a batch, for libraries that scatter slowly or not at all. The rows that inputs and targets need
 * are gathered outside the differentiated function and are leaves of it; their gradients come back into the table as
 * two cheap dense operations: sums = membership · dRows, and table row v += sums[slots[v]].
 */
import type { StepProblem } from './step-problem';

export interface EmbeddingRows {
  /** [2 * batch * length]: the row of every input token, then of every target. */
  readonly indices: Int32Array<ArrayBuffer>;
  /** [groups, indices]: 1 where the index is the group's token. The last group has none, so its sum is zero. */
  readonly membership: Float32Array<ArrayBuffer>;
  readonly groups: number;
  /** [vocab]: the group of every row of the table. */
  readonly slots: Int32Array<ArrayBuffer>;
}

export function embeddingRows({ config, batch, length, tokens }: StepProblem): EmbeddingRows {
  const rows = Array.from({ length: batch }, (_, b) => tokens.subarray(b * (length + 1), (b + 1) * (length + 1)));
  const indices = Int32Array.from([
    ...rows.flatMap((row) => [...row.subarray(0, length)]),
    ...rows.flatMap((row) => [...row.subarray(1)]),
  ]);
  const unique = [...new Set(indices)];
  const groupOf = new Map(unique.map((token, group) => [token, group]));
  const groups = unique.length + 1;
  const membership = new Float32Array(groups * indices.length);
  indices.forEach((token, i) => {
    membership[groupOf.get(token)! * indices.length + i] = 1;
  });
  const slots = Int32Array.from({ length: config.vocabSize }, (_, token) => groupOf.get(token) ?? unique.length);
  return { indices, membership, groups, slots };
}
