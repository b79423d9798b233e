'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { classNames } from '@/components/ui/class-names';
import { TierNumber, useTierRamp } from '@/components/ui/tier';
import { laneIds } from './board-places';

/** A tier: its number and name at the left (above, on a phone), its responses beside each other. */
export function TierLane({
  index,
  tiers,
  count,
  children,
}: {
  index: number;
  tiers: readonly string[];
  count: number;
  children: ReactNode;
}) {
  const t = useTranslations('annotate');
  const name = tiers[index] ?? t('tierNumber', { number: index + 1 });
  return (
    <section
      data-lane={laneIds.tier(index)}
      aria-label={t('tierNamed', { number: index + 1, name })}
      data-ramp={useTierRamp(index, tiers.length)}
      className={classNames(
        'relative flex flex-col sm:max-md:min-h-19 lg:min-h-19 overflow-hidden rounded-lg border transition-colors sm:flex-row md:flex-col lg:flex-row',
        'border-s-4 border-y-line border-e-line border-s-tier bg-sunken',
        'data-drop:border-tier data-drop:bg-tier-wash data-drop:ring-1 data-drop:ring-tier',
      )}
    >
      <div className="flex items-center gap-2.5 bg-tier-wash px-3 py-2 sm:max-md:w-36 sm:max-md:flex-col sm:max-md:items-start sm:max-md:justify-center sm:max-md:gap-1 lg:w-40 lg:shrink-0 lg:flex-col lg:items-start lg:justify-center lg:gap-1">
        <span className="flex min-w-0 items-center gap-2">
          <TierNumber index={index} />
          <h3 className="min-w-0 font-semibold text-sm text-tier-ink leading-snug wrap-anywhere">{name}</h3>
        </span>
        <p className="text-soft text-xs sm:max-md:ms-6.5 lg:ms-6.5">
          {count === 0 ? t('empty') : t('countResponses', { count })}
        </p>
      </div>
      <LaneList label={t('laneOf', { name, count })}>{children}</LaneList>
    </section>
  );
}

/** Responses somebody looked at and set aside: stored, but they make no pairs. */
export function CannotJudgeLane({ count, children }: { count: number; children: ReactNode }) {
  const t = useTranslations('annotate');
  return (
    <section
      data-lane={laneIds.cannotJudge}
      aria-label={t('cantJudge')}
      className={classNames(
        'flex flex-col overflow-hidden rounded-lg border border-edge/50 border-dashed transition-colors sm:flex-row md:flex-col lg:flex-row',
        'data-drop:border-accent data-drop:bg-accent-wash',
      )}
    >
      <div className="flex items-center gap-2.5 px-3 py-2 sm:max-md:w-37 sm:max-md:flex-col sm:max-md:items-start sm:max-md:justify-center sm:max-md:gap-0.5 lg:w-41 lg:shrink-0 lg:flex-col lg:items-start lg:justify-center lg:gap-0.5">
        <h3 className="font-medium text-sm text-soft">{t('cantJudge')}</h3>
        <p className="text-faint text-xs">{count === 0 ? t('makesNoPairs') : t('countResponses', { count })}</p>
      </div>
      <LaneList label={t('laneOf', { name: t('cantJudge'), count })}>{children}</LaneList>
    </section>
  );
}

function LaneList({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul
      aria-label={label}
      className="grid min-w-0 flex-1 grid-cols-[repeat(auto-fill,minmax(min(100%,17rem),1fr))] gap-2 p-2 empty:hidden"
    >
      {children}
    </ul>
  );
}

/** The responses nobody touched yet. Dropping one back here takes its placement away. */
export function UnplacedLane({ count, children }: { count: number; children: ReactNode }) {
  const t = useTranslations('annotate');
  return (
    <section
      data-lane={laneIds.unplaced}
      aria-label={t('toPlace')}
      className="min-w-0 rounded-lg transition-colors data-drop:bg-accent-wash data-drop:ring-1 data-drop:ring-accent data-drop:ring-offset-4 data-drop:ring-offset-paper"
    >
      <div className="mb-2 flex items-baseline gap-2">
        <h2 className="font-semibold text-sm">{t('toPlace')}</h2>
        <p className="tabular text-faint text-xs">{count === 0 ? '' : t('countResponses', { count })}</p>
      </div>
      {count === 0 ? (
        <div className="rounded-lg border border-edge/50 border-dashed px-4 py-6 text-center text-sm text-soft">
          {t('allPlacedSaveEnter')}
        </div>
      ) : null}
      <ul
        aria-label={t('laneOf', { name: t('toPlace'), count })}
        className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,20rem),1fr))] gap-2 empty:hidden"
      >
        {children}
      </ul>
    </section>
  );
}
