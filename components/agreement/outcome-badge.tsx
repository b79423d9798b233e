'use client';

import { useTranslations } from 'next-intl';
import type { OUTCOMES } from '@/lib/schemas/agreement';

type Outcome = (typeof OUTCOMES)[number];

export const outcomeColors: Record<Outcome, string> = {
  kept: 'bg-good',
  implied: 'bg-good/55',
  tied: 'bg-edge',
  contradicted: 'bg-bad',
  unsupported: 'bg-warn/60',
  cycle: 'bg-bad/60',
  conflict: 'bg-bad/35',
};

/** What became of a pair; its meaning comes with the pointer, and stands beside the consensus preview. */
export function OutcomeBadge({ outcome }: { outcome: Outcome }) {
  const t = useTranslations('agreement');
  return (
    <span title={t(`outcomeMeanings.${outcome}`)} className="inline-flex items-baseline gap-2">
      <span aria-hidden="true" className={`size-2.5 shrink-0 rounded-full ${outcomeColors[outcome]}`} />
      {t(`outcomes.${outcome}`)}
    </span>
  );
}
