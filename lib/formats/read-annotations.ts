import { issuesIn } from '@/trainer/contract/issues';
import { type BadLine, message } from '@/trainer/contract/message';
import { kindOfRow } from '@/trainer/data/file-kind';
import { readJsonLines } from '@/trainer/data/json-lines';
import { annotationLineSchema } from '../schemas/annotation-line';
import { LineIndex } from './line-index';

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
  readonly #lines = new LineIndex();
  /** Whether there was an annotation in force, or an error. */
  #something = false;

  add(line: number, value: unknown): { annotation?: ReadAnnotation; errors: BadLine[] } {
    const parsed = readLineSchema.safeParse(value);
    if (!parsed.success) {
      this.refuse();
      return { errors: issuesIn(parsed.error).map((reason) => ({ line, reason })) };
    }
    const { prompt, role, annotator, in_force: inForce, created_at: createdAt, placements, ...data } = parsed.data;
    // A reviewer's decision is not one more annotator's judgement.
    if (!inForce || role === 'reviewer') return { errors: [] };
    this.#something = true;
    const errors: BadLine[] = [];
    const earlier = this.#lines.firstLine(JSON.stringify([prompt, annotator.id]), line);
    if (earlier !== undefined) errors.push({ line, reason: message('annotationTwice', { line: earlier }) });
    if (placements.some(({ state, tier }) => (state === 'placed') !== (tier !== null))) {
      errors.push({ line, reason: message('tierWherePlaced') });
    }
    const at = createdAt === undefined ? undefined : Date.parse(createdAt);
    const inUse = placements.filter(({ withdrawn }) => !withdrawn);
    const { all_bad: allBad, text_version: textVersion } = data;
    return { annotation: { line, prompt, annotator, at, allBad, textVersion, placements: inUse }, errors };
  }

  /** Notes that a line could not be read. */
  refuse(): void {
    this.#something = true;
  }

  end(): BadLine[] {
    return this.#something ? [] : [{ line: 1, reason: message('noAnnotations') }];
  }
}

/** The annotations in force of a whole file. Errors are returned with their lines; nothing may be used unless there are none. */
export function readAnnotations(bytes: Uint8Array): { annotations: ReadAnnotation[]; errors: BadLine[] } {
  const lines = new AnnotationLines();
  const annotations: ReadAnnotation[] = [];
  const errors: BadLine[] = [];
  for (const entry of readJsonLines(bytes)) {
    const { line } = entry;
    if ('error' in entry) {
      lines.refuse();
      errors.push({ line, reason: entry.error });
      continue;
    }
    const kind = kindOfRow(entry.value);
    if (kind && kind.id !== 'annotations') {
      return { annotations: [], errors: [{ line, reason: message('notAnnotations', { what: kind.title }) }] };
    }
    const read = lines.add(line, entry.value);
    if (read.annotation) annotations.push(read.annotation);
    for (const error of read.errors) errors.push(error);
  }
  return { annotations, errors: [...errors, ...lines.end()] };
}
