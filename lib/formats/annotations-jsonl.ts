/**
 * Every version of everybody's annotations, one a line, with all that was said: nothing that the app stores of a
 * judgement is missing. Ids are those of the import, so a line fits the prompts it came with.
 */
import { kindOfRow, titleOfKind } from '@/trainer/data/file-kind';
import { type AnnotationLine, annotationLineSchema } from '../schemas/annotation-line';
import { canonicalJson } from './canonical-json';
import type { AnnotationWriter } from './format';

/** @throws when the line is no annotation of this format */
export function parseAnnotationLine(text: string): AnnotationLine {
  return annotationLineSchema.parse(JSON.parse(text));
}

export const annotationsJsonl: AnnotationWriter = {
  id: 'annotations',
  title: titleOfKind('annotations'),
  holds: 'annotations',
  sniff: ({ row }) => kindOfRow(row)?.id === 'annotations',
  mediaType: 'application/x-ndjson; charset=utf-8',
  fileName: (name) => `${name}-annotations.jsonl`,
  write: canonicalJson,
};
