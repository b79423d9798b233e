'use client';

import { useTranslations } from 'next-intl';
import { CsvButton } from '@/components/agreement/csv-button';
import { Whisker } from '@/components/agreement/whisker';
import { Badge, Card, CardHeader } from '@/components/ui';
import { RowTh, Table, Td, Th } from '@/components/ui/table';
import { useFormats } from '@/components/ui/use-formats';
import type { MeasuredProgress } from '@/lib/schemas/progress';
import { biasSign, withinShares } from './bias-sign';

/** Whether the first response on a board, or the longest, wins more often than it should. */
export function BiasCard({
  kind,
  biases: { project, annotators },
  nameOf,
}: {
  kind: 'firstShown' | 'longest';
  biases: MeasuredProgress['firstShown'];
  nameOf: (id: string) => string;
}) {
  const t = useTranslations('progress');
  const { formatNumber, formatPercent, formatInterval } = useFormats();
  const rows = [
    { name: t('everybody'), id: '', ...project },
    ...annotators.map(({ annotatorId, ...bias }) => ({ name: nameOf(annotatorId), id: annotatorId, ...bias })),
  ];
  const csv = () => [
    [t('annotator'), t('share'), t('low'), t('high'), t('boards')],
    ...rows.map(({ name, share, interval, boards }) => [
      name,
      share,
      interval?.[0] ?? null,
      interval?.[1] ?? null,
      boards,
    ]),
  ];
  return (
    <Card flush>
      <CardHeader
        className="p-5"
        title={t(`${kind}.title`)}
        description={t(`${kind}.hint`)}
        actions={<CsvButton name={kind === 'firstShown' ? 'position-bias' : 'length-bias'} rows={csv} />}
      />
      {project.share === null ? (
        <p className="px-5 pb-5 text-sm text-soft">{t('noBoards')}</p>
      ) : (
        <Table caption={t(`${kind}.title`)}>
          <thead>
            <tr>
              <Th>{t('annotator')}</Th>
              <Th className="w-1/2">{t('share')}</Th>
              <Th numeric>{t('boards')}</Th>
              <Th>{t('sign')}</Th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ id, name, ...bias }) => {
              const interval = withinShares(bias.interval);
              const sign = biasSign(bias);
              return (
                <tr key={id}>
                  <RowTh className="min-w-28 wrap-anywhere">
                    <bdi>{name}</bdi>
                  </RowTh>
                  <Td>
                    <Whisker figure={{ value: bias.share, interval, reason: null }} low={0} high={1} chance={0.5} />
                    <span className="tabular block text-[0.8125rem] text-soft">
                      {bias.share === null ? '—' : formatPercent(bias.share, 1)}{' '}
                      {interval ? formatInterval(interval) : ''}
                    </span>
                  </Td>
                  <Td numeric>{formatNumber(bias.boards)}</Td>
                  <Td className="min-w-28">
                    {sign === 'often' || sign === 'seldom' ? (
                      <Badge tone={kind === 'firstShown' ? 'warn' : undefined}>{t(`signs.${sign}`)}</Badge>
                    ) : (
                      <span className="text-[0.8125rem] text-soft">{t(`signs.${sign}`)}</span>
                    )}
                  </Td>
                </tr>
              );
            })}
          </tbody>
        </Table>
      )}
    </Card>
  );
}
