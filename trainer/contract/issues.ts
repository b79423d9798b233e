/**
 * Zod issues as messages, since zod's own texts are English only. A schema names a sentence by its whole key where zod
 * takes a message ("trainer.mustNotBeEmpty"); the others follow from the code of the issue.
 */
import type * as z from 'zod';
import { listed, type Message, message } from './message';
import type { SentenceKey } from './sentences';

export type Issue = z.ZodError['issues'][number];

const NAMED = /^(?:trainer|issues)\.\w+$/;

/**
 * The issues in a value from a file, each preceded by the path of its field. `root`: the path of the value that was
 * parsed.
 */
export const issuesIn = ({ issues }: z.ZodError, root = ''): Message[] =>
  issues.map((issue) => {
    const field = fieldPath([root, ...issue.path]);
    const reason = messageOfIssue(issue);
    return field === '' ? reason : message('fieldProblem', { field, reason });
  });

/** The issues as one message. */
export const listedIssues = (error: z.ZodError, root = ''): Message => listed(issuesIn(error, root));

/** A path like `responses[1].text`. */
export const fieldPath = (parts: readonly PropertyKey[]): string =>
  parts.reduce<string>((path, part) => {
    if (typeof part === 'number') return `${path}[${part}]`;
    return path === '' ? String(part) : part === '' ? path : `${path}.${String(part)}`;
  }, '');

/** The message of an issue, without the path of its field. */
export function messageOfIssue(issue: Issue): Message {
  if (NAMED.test(issue.message)) return { key: issue.message, values: limitsOf(issue) };
  switch (issue.code) {
    case 'invalid_type': {
      // Zod has no field for the received type, but names it in its text.
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
