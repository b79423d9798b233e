import { issuesIn } from '@/trainer/contract/issues';
import { type BadLine, message } from '@/trainer/contract/message';
import { kindOfRow } from '@/trainer/data/file-kind';
import { readJsonLines } from '@/trainer/data/json-lines';
import { annotationLineSchema } from '../schemas/annotation-line';

/** The fields of an annotation's line that say who judged what; the others may be missing. */
const readLineSchema = annotationLineSchema
  .pick({ prompt: true, role: true, annotator: true, placements: true })
  .extend({
    all_bad: annotationLineSchema.shape.all_bad.default(false),
    text_version: annotationLineSchema.shape.text_version,
    in_force: annotationLineSchema.shape.in_force.default(true),
    created_at: annotationLineSchema.shape.created_at.optional(),
  })
  .strip();
type ReadLine = ReturnType<typeof readLineSchema.parse>;

/** One annotator's annotation in force of one prompt. */
export interface ReadAnnotation {
  readonly line: number;
  readonly prompt: string;
  readonly annotator: ReadLine['annotator'];
  readonly allBad: boolean;
  readonly textVersion: number | undefined;
  /** In milliseconds. */
  readonly at: number | undefined;
  readonly placements: ReadLine['placements'];
}

/**
 * Reads the lines of what `annotationsJsonl` writes, one after the other: the annotations in force. Nothing may be used of
 * a line for which there is an error.
 */
export class AnnotationLines {
  readonly annotations: ReadAnnotation[] = [];
  readonly errors: BadLine[] = [];
  readonly #lineOf = new Map<string, number>();

  add(line: number, value: unknown): void {
    const parsed = readLineSchema.safeParse(value);
    if (!parsed.success) {
      for (const reason of issuesIn(parsed.error)) this.errors.push({ line, reason });
      return;
    }
    const { prompt, role, annotator, in_force: inForce, created_at: createdAt, placements, ...data } = parsed.data;
    // A reviewer's decision is not one more annotator's judgement.
    if (!inForce || role === 'reviewer') return;
    const key = JSON.stringify([prompt, annotator.id]);
    const earlier = this.#lineOf.get(key);
    if (earlier !== undefined) this.errors.push({ line, reason: message('annotationTwice', { line: earlier }) });
    this.#lineOf.set(key, line);
    if (placements.some(({ state, tier }) => (state === 'placed') !== (tier !== null))) {
      this.errors.push({ line, reason: message('tierWherePlaced') });
    }
    const at = createdAt === undefined ? undefined : Date.parse(createdAt);
    const inUse = placements.filter(({ withdrawn }) => !withdrawn);
    const { all_bad: allBad, text_version: textVersion } = data;
    this.annotations.push({ line, prompt, annotator, at, allBad, textVersion, placements: inUse });
  }

  end(): void {
    if (this.annotations.length === 0 && this.errors.length === 0) {
      this.errors.push({ line: 1, reason: message('noAnnotations') });
    }
  }
}

/** The annotations in force of a whole file. Errors are returned with their lines; nothing may be used unless there are none. */
export function readAnnotations(bytes: Uint8Array): { annotations: ReadAnnotation[]; errors: BadLine[] } {
  const lines = new AnnotationLines();
  for (const entry of readJsonLines(bytes)) {
    const { line } = entry;
    if ('error' in entry) {
      lines.errors.push({ line, reason: entry.error });
      continue;
    }
    const kind = kindOfRow(entry.value);
    if (kind && kind.id !== 'annotations') {
      return { annotations: [], errors: [{ line, reason: message('notAnnotations', { what: kind.title }) }] };
    }
    lines.add(line, entry.value);
  }
  lines.end();
  return { annotations: lines.annotations, errors: lines.errors };
}
