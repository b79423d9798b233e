/** What the board keeps beside the tiers: changes of remarks, and what to say aloud about them. Pure. */
import type { Translator } from '@/lib/i18n/translator';
import { markKey, tagKey } from '@/lib/schemas/remark-keys';
import { noRemarks } from '@/lib/schemas/remark-rules';
import type { IssueTag, Mark, Remarks } from '@/lib/schemas/remarks';

export type RemarkAction =
  | { type: 'toggle-tag'; id: string; tag: string }
  | { type: 'mark'; mark: Mark }
  | { type: 'unmark'; mark: Mark }
  | { type: 'comment'; text: string };

/** @returns the same object when nothing changes */
export function changeRemarks(remarks: Remarks, action: RemarkAction): Remarks {
  switch (action.type) {
    case 'toggle-tag': {
      const key = tagKey({ responseId: action.id, tag: action.tag });
      const tags = remarks.tags.filter((tag) => tagKey(tag) !== key);
      if (tags.length === remarks.tags.length) tags.push({ responseId: action.id, tag: action.tag });
      return { ...remarks, tags };
    }
    case 'mark': {
      const key = markKey(action.mark);
      if (action.mark.start >= action.mark.end || remarks.marks.some((mark) => markKey(mark) === key)) return remarks;
      const marks = [...remarks.marks, action.mark].sort((a, b) => a.start - b.start || a.end - b.end);
      return { ...remarks, marks };
    }
    case 'unmark': {
      const key = markKey(action.mark);
      const marks = remarks.marks.filter((mark) => markKey(mark) !== key);
      return marks.length === remarks.marks.length ? remarks : { ...remarks, marks };
    }
    case 'comment':
      return action.text === remarks.comment ? remarks : { ...remarks, comment: action.text };
  }
}

/** Only of responses that the prompt has: what names others could never be saved. */
export function remarksOn(responseIds: readonly string[], remarks: Remarks = noRemarks): Remarks {
  const here = ({ responseId }: { responseId: string }) => responseIds.includes(responseId);
  return remarks.tags.every(here) && remarks.marks.every(here)
    ? remarks
    : { ...remarks, tags: remarks.tags.filter(here), marks: remarks.marks.filter(here) };
}

/** Whether only the comment changed: a stretch of typing is one step for undo. */
export function onlyCommentChanged(before: Remarks, after: Remarks): boolean {
  return before.comment !== after.comment && before.tags === after.tags && before.marks === after.marks;
}

/** What to say aloud; empty for comments, which say themselves while they are typed. */
export function announceRemarks(
  before: Remarks,
  after: Remarks,
  known: readonly IssueTag[],
  nameOf: (responseId: string) => string,
  t: Translator<'annotate'>,
): string {
  const tagged = difference(before.tags, after.tags, tagKey);
  const marked = difference(before.marks, after.marks, markKey);
  const tag = (id: string) => tagName(known, id);
  return [
    ...tagged.added.map(({ responseId, tag: id }) => t('said.tagged', { name: nameOf(responseId), tag: tag(id) })),
    ...tagged.removed.map(({ responseId, tag: id }) => t('said.untagged', { name: nameOf(responseId), tag: tag(id) })),
    ...marked.added.map(({ responseId, tag: id }) => t('said.marked', { name: nameOf(responseId), tag: tag(id) })),
    ...marked.removed.map(({ responseId }) => t('said.unmarked', { name: nameOf(responseId) })),
  ].join(' ');
}

export function tagName(known: readonly IssueTag[], id: string): string {
  return known.find((tag) => tag.id === id)?.name ?? id;
}

function difference<T>(before: readonly T[], after: readonly T[], key: (item: T) => string) {
  const [old, now] = [new Set(before.map(key)), new Set(after.map(key))];
  return {
    added: after.filter((item) => !old.has(key(item))),
    removed: before.filter((item) => !now.has(key(item))),
  };
}
