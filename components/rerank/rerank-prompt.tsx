import { ArrowDown, ArrowUp, Minus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { FormattedText } from '@/components/content/formatted-text';
import { ResponseText } from '@/components/content/response-text';
import { TextGroup } from '@/components/content/text-forms';
import { Badge, Card, Table, Td, Th, TierBadge } from '@/components/ui';
import type { RerankedPrompt, RerankedResponse } from '@/lib/schemas/run-answers';
import { orderByNewRank, placesGained, tierPairsRight } from './rank-changes';

/** Hides columns on phones, where their content is shown below the response. */
const WIDE_ONLY = 'max-sm:hidden';

/** One prompt with its responses in the new order. */
export function RerankPrompt({ prompt, tiers }: { prompt: RerankedPrompt; tiers: string[] }) {
  const t = useTranslations('rerank');
  const texts = useMemo(() => [prompt.text, ...prompt.responses.map(({ text }) => text)], [prompt]);
  return (
    <TextGroup texts={texts}>
      <Card flush>
        <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 px-5 pt-4 pb-3">
          <h3 className="min-w-0 flex-1 basis-80 font-medium text-sm">
            <FormattedText text={prompt.text} />
          </h3>
          <div className="flex flex-wrap items-center gap-2">
            <PairsRight responses={prompt.responses} />
            {prompt.heldOut ? <Badge tone="accent">{t('heldOut')}</Badge> : <Badge>{t('trainedOn')}</Badge>}
          </div>
        </div>
        <Table caption={t('responsesTo', { text: prompt.text.slice(0, 200) })} className="border-line border-t">
          <thead>
            <tr>
              <Th>{t('place')}</Th>
              <Th>{t('response')}</Th>
              <Th className={WIDE_ONLY}>{t('humanTier')}</Th>
              <Th numeric className={WIDE_ONLY}>
                {t('scoreBefore')}
              </Th>
              <Th numeric className={WIDE_ONLY}>
                {t('scoreAfter')}
              </Th>
            </tr>
          </thead>
          <tbody>
            {orderByNewRank(prompt.responses).map((response) => (
              <tr key={response.responseId}>
                <Td className="whitespace-nowrap">
                  <Place response={response} />
                </Td>
                <Td>
                  <ResponseText text={response.text} />
                  <p className="mt-0.5 text-faint text-xs">{response.source}</p>
                  <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs sm:hidden">
                    <HumanTier tier={response.tier} tiers={tiers} />
                    <span className="tabular text-soft">
                      {score(response.before)} → {score(response.after)}
                    </span>
                  </div>
                </Td>
                <Td className={WIDE_ONLY}>
                  <HumanTier tier={response.tier} tiers={tiers} />
                </Td>
                <Td numeric className={WIDE_ONLY}>
                  {score(response.before)}
                </Td>
                <Td numeric className={WIDE_ONLY}>
                  {score(response.after)}
                </Td>
              </tr>
            ))}
          </tbody>
        </Table>
      </Card>
    </TextGroup>
  );
}

function HumanTier({ tier, tiers }: { tier: number | null; tiers: string[] }) {
  const t = useTranslations('rerank');
  if (tier === null) return <span className="whitespace-nowrap text-faint">{t('notJudged')}</span>;
  return <TierBadge index={tier} tiers={tiers} />;
}

function Place({ response }: { response: RerankedResponse }) {
  const t = useTranslations('rerank');
  const gained = placesGained(response);
  const now = response.rankAfter ?? response.rankBefore;
  return (
    <span className="inline-flex items-center gap-2">
      <span className="tabular w-4 text-end font-semibold">{now ?? '–'}</span>
      {gained === null ? null : gained === 0 ? (
        <span className="inline-flex items-center text-faint">
          <Minus aria-hidden="true" className="size-3.5" />
          <span className="sr-only">{t('samePlace')}</span>
        </span>
      ) : (
        <span className={`inline-flex items-center gap-0.5 text-xs ${gained > 0 ? 'text-good' : 'text-warn'}`}>
          {gained > 0 ? (
            <ArrowUp aria-hidden="true" className="size-3.5" />
          ) : (
            <ArrowDown aria-hidden="true" className="size-3.5" />
          )}
          <span aria-hidden="true">{Math.abs(gained)}</span>
          <span className="sr-only">
            {t('fromPlace', { direction: gained > 0 ? 'up' : 'down', place: response.rankBefore ?? 0 })}
          </span>
        </span>
      )}
    </span>
  );
}

function PairsRight({ responses }: { responses: readonly RerankedResponse[] }) {
  const t = useTranslations('rerank');
  const before = tierPairsRight(responses, 'before');
  const after = tierPairsRight(responses, 'after');
  if (before === null) return null;
  return (
    <span className="tabular text-[0.8125rem] text-soft">
      {after === null
        ? t('rightBefore', { right: before.right, pairs: before.pairs })
        : t('rightBeforeAfter', { before: before.right, after: after.right, pairs: after.pairs })}
    </span>
  );
}

function score(value: number | null): string {
  return value === null ? '–' : value.toFixed(3);
}
