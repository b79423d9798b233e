import type { ChangeablePrompt } from '@/lib/schemas/prompt-change';

/** What is to be changed: a response, or the prompt itself. */
export interface ChangeTarget {
  kind: 'correct' | 'withdraw' | 'restore';
  response: ChangeablePrompt['responses'][number] | null;
}
