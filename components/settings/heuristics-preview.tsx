'use client';

import { useTranslations } from 'next-intl';
import { RowTh, Table, Td, Th } from '@/components/ui/table';
import { useFormats } from '@/components/ui/use-formats';
import type { HeuristicsPreview as Preview } from '@/lib/schemas/heuristics';

/** What each heuristic order would give, and a few prompts with the labels and places of their responses. */
export function HeuristicsPreview({ preview }: { preview: Preview }) {
  const t = useTranslations('settings');
  const { formatNumber } = useFormats();
  const { prompts, of, withReference, withHuman, labels, orders, samples } = preview;
  return (
    <div role="status" className="grid grid-cols-[minmax(0,1fr)] gap-4 text-sm">
      <p>
        {t('heuristics.lookedAt', { prompts, of, withReference, withHuman })}{' '}
        {t('heuristics.labels', { imported: labels.imported, found: labels.found, none: labels.none })}
      </p>
      <Table caption={t('heuristics.ordersTable')}>
        <thead>
          <tr>
            <Th>{t('heuristics.strategy')}</Th>
            <Th numeric>{t('heuristics.pairs')}</Th>
            <Th numeric>{t('heuristics.without')}</Th>
          </tr>
        </thead>
        <tbody>
          {orders.map(({ strategy, pairs, promptsWithoutPairs }) => (
            <tr key={strategy}>
              <RowTh>{t(`heuristics.strategies.${strategy}`)}</RowTh>
              <Td numeric>{formatNumber(pairs)}</Td>
              <Td numeric>{formatNumber(promptsWithoutPairs)}</Td>
            </tr>
          ))}
        </tbody>
      </Table>
      {samples.map((sample) => (
        <section key={sample.id} className="grid grid-cols-[minmax(0,1fr)] gap-1.5">
          <h3 dir="auto" className="wrap-anywhere font-medium">
            {sample.excerpt}
          </h3>
          <p className="text-[0.8125rem] text-soft">
            {sample.referenceLabel === null
              ? t('heuristics.noReference')
              : t('heuristics.reference', { label: sample.referenceLabel })}
          </p>
          <Table caption={t('heuristics.sampleTable', { prompt: sample.id })}>
            <thead>
              <tr>
                <Th>{t('heuristics.response')}</Th>
                <Th>{t('heuristics.label')}</Th>
                {orders.map(({ strategy }) => (
                  <Th key={strategy} numeric>
                    {t(`heuristics.short.${strategy}`)}
                  </Th>
                ))}
              </tr>
            </thead>
            <tbody>
              {sample.responses.map((response, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a response of a preview has no other name
                <tr key={at}>
                  <RowTh className="min-w-48 max-w-80 font-normal">
                    <bdi className="block font-medium">{response.source}</bdi>
                    <span dir="auto" className="wrap-anywhere block text-[0.8125rem] text-soft">
                      {response.ending}
                    </span>
                  </RowTh>
                  <Td className="wrap-anywhere min-w-20">
                    {response.label === null ? '–' : <bdi>{response.label}</bdi>}
                    {response.found ? (
                      <span className="block text-[0.8125rem] text-faint">{t('heuristics.found')}</span>
                    ) : null}
                  </Td>
                  {orders.map(({ strategy }) => (
                    <Td key={strategy} numeric>
                      {response.places[strategy] === null ? '–' : formatNumber(response.places[strategy]!)}
                    </Td>
                  ))}
                </tr>
              ))}
            </tbody>
          </Table>
        </section>
      ))}
    </div>
  );
}
