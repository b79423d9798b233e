/**
 * What zod finds, in sentences of our own: its words are English only. A schema names the sentence where zod would put
 * its message (`says('needsName')`); all else goes by the kind of the issue.
 */
import type * as z from 'zod';
import { type IssueKey, type Told, issue as told } from './told';

/** The key of a sentence where zod wants a message; a limit of the schema is its value. */
export const says = (key: IssueKey): string => `issues.${key}`;

type Issue = z.ZodError['issues'][number];
type Path = readonly PropertyKey[];

/** `responses[1].text` */
export const pathInFile = (path: Path): string =>
  path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
    '',
  );

/** Each issue as it stands in a file that people wrote: led by its field as the file calls it. */
export const issuesInFile = ({ issues }: z.ZodError): Told[] =>
  issues.map((found) => {
    const reason = toldOf(found);
    return found.path.length === 0 ? reason : told('inFile', { field: pathInFile(found.path), reason });
  });

/** An issue of a request, led by its field as people know it, where they do. */
export function issueInRequest(found: Issue): Told {
  return inRequest(found.path, toldOf(found));
}

/** A reason, led by the field of a request. */
export function inRequest(path: Path, reason: Told): Told {
  if (path.length === 0) return reason;
  const known = path.filter((part) => typeof part === 'string').join('_');
  return told('inField', { known, field: path.map(String).join('.'), reason });
}

export function toldOf(found: Issue): Told {
  if (found.message.startsWith('issues.')) return { key: found.message, values: limitsOf(found) };
  switch (found.code) {
    case 'invalid_type': {
      // zod leaves what it received out of the issue, and names it in its words.
      const received = /received (\w+)$/.exec(found.message)?.[1] ?? 'other';
      return received === 'undefined' ? told('missing') : told('wrongType', { expected: found.expected, received });
    }
    case 'too_small': {
      const minimum = Number(found.minimum);
      if (found.origin === 'string') return minimum === 1 ? told('notEmpty') : told('tooShort', { minimum });
      if (found.origin === 'array' || found.origin === 'set') return told('tooFew', { minimum });
      return told(found.inclusive ? 'atLeast' : 'above', { minimum: String(found.minimum) });
    }
    case 'too_big': {
      const maximum = Number(found.maximum);
      if (found.origin === 'string') return told('tooLong', { maximum });
      if (found.origin === 'array' || found.origin === 'set') return told('tooMany', { maximum });
      return told(found.inclusive ? 'atMost' : 'below', { maximum: String(found.maximum) });
    }
    case 'unrecognized_keys':
      return told('unknownFields', { fields: found.keys.join(', ') });
    case 'invalid_value':
      return told('oneOf', { values: found.values.map((value) => `"${String(value)}"`).join(', ') });
    case 'invalid_format':
      return told(formats[found.format] ?? 'wrongForm');
    default:
      return told('wrongForm');
  }
}

const formats: Readonly<Record<string, IssueKey>> = {
  uuid: 'notId',
  url: 'notAddress',
  email: 'notEmail',
  datetime: 'notTime',
};

function limitsOf(found: Issue): Record<string, string | number> {
  if (found.code === 'too_small') return { minimum: Number(found.minimum) };
  if (found.code === 'too_big') return { maximum: Number(found.maximum) };
  return found.code === 'custom' ? (found.params ?? {}) : {};
}
