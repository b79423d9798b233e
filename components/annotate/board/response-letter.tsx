'use client';

import { classNames } from '@/components/ui/class-names';
import { useTierRamp } from '@/components/ui/tier';
import { responseLetter } from './announcements';
import type { Place } from './board-state';

/** A response's letter in the colour of its tier; an outline while it has none, dashed where it was set aside. */
export function ResponseLetter({
  index,
  place,
  tierCount,
  active,
  className,
}: {
  /** In the order shown. */
  index: number;
  place: Place;
  tierCount: number;
  active: boolean;
  className?: string;
}) {
  const ramp = useTierRamp(typeof place === 'number' ? place : 0, tierCount);
  return (
    <span
      aria-hidden="true"
      data-ramp={typeof place === 'number' ? ramp : undefined}
      className={classNames(
        'inline-flex size-6 shrink-0 items-center justify-center rounded-md border font-semibold text-xs',
        typeof place === 'number'
          ? 'border-tier bg-tier-wash text-tier-ink'
          : place === 'cannot_judge'
            ? 'border-edge border-dashed bg-surface text-soft'
            : 'border-edge/60 bg-surface text-ink',
        active && 'ring-2 ring-accent',
        className,
      )}
    >
      {responseLetter(index)}
    </span>
  );
}
