/** Who judges: the kinds of annotators, and for what the judgements of imported ones count. It needs no zod. */

/**
 * person: has an account and signs in. imported: somebody whose judgements came in a file, named by it. model: the same,
 * where a model made them.
 */
export const annotatorKinds = ['person', 'imported', 'model'] as const;
export type AnnotatorKind = (typeof annotatorKinds)[number];
export const importedKinds = ['imported', 'model'] as const satisfies readonly AnnotatorKind[];
export type ImportedKind = (typeof importedKinds)[number];

/**
 * comparison: they are shown and compared with people's, and nothing else. consensus: they also count in agreement,
 * consensus and snapshots. overlap: each also fills one of a prompt's places, so that a person fewer is asked.
 */
export const countings = ['comparison', 'consensus', 'overlap'] as const;
export type Counting = (typeof countings)[number];

/** A new project's. */
export const DEFAULT_COUNTING = { importedCountIn: 'consensus', modelsCountIn: 'comparison' } as const satisfies Record<
  string,
  Counting
>;
export type CountingSettings = { readonly [Name in keyof typeof DEFAULT_COUNTING]: Counting };

/** Whether the judgements of such an annotator count in agreement, consensus and snapshots. */
export function countsInConsensus(kind: AnnotatorKind, { importedCountIn, modelsCountIn }: CountingSettings): boolean {
  return kind === 'person' || (kind === 'model' ? modelsCountIn : importedCountIn) !== 'comparison';
}
