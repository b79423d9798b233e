'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { classNames } from '@/components/ui/class-names';
import { TierNumber, useTierRamp } from '@/components/ui/tier';
import type { Task } from '@/lib/schemas/annotation';
import { laneIds } from './board-places';
import type { BoardState, Place } from './board-state';
import type { CardHandlers } from './response-card';
import { ResponseChip } from './response-chip';

/**
 * The tiers from best to worst with what lies in them. It never leaves the screen: where a response is higher than the
 * window, what it lies in is still there. `slim`: beside a response that is read, with letters only.
 */
export function TierColumn({
  slim,
  responses,
  board,
  tiers,
  armed,
  handlers,
  className,
}: {
  slim: boolean;
  responses: readonly Task['responses'][number][];
  board: BoardState;
  tiers: readonly string[];
  armed: string | null;
  handlers: CardHandlers;
  className?: string;
}) {
  const t = useTranslations('annotate');
  const chipsAt = (place: Place) =>
    responses.flatMap((response, index) =>
      (board.places[response.id] ?? null) === place
        ? [
            <ResponseChip
              key={response.id}
              id={response.id}
              index={index}
              text={response.text}
              place={place}
              tiers={tiers}
              slim={slim}
              active={board.activeId === response.id}
              armed={armed === response.id}
              handlers={handlers}
            />,
          ]
        : [],
    );
  const setAside = chipsAt('cannot_judge');
  return (
    <section data-tiers aria-label={t('tiers')} className={classNames('flex flex-col gap-1.5 md:min-h-0', className)}>
      {tiers.map((tier, index) => {
        const chips = chipsAt(index);
        return (
          <TierLane key={tier} index={index} tiers={tiers} slim={slim} count={chips.length}>
            {chips}
          </TierLane>
        );
      })}
      <CannotJudgeLane slim={slim} count={setAside.length}>
        {setAside}
      </CannotJudgeLane>
    </section>
  );
}

function TierLane({
  index,
  tiers,
  slim,
  count,
  children,
}: {
  index: number;
  tiers: readonly string[];
  slim: boolean;
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
        'flex shrink-0 rounded-lg border transition-colors',
        'border-s-4 border-y-line border-e-line border-s-tier bg-sunken',
        'data-drop:border-tier data-drop:bg-tier-wash data-drop:ring-1 data-drop:ring-tier',
        slim ? 'min-h-16 flex-1 flex-col' : 'min-h-11 flex-[1_0_auto] max-h-60',
      )}
    >
      <div className={classNames('flex min-w-0 gap-1.5 bg-tier-wash px-2 py-1.5', slim ? 'items-center' : 'w-32')}>
        <TierNumber index={index} className={slim ? undefined : 'mt-px'} />
        <h3
          title={name}
          // A name is cut off at its own end, whichever way the page runs.
          dir="auto"
          className={classNames(
            'min-w-0 font-semibold text-[0.8125rem] text-tier-ink leading-snug [text-align:match-parent]',
            slim ? 'truncate' : 'line-clamp-2 wrap-anywhere',
          )}
        >
          {name}
        </h3>
      </div>
      <LaneList slim={slim} label={t('laneOf', { name, count })}>
        {children}
      </LaneList>
    </section>
  );
}

/** Responses that somebody looked at and set aside: stored, but they make no pairs. */
function CannotJudgeLane({ slim, count, children }: { slim: boolean; count: number; children: ReactNode }) {
  const t = useTranslations('annotate');
  return (
    <section
      data-lane={laneIds.cannotJudge}
      aria-label={t('cantJudge')}
      className={classNames(
        'flex shrink-0 rounded-lg border border-edge/50 border-dashed transition-colors',
        'data-drop:border-accent data-drop:bg-accent-wash',
        slim ? 'min-h-10 flex-col' : 'min-h-11',
      )}
    >
      <div className={classNames('min-w-0 px-2 py-1.5', slim ? '' : 'w-33')}>
        <h3 className="truncate font-medium text-[0.8125rem] text-soft">{t('cantJudge')}</h3>
      </div>
      <LaneList slim={slim} label={t('laneOf', { name: t('cantJudge'), count })}>
        {children}
      </LaneList>
    </section>
  );
}

function LaneList({ slim, label, children }: { slim: boolean; label: string; children: ReactNode }) {
  return (
    <ul
      aria-label={label}
      className={classNames(
        'min-w-0 flex-1 content-center gap-1 p-1 empty:hidden',
        slim ? 'flex flex-wrap content-start' : 'grid',
      )}
    >
      {children}
    </ul>
  );
}
