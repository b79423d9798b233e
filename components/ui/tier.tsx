'use client';

import { useTranslations } from 'next-intl';
import { createContext, type ReactNode, useContext } from 'react';
import type { TierColor } from '@/lib/schemas/tier-rules';
import { classNames } from './class-names';

/** A value of `data-ramp`: a colour's name, or the stop of the ramp for that rank (0 = best .. 6 = worst). */
export function tierRamp(index: number, count: number, colors: readonly TierColor[] = []): string {
  const color = colors.length === count ? colors[index] : undefined;
  if (color && color !== 'ramp') return color;
  return String(count <= 1 ? 0 : Math.round((index * 6) / (count - 1)));
}

const TierColors = createContext<readonly TierColor[]>([]);

/** Sets the tiers' colours for its children; a list of another length (an older snapshot's) uses the ramp. */
export function TierColorsProvider({ colors, children }: { colors: readonly TierColor[]; children: ReactNode }) {
  return <TierColors value={colors}>{children}</TierColors>;
}

/** `tierRamp` in the colours of the project. */
export function useTierRamp(index: number, count: number): string {
  return tierRamp(index, count, useContext(TierColors));
}

/** A tier's number and name in its colour: "1 Excellent". */
export function TierBadge({
  index,
  tiers,
  className,
}: {
  index: number;
  tiers: readonly string[];
  className?: string;
}) {
  const t = useTranslations('ui');
  return (
    <span
      data-ramp={useTierRamp(index, tiers.length)}
      className={classNames(
        'inline-flex items-center gap-1.5 whitespace-nowrap rounded-full bg-tier-wash py-0.5 pe-2.5 ps-1 font-medium text-tier-ink text-xs ring-1 ring-tier/35 ring-inset',
        className,
      )}
    >
      <TierNumber index={index} />
      <span dir="auto" className="min-w-0 truncate">
        {tiers[index] ?? t('tier', { number: index + 1 })}
      </span>
    </span>
  );
}

/** The number key of a tier (index + 1), inside an element with data-ramp. */
export function TierNumber({ index, className }: { index: number; className?: string }) {
  return (
    <span
      className={classNames(
        'tabular inline-flex size-4.5 shrink-0 items-center justify-center rounded-full bg-tier font-semibold text-[0.6875rem] text-surface',
        className,
      )}
    >
      {index + 1}
    </span>
  );
}
