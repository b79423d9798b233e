import type { ChatMessage } from '@/trainer/contract/record';

const LENGTH = 160;

/** How a prompt's last message begins, cut between characters. */
export const excerptOf = (prompt: readonly ChatMessage[]): string =>
  [...(prompt.at(-1)?.content ?? '').slice(0, 2 * LENGTH)].slice(0, LENGTH).join('');
