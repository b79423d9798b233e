/** What is wrong with a value, a line or a file, in a sentence of the app's own: `issues` in messages/*.json. */
import type messages from '@/messages/en.json';
import type { Message, MessageValue } from '@/trainer/contract/message';

export type IssueKey = keyof (typeof messages)['issues'];

/** Where zod wants a message; a limit of the schema is the sentence's value. */
export const issueKey = (key: IssueKey): string => `issues.${key}`;

export const issue = (key: IssueKey, values?: Record<string, MessageValue>): Message => ({
  key: issueKey(key),
  ...(values && { values }),
});
