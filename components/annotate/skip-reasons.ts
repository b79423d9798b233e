import type { SkipReason } from '@/lib/schemas/prompt-mark';

/** Reasons in words, in the order offered. */
export const skipReasonWords: Record<SkipReason, string> = {
  unclear: 'I do not understand the task',
  knowledge: 'It needs knowledge that I do not have',
  language: 'It is in a language that I do not read',
  broken: 'The prompt or its responses are broken',
  uncomfortable: 'I would rather not read this',
  other: 'Another reason',
};
