'use client';

import { useTranslations } from 'next-intl';
import { type KeyboardEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Checkbox } from '@/components/ui/field';
import {
  actionLabel,
  type BoardActionName,
  boardActions,
  defaultBindings,
  type KeyBindings,
  keyLabel,
  rebind,
} from './key-bindings';

const fixedRows = [
  [['↑', '↓', '←', '→'], 'another'],
  [['Home', 'End'], 'ends'],
] as const;

/** Every key of the board, each of which may be another, and the switch that turns single keys off (WCAG 2.1.4). */
export function KeysDialog({
  tiers,
  isOpen,
  onOpenChange,
  bindings,
  onBindingsChange,
  singleKeys,
  onSingleKeysChange,
}: {
  tiers: readonly string[];
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  bindings: KeyBindings;
  onBindingsChange: (bindings: KeyBindings) => void;
  singleKeys: boolean;
  onSingleKeysChange: (on: boolean) => void;
}) {
  const t = useTranslations('annotate');
  const [changing, setChanging] = useState<BoardActionName | null>(null);
  const [message, setMessage] = useState('');
  const shown = boardActions.filter((action) => {
    const tier = /^tier-(\d)$/.exec(action)?.[1];
    return tier === undefined || Number(tier) <= tiers.length;
  });
  const changed = boardActions.some((action) => bindings[action] !== defaultBindings[action]);

  const take = (action: BoardActionName, event: KeyboardEvent) => {
    if (changing !== action || ['Shift', 'Control', 'Alt', 'Meta', 'Tab'].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') {
      setChanging(null);
      setMessage(t('leftAsItWas'));
      return;
    }
    const result = rebind(bindings, action, event.nativeEvent);
    if (result.ok) {
      onBindingsChange(result.bindings);
      setChanging(null);
      setMessage(t('keyIsNow', { action: actionLabel(action, tiers, t), key: keyLabel(result.bindings[action]) }));
    } else {
      setMessage(
        result.reason === 'taken' && result.by
          ? t('keyTaken', { action: actionLabel(result.by, tiers, t) })
          : t('keyCannotUsedPress'),
      );
    }
  };

  return (
    <Dialog
      title={t('keys')}
      isOpen={isOpen}
      onOpenChange={(open) => {
        setChanging(null);
        setMessage('');
        onOpenChange(open);
      }}
      actions={
        <>
          {changed ? (
            <Button
              onClick={() => {
                onBindingsChange(defaultBindings);
                setChanging(null);
                setMessage(t('allKeysAsWere'));
              }}
            >
              {t('resetKeys')}
            </Button>
          ) : null}
          <Button variant="primary" onClick={() => onOpenChange(false)}>
            {t('done')}
          </Button>
        </>
      }
    >
      <p className="mb-3 text-[0.8125rem] text-soft">{t('pressKeyHereGive')}</p>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-5 gap-y-1.5 text-sm">
        {shown.map((action) => (
          <div key={action} className="contents">
            <dt>
              <button
                type="button"
                aria-label={
                  changing === action
                    ? t('pressKeyFor', { action: actionLabel(action, tiers, t) })
                    : t('changeKeyOf', { key: keyLabel(bindings[action]), action: actionLabel(action, tiers, t) })
                }
                onClick={() => {
                  setChanging(action);
                  setMessage(t('pressNewKeyEscape'));
                }}
                onKeyDown={(event) => take(action, event)}
                onBlur={() => setChanging((known) => (known === action ? null : known))}
                className={
                  changing === action
                    ? 'min-w-16 rounded-sm border border-accent bg-accent-wash px-1.5 py-0.5 text-center text-xs'
                    : 'min-w-16 rounded-sm border border-edge/60 bg-paper px-1.5 py-0.5 text-center text-xs hover:border-accent'
                }
              >
                {changing === action ? '…' : keyLabel(bindings[action])}
              </button>
            </dt>
            <dd>{actionLabel(action, tiers, t)}</dd>
          </div>
        ))}
        {fixedRows.map(([keys, text]) => (
          <div key={text} className="contents">
            <dt className="flex gap-1">
              {keys.map((key) => (
                <kbd
                  key={key}
                  className="min-w-6 rounded-sm border border-line bg-paper px-1 py-0.5 text-center font-sans text-xs"
                >
                  {key}
                </kbd>
              ))}
            </dt>
            <dd>{t(`moves.${text}`)}</dd>
          </div>
        ))}
      </dl>
      <p role="status" aria-label={t('keyChange')} className="mt-3 min-h-6 text-[0.8125rem] text-accent">
        {message}
      </p>
      <Checkbox
        className="mt-2 border-line border-t pt-4"
        label={t('keysWorkEverywherePage')}
        hint={t('offOnlyWhileResponse')}
        checked={singleKeys}
        onChange={(event) => onSingleKeysChange(event.target.checked)}
      />
    </Dialog>
  );
}
