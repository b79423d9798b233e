/** What a schema finds wrong in a file, in the trainer's own words: zod's are English only. */
import type * as z from 'zod';
import { type SentenceKey, sentences } from './sentences';
import { listed, type Told, told } from './told';

type Issue = z.ZodError['issues'][number];

/** `field`: where the value stands that was looked at. */
export function issuesOf({ issues }: z.ZodError, field = ''): Told {
  return listed(
    issues.map((issue) => {
      const path = pathOf([field, ...issue.path]);
      const reason = reasonOfIssue(issue);
      return path === '' ? reason : told('fieldProblem', { field: path, reason });
    }),
  );
}

/** `responses[1].text` */
const pathOf = (parts: readonly PropertyKey[]): string =>
  parts.reduce<string>((path, part) => {
    if (typeof part === 'number') return `${path}[${part}]`;
    return path === '' ? String(part) : part === '' ? path : `${path}.${String(part)}`;
  }, '');

function reasonOfIssue(issue: Issue): Told {
  // A schema names the sentence where zod would put its message.
  if (Object.hasOwn(sentences, issue.message)) return { key: `trainer.${issue.message as SentenceKey}` };
  switch (issue.code) {
    case 'invalid_type': {
      const received = /received (\w+)$/.exec(issue.message)?.[1] ?? '?';
      if (received === 'undefined') return told('isMissing');
      return told('mustBe', { expected: issue.expected, received });
    }
    case 'too_small':
      if (issue.origin === 'array') return told('mustHoldAtLeast', { minimum: String(issue.minimum) });
      return told(issue.inclusive ? 'mustBeAtLeast' : 'mustBeAbove', { minimum: String(issue.minimum) });
    case 'too_big':
      return told(issue.inclusive ? 'mustBeAtMost' : 'mustBeBelow', { maximum: String(issue.maximum) });
    case 'invalid_value':
      return told('mustBeOneOf', { values: issue.values.map((value) => JSON.stringify(value)).join(', ') });
    default:
      return told('cannotBeUsed');
  }
}
