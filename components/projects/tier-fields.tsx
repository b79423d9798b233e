'use client';

import { ChevronDown, Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button, IconButton } from '@/components/ui/button';
import { TierNumber, tierRamp } from '@/components/ui/tier';
import { MAX_TIER_NAME, type TierColor, tierPalette } from '@/lib/schemas/tier-rules';
import { MAX_TIERS, MIN_TIERS } from '@/trainer/contract/tier-limits';

/** A tier that is being edited; its `key` is stable, so that typing does not move the focus. */
export type DraftTier = { key: number; name: string; color: TierColor };

export function draftTiers(names: readonly string[], colors: readonly TierColor[] = []): DraftTier[] {
  return names.map((name, key) => ({ key, name, color: colors[key] ?? 'ramp' }));
}

/** The edited tiers in the form in which they are stored. */
export function toStoredTiers(drafts: readonly DraftTier[]): { tiers: string[]; tierColors: TierColor[] } {
  const colors = drafts.map(({ color }) => color);
  return {
    tiers: drafts.map(({ name }) => name.trim()),
    tierColors: colors.every((color) => color === 'ramp') ? [] : colors,
  };
}

/** Fields for the names and colours of 2 to 7 tiers. `fixed` is the reason why their number cannot change. */
export function TierFields({
  tiers,
  fixed,
  onChange,
}: {
  tiers: DraftTier[];
  fixed?: string;
  onChange: (tiers: DraftTier[]) => void;
}) {
  const t = useTranslations('projects');
  const colors = tiers.map(({ color }) => color);
  const change = (key: number, more: Partial<DraftTier>) =>
    onChange(tiers.map((tier) => (tier.key === key ? { ...tier, ...more } : tier)));
  const add = () => {
    const key = Math.max(...tiers.map((tier) => tier.key)) + 1;
    onChange([...tiers, { key, name: '', color: 'ramp' }]);
  };
  return (
    <fieldset className="min-w-0">
      <legend className="font-medium text-sm">{t('tiersBestFirst')}</legend>
      <p className="mb-2 text-[0.8125rem] text-faint">
        {fixed ?? t('tierLimits', { min: MIN_TIERS, max: MAX_TIERS })} {t('tierKeyHint')}
      </p>
      <ul className="grid grid-cols-1 gap-2">
        {tiers.map((tier, index) => (
          <li key={tier.key} data-ramp={tierRamp(index, tiers.length, colors)} className="flex items-center gap-2">
            <TierNumber index={index} className="size-6! text-xs!" />
            <input
              aria-label={t('tier', { number: index + 1 })}
              value={tier.name}
              maxLength={MAX_TIER_NAME}
              autoComplete="off"
              onChange={(event) => change(tier.key, { name: event.target.value })}
              className="h-9 min-w-0 flex-1 rounded-md border border-edge bg-surface px-3 text-sm"
            />
            <span className="relative block w-32 shrink-0">
              <select
                aria-label={t('tierColor', { number: index + 1 })}
                value={tier.color}
                onChange={(event) => change(tier.key, { color: event.target.value as TierColor })}
                className="h-9 w-full appearance-none rounded-md border border-edge bg-tier-wash pe-8 ps-3 text-sm text-tier-ink"
              >
                {(['ramp', ...tierPalette] as const).map((color) => (
                  <option key={color} value={color} className="bg-surface text-ink">
                    {t(`tierColors.${color}`)}
                  </option>
                ))}
              </select>
              <ChevronDown
                aria-hidden="true"
                className="pointer-events-none absolute top-1/2 end-2 size-4 -translate-y-1/2 text-tier-ink"
              />
            </span>
            {fixed ? null : (
              <IconButton
                label={t('removeTier', { value: index + 1 })}
                size="sm"
                disabled={tiers.length <= MIN_TIERS}
                onClick={() => onChange(tiers.filter(({ key }) => key !== tier.key))}
              >
                <X aria-hidden="true" className="size-4" />
              </IconButton>
            )}
          </li>
        ))}
      </ul>
      {!fixed && tiers.length < MAX_TIERS ? (
        <Button
          size="sm"
          variant="ghost"
          className="mt-2"
          icon={<Plus aria-hidden="true" className="size-4" />}
          onClick={add}
        >
          {t('addTier')}
        </Button>
      ) : null}
    </fieldset>
  );
}
