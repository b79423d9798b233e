'use client';

import { useLocale, useTranslations } from 'next-intl';
import { Card, CardHeader } from '@/components/ui';
import { messageSentence, type Sentences } from '@/components/ui/error-sentence';
import { RowTh, Table, Td, Th } from '@/components/ui/table';
import { useFormats } from '@/components/ui/use-formats';
import type { AgreementReport, MeasuredSource } from '@/lib/schemas/agreement';
import { CsvButton } from './csv-button';
import { useFigureWords } from './use-figure-words';
import { Whisker } from './whisker';

/** Which model's answers people prefer. */
export function SourceTable({
  sources,
  noStrengths,
}: {
  sources: readonly MeasuredSource[];
  noStrengths: AgreementReport['noStrengths'];
}) {
  const t = useTranslations('agreement');
  const all = useTranslations() as unknown as Sentences;
  const locale = useLocale();
  const { formatNumber, formatPercent, formatInterval } = useFormats();
  const { reasonWords, decimals } = useFigureWords();
  const csv = () => [
    [
      t('source'),
      t('wins'),
      t('ties'),
      t('losses'),
      t('winRate'),
      t('low'),
      t('high'),
      t('strength'),
      t('strengthError'),
    ],
    ...sources.map(({ source, wins, ties, losses, winRate, worth, logStandardError }) => [
      source,
      wins,
      ties,
      losses,
      winRate.value,
      winRate.interval?.[0] ?? null,
      winRate.interval?.[1] ?? null,
      worth,
      logStandardError,
    ]),
  ];
  return (
    <Card flush>
      <CardHeader
        className="p-5"
        title={t('sourcesTitle')}
        description={t('sourcesHint')}
        actions={<CsvButton name="sources" rows={csv} />}
      />
      {noStrengths ? <p className="px-5 pb-4 text-sm text-soft">{messageSentence(all, locale, noStrengths)}</p> : null}
      <Table caption={t('sourcesTitle')}>
        <thead>
          <tr>
            <Th>{t('source')}</Th>
            <Th className="w-1/3">{t('winRate')}</Th>
            <Th numeric>{t('wins')}</Th>
            <Th numeric>{t('ties')}</Th>
            <Th numeric>{t('losses')}</Th>
            <Th numeric>{t('strength')}</Th>
          </tr>
        </thead>
        <tbody>
          {sources.map(({ source, wins, ties, losses, winRate, worth }) => (
            <tr key={source}>
              <RowTh className="min-w-32 wrap-anywhere">
                <bdi>{source}</bdi>
              </RowTh>
              <Td>
                <Whisker figure={winRate} low={0} high={1} chance={0.5} />
                <span className="tabular block text-[0.8125rem] text-soft">
                  {winRate.value === null
                    ? reasonWords(winRate)
                    : `${formatPercent(winRate.value, 1)} ${winRate.interval ? formatInterval(winRate.interval) : ''}`}
                </span>
              </Td>
              <Td numeric>{formatNumber(wins)}</Td>
              <Td numeric>{formatNumber(ties)}</Td>
              <Td numeric>{formatNumber(losses)}</Td>
              <Td numeric>{worth === null ? '—' : decimals(worth)}</Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}
