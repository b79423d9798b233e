import { issuesIn } from '@/trainer/contract/issues';
import { type BadLine, message } from '@/trainer/contract/message';
import { kindOfRow } from '@/trainer/data/file-kind';
import { readJsonLines } from '@/trainer/data/json-lines';
import { annotationLineSchema } from '../schemas/annotation-line';

/** The fields of an annotation's line that say who judged what; the others may be missing. */
const readLineSchema = annotationLineSchema
  .pick({ prompt: true, annotator: true, placements: true })
  .extend({
    in_force: annotationLineSchema.shape.in_force.default(true),
    created_at: annotationLineSchema.shape.created_at.optional(),
  })
  .strip();
type ReadLine = ReturnType<typeof readLineSchema.parse>;

/** One annotator's annotation in force of one prompt. */
export interface ReadAnnotation {
  readonly prompt: string;
  readonly annotator: { readonly id: string; readonly name: string };
  /** In milliseconds. */
  readonly at: number | undefined;
  readonly placements: ReadLine['placements'];
}

/**
 * Reads what `annotationsJsonl` writes: the annotations in force. Errors are returned with their lines; nothing may be
 * used unless there are none.
 */
export function readAnnotations(bytes: Uint8Array): { annotations: ReadAnnotation[]; errors: BadLine[] } {
  const annotations: ReadAnnotation[] = [];
  const errors: BadLine[] = [];
  const lineOf = new Map<string, number>();
  for (const entry of readJsonLines(bytes)) {
    const { line } = entry;
    if ('error' in entry) {
      errors.push({ line, reason: entry.error });
      continue;
    }
    const parsed = readLineSchema.safeParse(entry.value);
    if (!parsed.success) {
      const kind = kindOfRow(entry.value);
      if (kind && kind.id !== 'annotations') {
        const reason = message('notAnnotations', { what: kind.title });
        return { annotations: [], errors: [{ line, reason }] };
      }
      for (const reason of issuesIn(parsed.error)) errors.push({ line, reason });
      continue;
    }
    const { prompt, annotator, in_force: inForce, created_at: createdAt, placements } = parsed.data;
    if (!inForce) continue;
    const key = JSON.stringify([prompt, annotator.id]);
    const earlier = lineOf.get(key);
    if (earlier !== undefined) errors.push({ line, reason: message('annotationTwice', { line: earlier }) });
    lineOf.set(key, line);
    if (placements.some(({ state, tier }) => (state === 'placed') !== (tier !== null))) {
      errors.push({ line, reason: message('tierWherePlaced') });
    }
    const at = createdAt === undefined ? undefined : Date.parse(createdAt);
    annotations.push({ prompt, annotator, at, placements });
  }
  if (annotations.length === 0 && errors.length === 0) errors.push({ line: 1, reason: message('noAnnotations') });
  return { annotations, errors };
}
