/**
 * What people are told, before it is in a language: the key of a sentence in messages/*.json, and its values. A value
 * may be told itself; one called `detail` is what another program says, in its own words.
 */
import type messages from '@/messages/en.json';

export type ToldValue = string | number | Told;
export interface Told {
  /** "issues.notEmpty" */
  readonly key: string;
  readonly values?: Readonly<Record<string, ToldValue>>;
}

/** What is wrong with a value, a line or a file. */
export type IssueKey = keyof (typeof messages)['issues'];

export const issue = (key: IssueKey, values?: Record<string, ToldValue>): Told => ({
  key: `issues.${key}`,
  ...(values && { values }),
});

/** A wrong line of a file, counted from 1 as an editor does. */
export interface BadLine {
  line: number;
  reason: Told;
}
