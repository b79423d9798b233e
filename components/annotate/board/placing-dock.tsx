import { CornerDownLeft } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import { TierNumber, useTierRamp } from '@/components/ui/tier';
import { type KeyBindings, keyLabel } from '../keys/key-bindings';
import type { Place } from './board-state';
import { boardWidth } from './board-toolbar';

/** The bar at the bottom: places the active response with one press, in reach of a thumb, and shows every key. */
export function PlacingDock({
  tiers,
  keys,
  activeName,
  activePlace,
  armedName,
  allBad,
  notice,
  saveLabel,
  onPlace,
  onToggleAllBad,
  onSave,
}: {
  tiers: readonly string[];
  keys: KeyBindings;
  /** null: there is nothing to place. */
  activeName: string | null;
  activePlace: Place;
  /** The response that was tapped and waits for a tap on a tier. */
  armedName: string | null;
  allBad: boolean;
  /** Why the last press of save did not save. */
  notice: string | null;
  saveLabel: string;
  onPlace: (place: Place) => void;
  onToggleAllBad: () => void;
  onSave: (event: { detail: number }) => void;
}) {
  const t = useTranslations('annotate');
  return (
    <div className="sticky bottom-0 z-20 border-line border-t bg-surface/95 pb-[env(safe-area-inset-bottom)] backdrop-blur-sm">
      <div aria-live="assertive" className={boardWidth}>
        {notice ? (
          <p className="mt-3 rounded-md border border-warn/35 bg-warn-wash px-3.5 py-2 text-sm">{notice}</p>
        ) : null}
      </div>
      {armedName ? (
        <p aria-hidden="true" className={classNames('pt-2 font-medium text-accent text-sm', boardWidth)}>
          {t('tapATier', { name: armedName })}
        </p>
      ) : null}
      <div className={classNames('flex flex-wrap items-center gap-2 py-3 lg:flex-nowrap', boardWidth)}>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as one row everywhere */}
        <div
          role="group"
          aria-label={activeName ? t('placeNamed', { name: activeName }) : t('place')}
          className="flex w-full min-w-0 items-center gap-1.5 lg:w-auto lg:flex-1"
        >
          <p aria-hidden="true" className="hidden shrink-0 pe-1 font-medium text-accent text-sm md:block">
            {activeName}
          </p>
          {tiers.map((tier, index) => (
            <TierButton
              key={tier}
              index={index}
              tiers={tiers}
              pressed={activePlace === index}
              disabled={activeName === null}
              onPress={() => onPlace(index)}
            />
          ))}
          <button
            type="button"
            aria-pressed={activePlace === 'cannot_judge'}
            disabled={activeName === null}
            onClick={() => onPlace('cannot_judge')}
            className="hidden h-10 shrink-0 items-center gap-2 rounded-md border border-edge/60 border-dashed px-3 text-[0.8125rem] text-soft transition-colors hover:bg-hover aria-pressed:border-accent aria-pressed:bg-accent-wash sm:flex"
          >
            {t('cantJudge')} <KeyHint>{keyLabel(keys['cannot-judge'])}</KeyHint>
          </button>
        </div>
        <div className="flex w-full items-center gap-1.5 sm:justify-end lg:w-auto">
          <button
            type="button"
            aria-pressed={activePlace === 'cannot_judge'}
            disabled={activeName === null}
            onClick={() => onPlace('cannot_judge')}
            className="h-10 flex-1 rounded-md border border-edge/60 border-dashed px-2 text-[0.8125rem] text-soft aria-pressed:border-accent aria-pressed:bg-accent-wash sm:hidden"
          >
            {t('cantJudge')}
          </button>
          <button
            type="button"
            aria-pressed={allBad}
            onClick={onToggleAllBad}
            title={t('noResponseAcceptableTiers')}
            className="flex h-10 flex-1 items-center justify-center gap-2 whitespace-nowrap rounded-md border border-edge/60 px-2 text-[0.8125rem] text-soft transition-colors hover:bg-hover aria-pressed:border-bad aria-pressed:bg-bad-wash aria-pressed:font-medium aria-pressed:text-bad sm:flex-none sm:px-3"
          >
            {t('allAreBad')} <KeyHint className="hidden sm:inline">{keyLabel(keys['all-bad'])}</KeyHint>
          </button>
          <Button variant="primary" onClick={onSave} className="flex-1 px-2.5! sm:flex-none sm:px-4!">
            {saveLabel}
            <CornerDownLeft aria-hidden="true" className="rtl:-scale-x-100 hidden size-4 sm:block" />
          </Button>
        </div>
      </div>
    </div>
  );
}

function TierButton({
  index,
  tiers,
  pressed,
  disabled,
  onPress,
}: {
  index: number;
  tiers: readonly string[];
  pressed: boolean;
  disabled: boolean;
  onPress: () => void;
}) {
  return (
    <button
      type="button"
      data-ramp={useTierRamp(index, tiers.length)}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onPress}
      className={classNames(
        'flex h-11 min-w-0 flex-1 basis-0 flex-col sm:basis-auto items-center justify-center gap-0.5 rounded-md border px-0.5 font-medium text-tier-ink text-xs tracking-tight transition-colors sm:h-10 sm:flex-row sm:gap-1.5 sm:px-2 sm:text-[0.8125rem] lg:max-w-48',
        pressed
          ? 'border-tier bg-tier-wash ring-1 ring-tier ring-inset'
          : 'border-edge/60 bg-surface hover:border-tier hover:bg-tier-wash',
      )}
    >
      <TierNumber index={index} />
      <span className="max-w-full truncate">{tiers[index]}</span>
    </button>
  );
}

/** A key on a button; not part of its name. */
function KeyHint({ children, className }: { children: string; className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={classNames('rounded-sm border border-line bg-paper px-1 text-[0.6875rem] text-faint', className)}
    >
      {children}
    </span>
  );
}
