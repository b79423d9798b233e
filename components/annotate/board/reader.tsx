'use client';

import { ArrowRight, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, type RefObject, useId, useRef } from 'react';
import { Button, IconButton } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import type { BoardState } from './board-state';
import { ReadingPane, type ReadResponse } from './reading-pane';
import type { CardHandlers } from './response-card';
import { ResponseStrip } from './response-strip';
import { type Differences, useDifferences } from './use-differences';
import { useDrawnTexts } from './use-drawn-texts';
import { useScrollTogether } from './use-scroll-together';

/**
 * Responses to read: the one in focus and the one beside it, or those that are compared. The others are letters above
 * them; the keys place the one that is ringed.
 */
export function Reader({
  label,
  responses,
  board,
  tiers,
  armed,
  pins,
  comparing,
  scrolls,
  handlers,
  onNextPair,
  onClose,
  closeLabel,
}: {
  label: string;
  /** Those that are read now. */
  responses: readonly ReadResponse[];
  board: BoardState;
  tiers: readonly string[];
  armed: string | null;
  pins: readonly string[];
  comparing: boolean;
  scrolls: RefObject<Map<string, number>>;
  handlers: CardHandlers;
  onNextPair: () => void;
  /** Missing where there is nothing to go back to. */
  onClose?: () => void;
  closeLabel: string;
}) {
  const panes = useRef<HTMLDivElement>(null);
  const drawn = useDrawnTexts(panes, comparing ? responses.map(({ id }) => id).join(' ') : '');
  const differences = useDifferences(panes, comparing && responses.length === 2, drawn);
  const together = useScrollTogether(panes, comparing, drawn, differences.sharesEnough);
  return (
    <section aria-label={label} className="flex min-w-0 flex-col gap-1.5 md:h-full">
      <div className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-3 bg-paper max-md:sticky max-md:top-0 max-md:z-2">
        <ResponseStrip board={board} tiers={tiers} shown={responses.map(({ id }) => id)} onRead={handlers.onRead} />
        {onClose ? (
          <IconButton label={closeLabel} size="sm" onClick={onClose} className="order-last max-md:order-none">
            <X aria-hidden="true" className="size-4" />
          </IconButton>
        ) : null}
        {comparing ? (
          <ComparisonControls differences={differences} together={together} onNextPair={onNextPair} />
        ) : null}
      </div>
      <div
        ref={panes}
        className={classNames(
          'grid gap-2 md:min-h-0 md:flex-1 md:auto-cols-[minmax(0,1fr)] md:grid-flow-col md:grid-rows-[minmax(0,1fr)]',
          responses.length === 1 && 'justify-items-center [&>*]:w-full',
        )}
      >
        {responses.map((response) => (
          <ReadingPane
            key={response.id}
            {...response}
            tiers={tiers}
            active={board.activeId === response.id}
            pinned={pins.includes(response.id)}
            armed={armed === response.id}
            scrolls={scrolls}
            stacked={comparing}
            handlers={handlers}
            onScroll={together.onScroll}
          />
        ))}
      </div>
    </section>
  );
}

function ComparisonControls({
  differences,
  together,
  onNextPair,
}: {
  differences: Differences;
  together: ReturnType<typeof useScrollTogether>;
  onNextPair: () => void;
}) {
  const t = useTranslations('annotate');
  return (
    <>
      {differences.isPossible ? (
        <>
          <p role="status" aria-label={t('differences')} className="text-[0.8125rem] text-faint">
            {differences.note ? t(`differenceNotes.${differences.note}`) : ''}
          </p>
          <Switch checked={differences.isOn} onChange={differences.setOn}>
            {t('markDifferences')}
          </Switch>
        </>
      ) : null}
      <Switch checked={together.isOn} onChange={together.setOn}>
        {t('scrollTogether')}
      </Switch>
      <Button
        size="sm"
        onClick={onNextPair}
        icon={<ArrowRight aria-hidden="true" className="size-4 rtl:-scale-x-100" />}
      >
        {t('nextPair')}
      </Button>
    </>
  );
}

function Switch({
  checked,
  onChange,
  children,
}: {
  checked: boolean;
  onChange: (on: boolean) => void;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <label htmlFor={id} className="flex items-center gap-2 whitespace-nowrap text-[0.8125rem] text-soft">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
        className="size-4 accent-accent"
      />
      {children}
    </label>
  );
}
