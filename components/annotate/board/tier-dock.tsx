import { CircleHelp, CornerDownLeft } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import { KeyHint } from '@/components/ui/key-hint';
import { TierNumber, useTierRamp } from '@/components/ui/tier';
import { type KeyBindings, keyLabel } from '../keys/key-bindings';
import { dockIds } from './board-places';
import type { Place } from './board-state';

/**
 * The row at the bottom: places the active response with one press, in reach of a thumb, takes what is dragged on it, and
 * shows every key.
 */
export function TierDock({
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
    <div className="relative z-20 shrink-0 border-line border-t bg-surface px-2 pb-[env(safe-area-inset-bottom)] sm:px-4">
      <div aria-live="assertive">
        {notice ? (
          <p className="mt-2 rounded-md border border-warn/35 bg-warn-wash px-3.5 py-2 text-sm">{notice}</p>
        ) : null}
      </div>
      {armedName ? (
        <p aria-hidden="true" className="pt-1.5 font-medium text-accent text-sm">
          {t('tapATier', { name: armedName })}
        </p>
      ) : null}
      <div className="flex h-14 items-center gap-1.5 sm:h-13 sm:gap-2">
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as one row everywhere */}
        <div
          role="group"
          aria-label={activeName ? t('placeNamed', { name: activeName }) : t('place')}
          className="flex h-11 min-w-0 flex-1 items-end gap-1 sm:h-9 sm:gap-1.5"
        >
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
            data-lane={dockIds.cannotJudge}
            aria-label={t('cantJudge')}
            title={t('cantJudge')}
            aria-pressed={activePlace === 'cannot_judge'}
            disabled={activeName === null}
            onClick={() => onPlace('cannot_judge')}
            className={classNames(
              'flex shrink-0 items-center justify-center gap-2 rounded-md border border-edge/60 border-dashed bg-surface px-2 text-[0.8125rem] text-soft hover:bg-hover data-drop:bg-accent-wash aria-pressed:border-accent aria-pressed:bg-accent-wash sm:px-2.5',
              target,
            )}
          >
            <CircleHelp aria-hidden="true" className="size-4 lg:hidden" />
            <span aria-hidden="true" className="hidden whitespace-nowrap lg:inline">
              {t('cantJudge')}
            </span>
            <KeyHint className={finePointer}>{keyLabel(keys['cannot-judge'])}</KeyHint>
          </button>
        </div>
        <button
          type="button"
          aria-pressed={allBad}
          onClick={onToggleAllBad}
          title={t('noResponseAcceptableTiers')}
          className="hidden h-9 shrink-0 items-center justify-center gap-2 whitespace-nowrap rounded-md border border-edge/60 px-2.5 text-[0.8125rem] text-soft transition-colors hover:bg-hover aria-pressed:border-bad aria-pressed:bg-bad-wash aria-pressed:font-medium aria-pressed:text-bad sm:flex"
        >
          {t('allAreBad')} <KeyHint className={finePointer}>{keyLabel(keys['all-bad'])}</KeyHint>
        </button>
        <Button
          variant="primary"
          onClick={onSave}
          aria-label={saveLabel}
          className="h-11! shrink-0 px-3! sm:h-9! sm:px-3.5!"
        >
          <span aria-hidden="true" className="hidden sm:inline">
            {saveLabel}
          </span>
          <CornerDownLeft aria-hidden="true" className="size-4 rtl:-scale-x-100" />
        </Button>
      </div>
    </div>
  );
}

/** Keys are shown where there is room for them and somebody has a keyboard. */
const finePointer = 'hidden pointer-fine:lg:inline';

/** While something is dragged, what it can be dropped on grows over the board. */
const target =
  'h-full transition-[height,background-color] duration-100 in-data-dragging:h-24 in-data-dragging:shadow-raised';

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
      data-lane={dockIds.tier(index)}
      data-ramp={useTierRamp(index, tiers.length)}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onPress}
      title={tiers[index]}
      className={classNames(
        'flex min-w-0 flex-1 basis-0 flex-col items-center justify-center gap-0.5 rounded-md border px-0.5 font-medium text-tier-ink text-[0.6875rem] tracking-tight sm:flex-row sm:gap-1.5 sm:px-2 sm:text-[0.8125rem] lg:max-w-48',
        'data-drop:border-tier data-drop:bg-tier-wash data-drop:ring-2 data-drop:ring-tier',
        target,
        pressed
          ? 'border-tier bg-tier-wash ring-1 ring-tier ring-inset'
          : 'border-edge/60 bg-surface hover:border-tier hover:bg-tier-wash',
      )}
    >
      <TierNumber index={index} />
      <span dir="auto" className="max-w-full truncate">
        {tiers[index]}
      </span>
    </button>
  );
}
