'use client';

import { useTranslations } from 'next-intl';
import { CsvButton } from '@/components/agreement/csv-button';
import { Card, CardHeader, ProgressBar } from '@/components/ui';
import { useFormats } from '@/components/ui/use-formats';
import { FORECAST_WINDOW_DAYS, MAX_FORECAST_DAYS, MIN_FORECAST_DAYS } from '@/lib/ranking/work/forecast';
import type { MeasuredProgress, ProgressAnswer } from '@/lib/schemas/progress';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What is done of what the settings ask for, and when the rest will be. */
export function DoneCard({
  coverage: { prompts, judged, wanted, done },
  forecast,
}: {
  coverage: MeasuredProgress['coverage'];
  forecast: ProgressAnswer['forecast'];
}) {
  const t = useTranslations('progress');
  const { formatDate, formatNumber, formatPercent } = useFormats();
  const inDays = (days: number) => formatDate(new Date(Date.now() + days * DAY_MS).toISOString());
  const csv = () => [
    [
      t('judgementsDone'),
      t('judgementsWanted'),
      t('promptsJudged'),
      t('prompts'),
      t('daysLow'),
      t('daysMiddle'),
      t('daysHigh'),
    ],
    [
      done,
      wanted,
      judged,
      prompts,
      ...(forecast?.kind === 'days' ? [forecast.low, forecast.middle, forecast.high] : []),
    ],
  ];
  return (
    <Card className="grid gap-4">
      <CardHeader
        title={t('doneTitle')}
        description={t('doneHint')}
        actions={<CsvButton name="progress" rows={csv} />}
      />
      <ProgressBar
        label={t('judgements')}
        value={done}
        max={wanted}
        detail={t('doneOf', { done, wanted, share: formatPercent(wanted === 0 ? 0 : done / wanted) })}
      />
      <ProgressBar
        label={t('promptsJudged')}
        value={judged}
        max={prompts}
        detail={t('doneOf', {
          done: judged,
          wanted: prompts,
          share: formatPercent(prompts === 0 ? 0 : judged / prompts),
        })}
      />
      {forecast === null ? null : (
        <p className="text-sm">
          {forecast.kind !== 'days' ? (
            t(`forecast.${forecast.kind}`, { days: MIN_FORECAST_DAYS, window: FORECAST_WINDOW_DAYS })
          ) : forecast.middle >= MAX_FORECAST_DAYS ? (
            t('forecast.never')
          ) : (
            <>
              <strong className="font-semibold">
                {t('forecast.range', {
                  low: inDays(forecast.low),
                  high: forecast.high >= MAX_FORECAST_DAYS ? t('forecast.later') : inDays(forecast.high),
                })}
              </strong>{' '}
              <span className="text-soft">
                {t('forecast.meaning', {
                  middle: inDays(forecast.middle),
                  left: formatNumber(wanted - done),
                  window: FORECAST_WINDOW_DAYS,
                })}
              </span>
            </>
          )}
        </p>
      )}
    </Card>
  );
}
