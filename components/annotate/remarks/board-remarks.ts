/** Changes of the remarks on a board, and their announcements. Pure. */
import type { Translator } from '@/lib/i18n/translator';
import { highlightKey, tagKey } from '@/lib/schemas/remark-keys';
import { noRemarks } from '@/lib/schemas/remark-rules';
import type { Highlight, IssueTag, Remarks } from '@/lib/schemas/remarks';

export type RemarkAction =
  | { type: 'toggle-tag'; id: string; tag: string }
  | { type: 'highlight'; highlight: Highlight }
  | { type: 'remove-highlight'; highlight: Highlight }
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
    case 'highlight': {
      const key = highlightKey(action.highlight);
      if (
        action.highlight.start >= action.highlight.end ||
        remarks.marks.some((highlight) => highlightKey(highlight) === key)
      )
        return remarks;
      const highlights = [...remarks.marks, action.highlight].sort((a, b) => a.start - b.start || a.end - b.end);
      return { ...remarks, marks: highlights };
    }
    case 'remove-highlight': {
      const key = highlightKey(action.highlight);
      const highlights = remarks.marks.filter((highlight) => highlightKey(highlight) !== key);
      return highlights.length === remarks.marks.length ? remarks : { ...remarks, marks: highlights };
    }
    case 'comment':
      return action.text === remarks.comment ? remarks : { ...remarks, comment: action.text };
  }
}

/** The remarks on these responses only: the server refuses a save that names any other. */
export function remarksOn(responseIds: readonly string[], remarks: Remarks = noRemarks): Remarks {
  const belongsHere = ({ responseId }: { responseId: string }) => responseIds.includes(responseId);
  return remarks.tags.every(belongsHere) && remarks.marks.every(belongsHere)
    ? remarks
    : { ...remarks, tags: remarks.tags.filter(belongsHere), marks: remarks.marks.filter(belongsHere) };
}

/** Whether only the comment changed: undo takes back a stretch of typing in one step. */
export function onlyCommentChanged(before: Remarks, after: Remarks): boolean {
  return before.comment !== after.comment && before.tags === after.tags && before.marks === after.marks;
}

/** The announcement of a change; empty for a comment, since a screen reader speaks what is typed. */
export function announceRemarks(
  before: Remarks,
  after: Remarks,
  issueTags: readonly IssueTag[],
  nameOf: (responseId: string) => string,
  t: Translator<'annotate'>,
): string {
  const tagged = difference(before.tags, after.tags, tagKey);
  const highlighted = difference(before.marks, after.marks, highlightKey);
  const tag = (id: string) => tagName(issueTags, id);
  return [
    ...tagged.added.map(({ responseId, tag: id }) => t('said.tagged', { name: nameOf(responseId), tag: tag(id) })),
    ...tagged.removed.map(({ responseId, tag: id }) => t('said.untagged', { name: nameOf(responseId), tag: tag(id) })),
    ...highlighted.added.map(({ responseId, tag: id }) => t('said.marked', { name: nameOf(responseId), tag: tag(id) })),
    ...highlighted.removed.map(({ responseId }) => t('said.unmarked', { name: nameOf(responseId) })),
  ].join(' ');
}

export function tagName(issueTags: readonly IssueTag[], id: string): string {
  return issueTags.find((tag) => tag.id === id)?.name ?? id;
}

function difference<T>(before: readonly T[], after: readonly T[], key: (item: T) => string) {
  const [old, now] = [new Set(before.map(key)), new Set(after.map(key))];
  return {
    added: after.filter((item) => !old.has(key(item))),
    removed: before.filter((item) => !now.has(key(item))),
  };
}
