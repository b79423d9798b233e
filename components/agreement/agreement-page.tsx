'use client';

import { Scale } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useProject } from '@/components/projects/use-project';
import { EmptyState, ErrorState, LoadingState, Notice, Page, PageHeader } from '@/components/ui';
import { useApi } from '@/components/ui/api';
import { Stat, StatRow } from '@/components/ui/stat';
import { useFormats } from '@/components/ui/use-formats';
import type { AgreementAnswer, AgreementReport } from '@/lib/schemas/agreement';
import { AnnotatorMatrix } from './annotator-matrix';
import { AnnotatorTable } from './annotator-table';
import { ConsensusPreview } from './consensus-preview';
import { FiguresTable } from './figures-table';
import { OverTime } from './over-time';
import { SourceTable } from './source-table';
import { useFigureWords } from './use-figure-words';

const POLL_MS = 1500;

/** For researchers: how far annotators agree, with whom, and what they prefer. */
export function AgreementPage({ projectId }: { projectId: string }) {
  const t = useTranslations('agreement');
  const { formatDateTime } = useFormats();
  const { data, error, refetch } = useApi<AgreementAnswer>(`/projects/${projectId}/agreement`, {
    fresh: true,
    refetchMs: (answer) => (answer?.measuring ? POLL_MS : false),
  });
  const tiers = useProject(projectId).data?.project.tiers ?? [];
  return (
    <Page>
      <PageHeader
        title={t('agreement')}
        description={data?.measuredAt ? t('measuredAt', { time: formatDateTime(data.measuredAt) }) : t('intro')}
      />
      {error && !data ? (
        <ErrorState error={error} title={t('loadFailed')} onRetry={() => refetch()} />
      ) : !data ? (
        <LoadingState label={t('loading')} />
      ) : (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
          <p role="status" className="text-sm text-soft empty:hidden">
            {data.measuring ? t(data.report ? 'measuringAnew' : 'measuring') : ''}
          </p>
          {data.failed ? <Notice tone="bad">{t('measuringFailed')}</Notice> : null}
          {data.report ? (
            <Report report={data.report} names={data.names} tiers={tiers} />
          ) : data.measuring ? null : (
            <EmptyState icon={<Scale className="size-5" />} title={t('nothingJudged')}>
              {t('nothingJudgedHint')}
            </EmptyState>
          )}
        </div>
      )}
    </Page>
  );
}

function Report({
  report,
  names,
  tiers,
}: {
  report: AgreementReport;
  names: AgreementAnswer['names'];
  tiers: readonly string[];
}) {
  const t = useTranslations('agreement');
  const { formatNumber } = useFormats();
  const { valueWords, intervalWords, reasonWords } = useFigureWords();
  const { tauX } = report.figures;
  const nameOf = (id: string) => names[id] ?? id;
  return (
    <>
      <StatRow>
        <Stat label={t('figures.tauX')} value={valueWords(tauX)} note={intervalWords(tauX) || reasonWords(tauX)} />
        <Stat
          label={t('sharedPrompts')}
          value={formatNumber(report.sharedPrompts)}
          note={t('ofPrompts', { count: report.prompts })}
        />
        <Stat label={t('annotations')} value={formatNumber(report.annotations)} />
        <Stat label={t('annotators')} value={formatNumber(report.annotators.length)} />
      </StatRow>
      {report.sharedPrompts === 0 ? <Notice>{t('nobodyTwice')}</Notice> : null}
      <FiguresTable figures={report.figures} />
      <AnnotatorTable annotators={report.annotators} nameOf={nameOf} tiers={tiers} />
      {report.pairs.length > 0 ? <AnnotatorMatrix pairs={report.pairs} nameOf={nameOf} /> : null}
      {report.overTime.length > 1 ? <OverTime days={report.overTime} /> : null}
      {report.sources.length > 0 ? <SourceTable sources={report.sources} noStrengths={report.noStrengths} /> : null}
      <ConsensusPreview rules={report.rules} />
    </>
  );
}
