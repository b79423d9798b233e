import type { LineError } from '../schemas/prompt-import';
import type { BadLine, Told } from '../schemas/told';

/** The first few errors and how many there are: a wrong file can be wrong on every line. */
export function firstErrors(
  lines: readonly BadLine[],
  say: (told: Told) => string,
  limit = 200,
): { errors: LineError[]; errorCount: number } {
  const errors = lines.slice(0, limit).map(({ line, reason }) => ({ line, message: say(reason) }));
  return { errors, errorCount: lines.length };
}
