'use client';

import { useTranslations } from 'next-intl';
import { Card, CardHeader } from '@/components/ui';
import { RowTh, Table, Td, Th } from '@/components/ui/table';
import { type AgreementReport, FIGURES } from '@/lib/schemas/agreement';
import { CsvButton } from './csv-button';
import { useFigureWords } from './use-figure-words';
import { Whisker } from './whisker';

/** Every figure with its interval and what it means. */
export function FiguresTable({ figures }: Pick<AgreementReport, 'figures'>) {
  const t = useTranslations('agreement');
  const { valueWords, intervalWords, reasonWords } = useFigureWords();
  const rows = () => [
    [t('figure'), t('value'), t('low'), t('high')],
    ...FIGURES.map((name) => {
      const { value, interval } = figures[name];
      return [t(`figures.${name}`), value, interval?.[0] ?? null, interval?.[1] ?? null];
    }),
  ];
  return (
    <Card flush>
      <CardHeader
        className="p-5"
        title={t('figuresTitle')}
        description={t('figuresHint')}
        actions={<CsvButton name="agreement" rows={rows} />}
      />
      <Table caption={t('figuresTitle')}>
        <thead>
          <tr>
            <Th>{t('figure')}</Th>
            <Th numeric>{t('value')}</Th>
            <Th className="w-2/5">{t('interval')}</Th>
          </tr>
        </thead>
        <tbody>
          {FIGURES.map((name) => (
            <tr key={name}>
              <RowTh className="font-normal">
                <span className="block font-medium">{t(`figures.${name}`)}</span>
                <span className="block max-w-prose text-[0.8125rem] text-faint">{t(`meanings.${name}`)}</span>
              </RowTh>
              <Td numeric className="font-medium">
                {valueWords(figures[name])}
              </Td>
              <Td>
                <Whisker figure={figures[name]} low={isShare(name) ? 0 : -1} high={1} chance={0} />
                <span className="tabular block text-[0.8125rem] text-soft">
                  {intervalWords(figures[name]) || reasonWords(figures[name])}
                </span>
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

/** Shares and W go from 0 to 1, the others from -1. */
const isShare = (name: (typeof FIGURES)[number]) => ['pairAgreement', 'sameTier', 'concordance'].includes(name);
