'use client';

import { useTranslations } from 'next-intl';
import { useTierRamp } from '@/components/ui/tier';
import { useFormats } from '@/components/ui/use-formats';

/** A bar of the tiers that somebody uses, the best first. */
export function TierUse({ counts, tierName }: { counts: readonly number[]; tierName: (tier: number) => string }) {
  const t = useTranslations('agreement');
  const { formatPercent } = useFormats();
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return <span className="text-faint">—</span>;
  const words = counts.map((count, tier) =>
    t('shareOfTier', { tier: tierName(tier), share: formatPercent(count / total) }),
  );
  return (
    <div role="img" aria-label={words.join(', ')} title={words.join('\n')} className="flex h-5 min-w-32 gap-px">
      {counts.map((count, tier) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a tier is its index
        <TierPart key={tier} tier={tier} tiers={counts.length} share={count / total} />
      ))}
    </div>
  );
}

function TierPart({ tier, tiers, share }: { tier: number; tiers: number; share: number }) {
  const ramp = useTierRamp(tier, tiers);
  return share === 0 ? null : (
    <div data-ramp={ramp} className="h-full rounded-sm bg-tier" style={{ width: `${100 * share}%` }} />
  );
}
