/** Annotation exports as imports: judgements of prompts that the project has. */

import type { ExternalPromptId } from '@/trainer/contract/ids';
import { issuesIn } from '@/trainer/contract/issues';
import type { RowKind } from '@/trainer/data/file-kind';
import { sourceName } from '../schemas/prompt-import';
import type { FileRow } from './file-row';
import type { ImportEvents, ParsedJudgement } from './format';
import { AnnotationLines, type ReadAnnotation } from './read-annotations';
import { type Shelves, shelvesInMemory } from './shelves';

export async function* readAnnotationRows(
  { title, fields }: RowKind,
  rows: AsyncIterable<FileRow>,
  shelves: Shelves = shelvesInMemory,
): ImportEvents {
  const lines = new AnnotationLines();
  const good = shelves.shelf<ReadAnnotation>();
  const names = new AnnotatorNames();
  let count = 0;
  for await (const row of rows) {
    count++;
    if ('error' in row) {
      lines.refuse();
      yield { error: { line: row.line, reason: row.error, ...('ends' in row && { ends: true as const }) } };
      continue;
    }
    const { annotation, errors } = lines.add(row.line, row.value);
    for (const error of errors) yield { error };
    if (!annotation || errors.length > 0) continue;
    names.note(annotation);
    good.put(annotation);
  }
  for (const error of lines.end()) yield { error };
  let judgements = 0;
  let pairs = 0;
  for await (const annotation of good.all()) {
    const name = sourceName.safeParse(names.of(annotation));
    if (!name.success) {
      for (const reason of issuesIn(name.error)) yield { error: { line: annotation.line, reason } };
      continue;
    }
    const judgement = judgementOf(annotation, name.data);
    judgements++;
    pairs += strictPairs(judgement.levels);
    yield { judgement };
  }
  return { title, fields, rows: count, merged: 0, judgements, pairs };
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
class AnnotatorNames {
  private readonly ids = new Map<string, Set<string>>();

  note({ annotator: { id, name } }: ReadAnnotation) {
    const known = this.ids.get(name);
    if (known) known.add(id);
    else this.ids.set(name, new Set([id]));
  }

  of({ annotator: { id, name } }: ReadAnnotation): string {
    return this.ids.get(name)!.size > 1 ? `${name} (${id})` : name;
  }
}

/** Pairs of responses of which one is better. */
export function strictPairs(levels: readonly (readonly [response: unknown, level: number])[]): number {
  const sizes = new Map<number, number>();
  for (const [, level] of levels) sizes.set(level, (sizes.get(level) ?? 0) + 1);
  const all = (n: number) => (n * (n - 1)) / 2;
  return all(levels.length) - [...sizes.values()].reduce((sum, size) => sum + all(size), 0);
}
