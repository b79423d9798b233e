/**
 * What zod finds, as messages: its own words are English only. A schema names a sentence by its whole key where zod wants
 * a message ("trainer.mustNotBeEmpty"); all else goes by the kind of the issue.
 */
import type * as z from 'zod';
import { listed, type Message, message } from './message';
import type { SentenceKey } from './sentences';

export type Issue = z.ZodError['issues'][number];

const NAMED = /^(?:trainer|issues)\.\w+$/;

/** Each issue as it stands in a file that people wrote, led by its field. `root`: where the value stands that was read. */
export const issuesIn = ({ issues }: z.ZodError, root = ''): Message[] =>
  issues.map((issue) => {
    const field = fieldPath([root, ...issue.path]);
    const reason = messageOfIssue(issue);
    return field === '' ? reason : message('fieldProblem', { field, reason });
  });

/** All of them as one message. */
export const listedIssues = (error: z.ZodError, root = ''): Message => listed(issuesIn(error, root));

/** `responses[1].text` */
export const fieldPath = (parts: readonly PropertyKey[]): string =>
  parts.reduce<string>((path, part) => {
    if (typeof part === 'number') return `${path}[${part}]`;
    return path === '' ? String(part) : part === '' ? path : `${path}.${String(part)}`;
  }, '');

/** Without its field. */
export function messageOfIssue(issue: Issue): Message {
  if (NAMED.test(issue.message)) return { key: issue.message, values: limitsOf(issue) };
  switch (issue.code) {
    case 'invalid_type': {
      // zod leaves what it received out of the issue, and names it in its words.
      const received = /received (\w+)$/.exec(issue.message)?.[1] ?? 'other';
      return received === 'undefined'
        ? message('isMissing')
        : message('mustBe', { expected: issue.expected, received });
    }
    case 'too_small': {
      const minimum = Number(issue.minimum);
      if (issue.origin === 'string') {
        return minimum === 1 ? message('mustNotBeEmpty') : message('textTooShort', { minimum });
      }
      if (issue.origin === 'array' || issue.origin === 'set') return message('mustHoldAtLeast', { minimum });
      return message(issue.inclusive ? 'mustBeAtLeast' : 'mustBeAbove', { minimum: String(issue.minimum) });
    }
    case 'too_big': {
      const maximum = Number(issue.maximum);
      if (issue.origin === 'string') return message('textTooLong', { maximum });
      if (issue.origin === 'array' || issue.origin === 'set') return message('mustHoldAtMost', { maximum });
      return message(issue.inclusive ? 'mustBeAtMost' : 'mustBeBelow', { maximum: String(issue.maximum) });
    }
    case 'unrecognized_keys':
      return message('unknownFields', { fields: issue.keys.join(', ') });
    case 'invalid_value':
      return message('mustBeOneOf', { values: issue.values.map((value) => JSON.stringify(value)).join(', ') });
    case 'invalid_format':
      return message(formats[issue.format] ?? 'wrongForm');
    default:
      return message('wrongForm');
  }
}

const formats: Readonly<Record<string, Extract<SentenceKey, 'notId' | 'notAddress' | 'notEmail' | 'notTime'>>> = {
  uuid: 'notId',
  url: 'notAddress',
  email: 'notEmail',
  datetime: 'notTime',
};

function limitsOf(issue: Issue): Record<string, string | number> {
  if (issue.code === 'too_small') return { minimum: Number(issue.minimum) };
  if (issue.code === 'too_big') return { maximum: Number(issue.maximum) };
  return issue.code === 'custom' ? (issue.params ?? {}) : {};
}
