'use client';

import { Flag, SkipForward } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useApi } from '@/components/ui/api';
import { Badge } from '@/components/ui/badge';
import { Card } from '@/components/ui/card';
import { useFormats } from '@/components/ui/use-formats';
import type { MyMark, MyMarksAnswer } from '@/lib/schemas/prompt-mark';

export function useMyMarks(projectId: string) {
  return useApi<MyMarksAnswer>(`/projects/${projectId}/marks/mine`, { fresh: true });
}

/** What this person skipped or flagged; each opens the board, and judging a skipped prompt ends its being skipped. */
export function MyMarks({ projectId }: { projectId: string }) {
  const marks = useMyMarks(projectId).data?.marks ?? [];
  return (
    <>
      <MarkList projectId={projectId} kind="skipped" marks={marks.filter(({ kind }) => kind === 'skipped')} />
      <MarkList projectId={projectId} kind="flagged" marks={marks.filter(({ kind }) => kind === 'flagged')} />
    </>
  );
}

function MarkList({ projectId, kind, marks }: { projectId: string; kind: MyMark['kind']; marks: MyMark[] }) {
  const { formatDateTime } = useFormats();
  const t = useTranslations('annotate');
  const words = useTranslations('marks');
  if (marks.length === 0) return null;
  const Icon = kind === 'flagged' ? Flag : SkipForward;
  return (
    <section aria-label={t(kind)} className="mb-6">
      <h2 className="mb-2 flex items-center gap-2 font-semibold text-sm">
        <Icon aria-hidden="true" className="size-4 text-faint" />
        {t(kind)}
      </h2>
      <Card flush>
        <ul className="divide-y divide-line">
          {marks.map((mark) => (
            <li key={mark.promptId}>
              <Link
                href={`/projects/${projectId}/annotate/mine/${mark.promptId}`}
                className="flex flex-wrap items-center gap-x-4 gap-y-1 px-5 py-3 -outline-offset-2 transition-colors hover:bg-hover"
              >
                <span className="min-w-0 flex-1 basis-48">
                  <span className="block font-medium font-mono text-[0.8125rem] wrap-anywhere">{mark.externalId}</span>
                  {mark.reason ? (
                    <span className="block text-[0.8125rem] text-soft">{words(`reasons.${mark.reason}`)}</span>
                  ) : null}
                  {mark.note ? (
                    <span dir="auto" className="block text-[0.8125rem] text-faint wrap-anywhere">
                      {mark.note}
                    </span>
                  ) : null}
                  {mark.resolution ? (
                    <span dir="auto" className="block text-[0.8125rem] text-soft wrap-anywhere">
                      {mark.resolution}
                    </span>
                  ) : null}
                </span>
                <span className="flex items-center gap-2 text-[0.8125rem] text-faint">
                  {mark.resolvedAt ? <Badge tone="good">{t('lookedAt')}</Badge> : null}
                  {mark.kind === 'skipped' ? <Badge tone="accent">{t('judgeItNow')}</Badge> : null}
                  {formatDateTime(mark.createdAt)}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      </Card>
    </section>
  );
}
