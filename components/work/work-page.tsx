'use client';

import { Users } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { durationWords } from '@/components/annotate/queue/pace-words';
import { Card, CardHeader, EmptyState, ErrorState, LoadingState, Page, PageHeader } from '@/components/ui';
import { useApi } from '@/components/ui/api';
import { RowTh, Table, Td, Th } from '@/components/ui/table';
import { useFormats } from '@/components/ui/use-formats';
import type { WorkReport, WorkRow } from '@/lib/schemas/work';
import { Assignments } from './assignments';
import { Certainties } from './certainties';
import { GoldSettings } from './gold-settings';
import { HideNames } from './hide-names';
import { Languages } from './languages';
import { MarkList } from './mark-list';

/** For researchers: the annotators' work, their skips and flags, and the gold prompts. */
export function WorkPage({ projectId }: { projectId: string }) {
  const t = useTranslations('work');
  const { data, error, refetch } = useApi<WorkReport>(`/projects/${projectId}/work`, { fresh: true });
  return (
    <Page>
      <PageHeader title={t('work')} description={t('intro')} />
      {error && !data ? (
        <ErrorState error={error} title={t('loadFailed')} onRetry={() => refetch()} />
      ) : data ? (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
          <Languages projectId={projectId} languages={data.languages} />
          <People report={data} />
          <Certainties projectId={projectId} certainties={data.certainties} />
          <Assignments projectId={projectId} />
          <GoldSettings projectId={projectId} />
          <HideNames projectId={projectId} />
          <MarkList projectId={projectId} marks={data.marks} />
        </div>
      ) : (
        <LoadingState label={t('loading')} />
      )}
    </Page>
  );
}

function People({ report: { rows, fastCharactersPerSecond } }: { report: WorkReport }) {
  const t = useTranslations('work');
  const marks = useTranslations('marks');
  const { shareWords, goldShareWords } = useShareWords();
  if (rows.length === 0) {
    return (
      <EmptyState icon={<Users className="size-5" />} title={t('noAnnotators')}>
        {t('noAnnotatorsHint')}
      </EmptyState>
    );
  }
  return (
    <Card flush>
      <CardHeader className="p-5" title={t('people')} description={t('columnsHint', { fastCharactersPerSecond })} />
      <Table caption={t('annotatorsCaption')}>
        <thead>
          <tr>
            <Th>{t('annotator')}</Th>
            <Th numeric>{t('prompts')}</Th>
            <Th numeric>{t('time')}</Th>
            <Th numeric>{t('fast')}</Th>
            <Th numeric>{t('inOneTier')}</Th>
            <Th numeric>{t('cantJudge')}</Th>
            <Th numeric>{t('agreesWithGold')}</Th>
            <Th numeric>{t('skipped')}</Th>
            <Th numeric>{t('flagged')}</Th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.annotatorId}>
              <Person row={row} />
              <Td numeric>{row.prompts}</Td>
              <Td numeric className="whitespace-nowrap">
                {row.medianActiveMs === null ? '—' : durationWords(row.medianActiveMs, marks)}
              </Td>
              <Td numeric>{row.fast}</Td>
              <Td numeric>{shareWords(row.singleTierShare)}</Td>
              <Td numeric>{shareWords(row.cannotJudgeShare)}</Td>
              <Td numeric>{goldShareWords(row)}</Td>
              <Td numeric>{row.skipped}</Td>
              <Td numeric>{row.flagged}</Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

function Person({ row }: { row: WorkRow }) {
  const t = useTranslations('work');
  return (
    <RowTh className="min-w-40 font-normal">
      <span className="block font-medium wrap-anywhere">{row.name}</span>
      {row.signs.map((sign) => (
        <span key={sign.kind} className="mt-0.5 block text-[0.8125rem] text-warn">
          {t(`signs.${sign.kind}`, { count: sign.count, prompts: sign.prompts })}
        </span>
      ))}
    </RowTh>
  );
}

function useShareWords() {
  const t = useTranslations('work');
  const { formatPercent } = useFormats();
  return {
    shareWords: (share: number | null) => (share === null ? t('nothingYet') : formatPercent(share)),
    goldShareWords: ({ goldShare, goldPrompts }: WorkRow) => {
      if (goldPrompts === 0) return t('noGoldYet');
      if (goldShare === null) return t('noCommonPair');
      return t('percentOn', { percent: formatPercent(goldShare), prompts: goldPrompts });
    },
  };
}
