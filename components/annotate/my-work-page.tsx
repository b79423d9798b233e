'use client';

import { Undo2 } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { Badge } from '@/components/ui/badge';
import { Button, LinkButton } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Page, PageHeader } from '@/components/ui/page-header';
import { EmptyState, ErrorState, LoadingState } from '@/components/ui/states';
import { useFormats } from '@/components/ui/use-formats';
import type { Translator } from '@/lib/i18n/translator';
import type { AnnotationSummary, MyAnnotation, MyAnnotationsPage } from '@/lib/schemas/annotation';
import { MyMarks } from './queue/my-marks';
import { useMyWork } from './queue/use-my-work';

/** "4 placed · 1 can't judge · 1 not judged". */
export function summaryWords(summary: AnnotationSummary, t: Translator<'annotate'>): string {
  const parts = [t('summary.placed', { count: summary.placed })];
  if (summary.cannotJudge > 0) parts.push(t('summary.cannotJudge', { count: summary.cannotJudge }));
  if (summary.notJudged > 0) parts.push(t('summary.notJudged', { count: summary.notJudged }));
  return parts.join(' · ');
}

/** Everything this person has judged in the project, newest first, each open to a second look. */
export function MyWorkPage({ projectId }: { projectId: string }) {
  const { formatDateTime } = useFormats();
  const t = useTranslations('annotate');
  const mine = useMyWork(projectId);
  const annotations = mine.data?.pages.flatMap((page) => page.annotations) ?? [];
  const root = `/projects/${projectId}/annotate`;
  return (
    <Page width="narrow">
      <PageHeader
        title={t('yourWork')}
        description={t('openOneChangeEarlier')}
        actions={
          <LinkButton href={root} variant="primary">
            {t('goOnAnnotating')}
          </LinkButton>
        }
      />
      <SentBack root={root} answers={mine.data?.pages[0]?.sentBack ?? []} />
      <MyMarks projectId={projectId} />
      {mine.isError && !mine.data ? (
        <ErrorState error={mine.error} onRetry={() => mine.refetch()} />
      ) : !mine.data ? (
        <LoadingState label={t('loadingYourWork')} />
      ) : annotations.length === 0 ? (
        <EmptyState title={t('nothingSavedYet')}>{t('whatJudgeAppearsHere')}</EmptyState>
      ) : (
        <Card flush>
          <ul aria-label={t('countAnnotations', { count: annotations.length })} className="divide-y divide-line">
            {annotations.map((annotation) => (
              <li key={annotation.promptId}>
                <Link
                  href={`${root}/mine/${annotation.promptId}`}
                  className="flex flex-wrap items-center gap-x-4 gap-y-1 px-5 py-3 -outline-offset-2 transition-colors hover:bg-hover"
                >
                  <span className="min-w-0 flex-1 basis-48">
                    <span className="block font-medium font-mono text-[0.8125rem] wrap-anywhere">
                      {annotation.externalId}
                    </span>
                    <span className="block text-[0.8125rem] text-soft">{summaryWords(annotation.summary, t)}</span>
                    <RemarksSummary remarks={annotation.remarks} />
                  </span>
                  <span className="flex items-center gap-2 text-[0.8125rem] text-faint">
                    {annotation.summary.allBad ? <Badge tone="bad">{t('allAreBad')}</Badge> : null}
                    {annotation.version > 1 ? (
                      <Badge>{t('versionVersion', { version: annotation.version })}</Badge>
                    ) : null}
                    {formatDateTime(annotation.createdAt)}
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </Card>
      )}
      {mine.hasNextPage ? (
        <Button className="mt-4" pending={mine.isFetchingNextPage} onClick={() => mine.fetchNextPage()}>
          {t('showOlderWork')}
        </Button>
      ) : null}
    </Page>
  );
}

/** Answers that a reviewer asks about, each with the note; the link opens the board for it. */
function SentBack({ root, answers }: { root: string; answers: MyAnnotationsPage['sentBack'] }) {
  const t = useTranslations('annotate');
  const { formatDateTime } = useFormats();
  if (answers.length === 0) return null;
  return (
    <section aria-label={t('sentBackToYou')} className="mb-6">
      <h2 className="flex items-center gap-2 font-semibold text-sm">
        <Undo2 aria-hidden="true" className="size-4 text-warn rtl:-scale-x-100" />
        {t('sentBackToYou')}
      </h2>
      <p className="mt-1 mb-2 text-[0.8125rem] text-faint">{t('sentBackHint')}</p>
      <Card flush>
        <ul className="divide-y divide-line">
          {answers.map(({ promptId, externalId, note, at }) => (
            <li key={promptId}>
              <Link
                href={`${root}/mine/${promptId}`}
                className="flex flex-wrap items-start gap-x-4 gap-y-1 px-5 py-3 -outline-offset-2 transition-colors hover:bg-hover"
              >
                <span className="min-w-0 flex-1 basis-48">
                  <span className="block font-medium font-mono text-[0.8125rem] wrap-anywhere">{externalId}</span>
                  <span dir="auto" className="mt-0.5 block whitespace-pre-wrap text-sm wrap-anywhere">
                    {note}
                  </span>
                </span>
                <span className="flex items-center gap-2 text-[0.8125rem] text-faint">
                  <Badge tone="warn">{t('judgeAgainNow')}</Badge>
                  {formatDateTime(at)}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      </Card>
    </section>
  );
}

function RemarksSummary({ remarks: { comment, tags, marks } }: { remarks: MyAnnotation['remarks'] }) {
  const t = useTranslations('annotate');
  const parts = [...tags, ...(marks > 0 ? [t('countMarks', { marks })] : [])];
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
