import { useTranslations } from 'next-intl';
import { responseLetter } from '@/components/annotate/board/announcements';
import type { PromptAnswers } from '@/lib/schemas/decision';
import type { IssueTag, Remarks } from '@/lib/schemas/remarks';

/** A comment, tags of responses and highlighted passages, in words. */
export function RemarkList({
  remarks: { comment, tags, marks },
  responses,
  tags: known,
}: {
  remarks: Remarks;
  responses: PromptAnswers['responses'];
  tags: readonly IssueTag[];
}) {
  const t = useTranslations('adjudicate');
  const nameOf = (tag: string) => known.find(({ id }) => id === tag)?.name ?? tag;
  const letterOf = (id: string) => {
    const index = responses.findIndex((response) => response.id === id);
    return index < 0 ? '?' : responseLetter(index);
  };
  const textOf = (id: string) => responses.find((response) => response.id === id)?.text ?? '';
  return (
    <>
      {comment ? (
        <p dir="auto" className="mt-2 whitespace-pre-line border-edge border-s-2 ps-3 text-sm wrap-anywhere">
          {comment}
        </p>
      ) : null}
      {tags.length + marks.length > 0 ? (
        <ul aria-label={t('remarks')} className="mt-2 grid gap-1 text-[0.8125rem] text-soft">
          {tags.map(({ responseId, tag }) => (
            <li key={`${responseId} ${tag}`} dir="auto" className="wrap-anywhere">
              {letterOf(responseId)}: {nameOf(tag)}
            </li>
          ))}
          {marks.map(({ responseId, start, end, tag }) => (
            <li key={`${responseId} ${start} ${end} ${tag}`} dir="auto" className="wrap-anywhere">
              {letterOf(responseId)}: {nameOf(tag)} <q>{textOf(responseId).slice(start, end)}</q>
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}
