import type { BadLine, Message } from '@/trainer/contract/message';
import type { LineError } from '../schemas/prompt-import';

/** The first errors and the number of all, since a wrong file can have an error on every line. */
export function firstErrors(
  lines: readonly BadLine[],
  translate: (message: Message) => string,
  limit = 200,
): { errors: LineError[]; errorCount: number } {
  const errors = lines.slice(0, limit).map(({ line, reason }) => ({ line, message: translate(reason) }));
  return { errors, errorCount: lines.length };
}
