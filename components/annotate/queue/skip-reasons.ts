import type { SkipReason } from '@/lib/schemas/prompt-mark';

/** In the order offered; their words are in the messages, under `marks.reasons`. */
export const skipReasons: readonly SkipReason[] = [
  'unclear',
  'knowledge',
  'language',
  'broken',
  'uncomfortable',
  'other',
];
