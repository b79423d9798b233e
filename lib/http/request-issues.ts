/** Messages for invalid requests, which start with the field's name as people know it, where it has one. */
import type * as z from 'zod';
import { issue } from '@/lib/schemas/issue';
import { messageOfIssue } from '@/trainer/contract/issues';
import type { Message } from '@/trainer/contract/message';

export const issueInRequest = (found: z.ZodError['issues'][number]): Message =>
  withField(found.path, messageOfIssue(found));

export function withField(path: readonly PropertyKey[], reason: Message): Message {
  if (path.length === 0) return reason;
  const known = path.filter((part) => typeof part === 'string').join('_');
  return issue('inField', { known, field: path.map(String).join('.'), reason });
}
