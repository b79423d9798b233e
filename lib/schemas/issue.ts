/** Messages of the app about invalid values, lines and files: `issues` in messages/*.json. */
import type messages from '@/messages/en.json';
import type { Message, MessageValue } from '@/trainer/contract/message';

export type IssueKey = keyof (typeof messages)['issues'];

/** A key for where zod takes an error message; the schema's limit becomes the message's value. */
export const issueKey = (key: IssueKey): string => `issues.${key}`;

export const issue = (key: IssueKey, values?: Record<string, MessageValue>): Message => ({
  key: issueKey(key),
  ...(values && { values }),
});
