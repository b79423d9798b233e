'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { EmptyState, ErrorState, LoadingState, Notice, Page, PageHeader } from '@/components/ui';
import { useApi } from '@/components/ui/api';
import { useFormats } from '@/components/ui/use-formats';

const POLL_MS = 1500;

/** What the answers have in common of pages that show what is measured in the background. */
interface Measured {
  /** Null before the first time. */
  readonly report: object | null;
  readonly measuredAt: string | null;
  readonly measuring: boolean;
  readonly failed: boolean;
}

/** A page of what was last measured of a project, read again as long as it is being measured. */
export function MeasuredPage<T extends Measured>({
  path,
  title,
  description,
  loading,
  loadFailed,
  icon,
  nothingJudgedHint,
  children,
}: {
  path: string;
  title: string;
  /** @param time when it was measured; null where it never was */
  description: (time: string | null) => string;
  loading: string;
  loadFailed: string;
  icon: ReactNode;
  nothingJudgedHint: string;
  /** Drawn once there is a report. */
  children: (answer: T & { report: NonNullable<T['report']> }) => ReactNode;
}) {
  const t = useTranslations('agreement');
  const { formatDateTime } = useFormats();
  const { data, error, refetch } = useApi<T>(path, {
    fresh: true,
    refetchMs: (answer) => (answer?.measuring ? POLL_MS : false),
  });
  return (
    <Page>
      <PageHeader title={title} description={description(data?.measuredAt ? formatDateTime(data.measuredAt) : null)} />
      {error && !data ? (
        <ErrorState error={error} title={loadFailed} onRetry={() => refetch()} />
      ) : !data ? (
        <LoadingState label={loading} />
      ) : (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
          <p role="status" className="text-sm text-soft empty:hidden">
            {data.measuring ? t(data.report ? 'measuringAnew' : 'measuring') : ''}
          </p>
          {data.failed ? <Notice tone="bad">{t('measuringFailed')}</Notice> : null}
          {hasReport(data) ? (
            children(data)
          ) : data.measuring ? null : (
            <EmptyState icon={icon} title={t('nothingJudged')}>
              {nothingJudgedHint}
            </EmptyState>
          )}
        </div>
      )}
    </Page>
  );
}

const hasReport = <T extends Measured>(answer: T): answer is T & { report: NonNullable<T['report']> } =>
  answer.report !== null;
