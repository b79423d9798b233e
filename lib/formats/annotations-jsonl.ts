/**
 * Every version of everybody's annotations, one per line, with everything that the app stores of a judgement. Ids are
 * the external ones, so that lines match the imported prompts.
 */

import { canonicalJson } from '@/trainer/contract/canonical-json';
import { kindOfRow, titleOfKind } from '@/trainer/data/file-kind';
import type { AnnotationWriter } from './format';

export const annotationsJsonl: AnnotationWriter = {
  id: 'annotations',
  title: titleOfKind('annotations'),
  holds: 'annotations',
  sniff: ({ row }) => kindOfRow(row)?.id === 'annotations',
  mediaType: 'application/x-ndjson; charset=utf-8',
  fileName: (name) => `${name}-annotations.jsonl`,
  write: canonicalJson,
};
