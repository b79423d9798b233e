/** Rules about remarks and issue tags; without zod, so that the board can load them early. */

import type { Message } from '@/trainer/contract/message';
import { issue } from './issue';
import { highlightKey, tagKey } from './remark-keys';
import type { IssueTag, Remarks } from './remarks';

export const DEFAULT_ISSUE_TAGS: IssueTag[] = [
  { id: 'wrong-fact', name: 'Wrong fact', color: 'red' },
  { id: 'unsafe', name: 'Unsafe', color: 'purple' },
  { id: 'off-topic', name: 'Off topic', color: 'blue' },
  { id: 'incomplete', name: 'Incomplete', color: 'yellow' },
];

/** The list to store. Tags that are missing in the new list are retired, since annotations may refer to them. */
export function mergeIssueTags(before: readonly IssueTag[], after: readonly IssueTag[]): IssueTag[] {
  const kept = new Set(after.map(({ id }) => id));
  return [...after, ...before.filter(({ id }) => !kept.has(id)).map((tag): IssueTag => ({ ...tag, retired: true }))];
}

export const noRemarks: Remarks = { comment: '', tags: [], marks: [] };

export function hasRemarks(remarks: Remarks | undefined): remarks is Remarks {
  return !!remarks && (remarks.comment !== '' || remarks.tags.length > 0 || remarks.marks.length > 0);
}

/** For requests and drafts, which omit empty remarks. */
export function remarksPart(remarks: Remarks | undefined): { remarks?: Remarks } {
  return hasRemarks(remarks) ? { remarks } : {};
}

/** A text that is the same for equal remarks, whatever their order. */
export function remarksKey(remarks: Remarks = noRemarks): string {
  const { comment, tags, marks } = remarks;
  return JSON.stringify([comment, tags.map(tagKey).sort(), marks.map(highlightKey).sort()]);
}

/** Why remarks on these responses are invalid, or null. `texts`: response id -> its stored text. */
export function remarksProblem(
  { tags, marks }: Remarks,
  texts: ReadonlyMap<string, string>,
  known: readonly IssueTag[],
): Message | null {
  const ids = new Set(known.map(({ id }) => id));
  for (const { responseId, tag } of [...tags, ...marks]) {
    if (!texts.has(responseId)) return issue('tagElsewhere');
    if (!ids.has(tag)) return issue('noSuchTag', { tag });
  }
  for (const { responseId, start, end } of marks) {
    const text = texts.get(responseId)!;
    if (end > text.length) return issue('markBeyondEnd', { end, length: text.length });
    if (splitsPair(text, start) || splitsPair(text, end)) return issue('markSplits', { start, end });
  }
  return null;
}

/** Whether an offset is between the two halves of a surrogate pair. */
export function splitsPair(text: string, at: number): boolean {
  return /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(Math.max(0, at - 1), at + 1)) && at > 0;
}
