import * as z from 'zod';
import { maybe, nameSchema, rowShape } from './shape';

/** A question, documents, and what people answered. */
export const multiDocumentQa = rowShape(
  'multi-document QA',
  z.object({
    id: maybe(nameSchema),
    question: z.string(),
    answers: z.array(z.string()),
    documents: z.array(z.object({ title: maybe(z.string()), text: z.string() })),
  }),
  ({ id, question, answers, documents }) => ({
    id,
    prompt: question,
    documents: documents.map(({ title, text }) => ({ title: title ?? '', text })),
    responses: answers.map((text) => ({ text, source: 'human' })),
  }),
);
