'use client';

import Link from 'next/link';
import { useApi } from '@/components/ui/api';
import { Badge } from '@/components/ui/badge';
import { LinkButton } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { formatDateTime, plural } from '@/components/ui/format';
import { Page, PageHeader } from '@/components/ui/page-header';
import { EmptyState, ErrorState, LoadingState } from '@/components/ui/states';
import type { AnnotationSummary, MyAnnotation } from '@/lib/schemas/annotation';
import { MyMarks } from './my-marks';

/** "4 placed · 1 can't judge · 1 not judged". */
export function summaryWords(summary: AnnotationSummary): string {
  const parts = [`${summary.placed} placed`];
  if (summary.cannotJudge > 0) parts.push(`${summary.cannotJudge} can’t judge`);
  if (summary.notJudged > 0) parts.push(`${summary.notJudged} not judged`);
  return parts.join(' · ');
}

/** Everything this person has judged in the project, newest first, each open to a second look. */
export function MyWorkPage({ projectId }: { projectId: string }) {
  const mine = useApi<{ annotations: MyAnnotation[] }>(`/projects/${projectId}/annotations/mine`);
  const root = `/projects/${projectId}/annotate`;
  return (
    <Page width="narrow">
      <PageHeader
        title="Your work"
        description="Open one to change it. The earlier version is kept, the newest one counts."
        actions={
          <LinkButton href={root} variant="primary">
            Go on annotating
          </LinkButton>
        }
      />
      <MyMarks projectId={projectId} />
      {mine.isError ? (
        <ErrorState error={mine.error} onRetry={() => mine.refetch()} />
      ) : !mine.data ? (
        <LoadingState label="Loading your work" />
      ) : mine.data.annotations.length === 0 ? (
        <EmptyState title="Nothing saved yet">What you judge appears here.</EmptyState>
      ) : (
        <Card flush>
          <ul aria-label={plural(mine.data.annotations.length, 'annotation')} className="divide-y divide-line">
            {mine.data.annotations.map((annotation) => (
              <li key={annotation.promptId}>
                <Link
                  href={`${root}/mine/${annotation.promptId}`}
                  className="flex flex-wrap items-center gap-x-4 gap-y-1 px-5 py-3 -outline-offset-2 transition-colors hover:bg-hover"
                >
                  <span className="min-w-0 flex-1 basis-48">
                    <span className="block font-medium font-mono text-[0.8125rem] wrap-anywhere">
                      {annotation.externalId}
                    </span>
                    <span className="block text-[0.8125rem] text-soft">{summaryWords(annotation.summary)}</span>
                    <RemarksSummary remarks={annotation.remarks} />
                  </span>
                  <span className="flex items-center gap-2 text-[0.8125rem] text-faint">
                    {annotation.summary.allBad ? <Badge tone="bad">All are bad</Badge> : null}
                    {annotation.version > 1 ? <Badge>Version {annotation.version}</Badge> : null}
                    {formatDateTime(annotation.createdAt)}
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </Page>
  );
}

function RemarksSummary({ remarks: { comment, tags, marks } }: { remarks: MyAnnotation['remarks'] }) {
  const parts = [...tags, ...(marks > 0 ? [plural(marks, 'mark')] : [])];
  return (
    <>
      {parts.length > 0 ? (
        <span className="block text-[0.8125rem] text-soft wrap-anywhere">{parts.join(' · ')}</span>
      ) : null}
      {comment ? (
        <span dir="auto" className="line-clamp-2 block text-[0.8125rem] text-faint wrap-anywhere">
          {comment}
        </span>
      ) : null}
    </>
  );
}
