/** Annotation exports as imports: judgements of prompts that the project has. */

import type { ExternalPromptId } from '@/trainer/contract/ids';
import { issuesIn } from '@/trainer/contract/issues';
import type { RowKind } from '@/trainer/data/file-kind';
import { sourceName } from '../schemas/prompt-import';
import type { FileRow } from './file-row';
import type { ParsedJudgement, ParsedPrompts, RowError } from './format';
import { AnnotationLines, type ReadAnnotation } from './read-annotations';

export async function readAnnotationRows(
  { title, fields }: RowKind,
  rows: AsyncIterable<FileRow>,
): Promise<ParsedPrompts> {
  const lines = new AnnotationLines();
  const errors: RowError[] = [];
  let count = 0;
  for await (const row of rows) {
    count++;
    if ('error' in row)
      errors.push({ line: row.line, reason: row.error, ...('ends' in row && { ends: true as const }) });
    else lines.add(row.line, row.value);
  }
  lines.end();
  for (const error of lines.errors) errors.push(error);
  const bad = new Set(errors.map(({ line }) => line));
  const good = lines.annotations.filter(({ line }) => !bad.has(line));
  const nameOf = distinctNames(good);
  const judgements: ParsedJudgement[] = [];
  let pairs = 0;
  for (const annotation of good) {
    const name = sourceName.safeParse(nameOf(annotation.annotator));
    if (!name.success) {
      for (const reason of issuesIn(name.error)) errors.push({ line: annotation.line, reason });
      continue;
    }
    const judgement = judgementOf(annotation, name.data);
    judgements.push(judgement);
    pairs += strictPairs(judgement.levels);
  }
  const found = { title, fields, rows: count, merged: 0, judgements: judgements.length, pairs };
  return { prompts: [], judgements, errors, warnings: [], found };
}

function judgementOf(
  { line, prompt, annotator: { kind }, allBad, textVersion, placements }: ReadAnnotation,
  annotator: string,
): ParsedJudgement {
  const levels = placements.flatMap(({ response, tier }) => (tier === null ? [] : [[response, tier] as const]));
  return {
    line,
    promptId: prompt as ExternalPromptId,
    annotator,
    kind: kind === 'person' ? 'imported' : kind,
    levels,
    levelCount: Math.max(-1, ...levels.map(([, tier]) => tier)) + 1,
    cannotJudge: placements.filter(({ state }) => state === 'cannot_judge').map(({ response }) => response),
    allBad,
    textVersion,
  };
}

/** Two annotators of one name are told apart by their ids. */
function distinctNames(annotations: readonly ReadAnnotation[]): (annotator: ReadAnnotation['annotator']) => string {
  const ids = new Map<string, Set<string>>();
  for (const { annotator } of annotations)
    ids.set(annotator.name, (ids.get(annotator.name) ?? new Set()).add(annotator.id));
  return ({ id, name }) => (ids.get(name)!.size > 1 ? `${name} (${id})` : name);
}

/** Pairs of responses of which one is better. */
export function strictPairs(levels: readonly (readonly [response: unknown, level: number])[]): number {
  const sizes = new Map<number, number>();
  for (const [, level] of levels) sizes.set(level, (sizes.get(level) ?? 0) + 1);
  const all = (n: number) => (n * (n - 1)) / 2;
  return all(levels.length) - [...sizes.values()].reduce((sum, size) => sum + all(size), 0);
}
