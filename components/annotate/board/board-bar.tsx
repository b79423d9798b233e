'use client';

import {
  ArrowLeft,
  Columns2,
  Ellipsis,
  Flag,
  History,
  Keyboard,
  LayoutGrid,
  Redo2,
  SkipForward,
  Type,
  Undo2,
} from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { UserMenu } from '@/components/shell/user-menu';
import { IconButton } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import { MenuButton } from '@/components/ui/menu';
import { skipLink } from '@/components/ui/skip-link';
import type { Me } from '@/lib/schemas/people';
import { type KeyBindings, keyLabel } from '../keys/key-bindings';
import type { BoardView, ViewChoice } from './board-view';

/** Around notices on the board. */
export const boardWidth = 'w-full px-4 sm:px-6';

/**
 * The one bar above the board: the way out, how far the work is and whether it is saved (`children`), and the tools.
 * What a phone has no room for is in a menu there.
 */
export function BoardBar({
  leaveHref,
  leaveLabel,
  children,
  tools,
  user,
  keys,
  view,
  viewChoice,
  raw,
  canUndo,
  canRedo,
  flagged,
  backLabel,
  allBad,
  onView,
  onRaw,
  onUndo,
  onRedo,
  onFlag,
  onSkip,
  onBack,
  onKeys,
  onToggleAllBad,
  onSkipToResponses,
}: {
  leaveHref: string;
  leaveLabel: string;
  children: ReactNode;
  /** More buttons before undo and redo. */
  tools: ReactNode;
  user: Me;
  keys: KeyBindings;
  view: BoardView;
  viewChoice: ViewChoice;
  raw: boolean;
  canUndo: boolean;
  canRedo: boolean;
  flagged: boolean;
  /** What going back leads to; null where there is nothing to go back to. */
  backLabel: string | null;
  allBad: boolean;
  onView: (choice: ViewChoice) => void;
  onRaw: () => void;
  onUndo: () => void;
  onRedo: () => void;
  /** Missing where nothing is flagged. */
  onFlag?: () => void;
  /** Missing where there is no queue to go on with. */
  onSkip?: () => void;
  onBack?: () => void;
  onKeys: () => void;
  onToggleAllBad: () => void;
  /** For the keyboard: past the bar and the prompt. */
  onSkipToResponses: () => void;
}) {
  const t = useTranslations('annotate');
  const other = view === 'focus' ? 'board' : 'focus';
  const ViewIcon = view === 'focus' ? LayoutGrid : Columns2;
  return (
    <div className="flex h-12 shrink-0 items-center gap-x-1 border-line border-b bg-surface ps-1 pe-2 sm:ps-2 sm:pe-4">
      <button type="button" onClick={onSkipToResponses} className={skipLink}>
        {t('skipToResponses')}
      </button>
      <Link
        href={leaveHref}
        aria-label={leaveLabel}
        title={leaveLabel}
        className="flex size-9 shrink-0 items-center justify-center rounded-md text-soft hover:bg-hover hover:text-ink"
      >
        <ArrowLeft aria-hidden="true" className="size-4.5 rtl:-scale-x-100" />
      </Link>
      <div className="flex min-w-0 flex-1 items-center gap-x-2 overflow-hidden sm:gap-x-4">{children}</div>
      {tools}
      <IconButton label={t(`switchTo.${other}`)} size="sm" className="max-sm:hidden" onClick={() => onView(other)}>
        <ViewIcon aria-hidden="true" className="size-4" />
      </IconButton>
      <IconButton label={t('rawText')} size="sm" aria-pressed={raw} className="max-sm:hidden" onClick={onRaw}>
        <Type aria-hidden="true" className="size-4" />
      </IconButton>
      {onBack && backLabel ? (
        <IconButton label={backLabel} size="sm" onClick={onBack}>
          <History aria-hidden="true" className="size-4 rtl:-scale-x-100" />
        </IconButton>
      ) : null}
      <IconButton label={t('undo')} size="sm" disabled={!canUndo} onClick={onUndo}>
        <Undo2 aria-hidden="true" className="size-4 rtl:-scale-x-100" />
      </IconButton>
      <IconButton label={t('redo')} size="sm" disabled={!canRedo} className="max-sm:hidden" onClick={onRedo}>
        <Redo2 aria-hidden="true" className="size-4 rtl:-scale-x-100" />
      </IconButton>
      {onFlag ? (
        <IconButton label={t('flagThisPrompt')} size="sm" aria-pressed={flagged} onClick={onFlag} pressedTone="warn">
          <Flag aria-hidden="true" className={classNames('size-4', flagged && 'fill-current')} />
        </IconButton>
      ) : null}
      {onSkip ? (
        <IconButton label={t('skipThisPrompt')} size="sm" className="max-sm:hidden" onClick={onSkip}>
          <SkipForward aria-hidden="true" className="size-4 rtl:-scale-x-100" />
        </IconButton>
      ) : null}
      <IconButton label={t('keys')} size="sm" className="pointer-coarse:hidden max-sm:hidden" onClick={onKeys}>
        <Keyboard aria-hidden="true" className="size-4" />
      </IconButton>
      <MenuButton
        label={t('more')}
        className="size-8"
        entries={[
          {
            id: 'all-bad',
            label: t('allAreBad'),
            note: allBad ? t('yes') : keyLabel(keys['all-bad']),
            onSelect: onToggleAllBad,
          },
          { id: 'redo', label: t('redo'), note: keyLabel(keys.redo), onSelect: onRedo },
          ...(onSkip ? [{ id: 'skip', label: t('skipThisPrompt'), note: keyLabel(keys.skip), onSelect: onSkip }] : []),
          { id: 'view', label: t(`switchTo.${other}`), note: keyLabel(keys.view), onSelect: () => onView(other) },
          ...(viewChoice === 'automatic'
            ? []
            : [{ id: 'automatic', label: t('viewByLength'), onSelect: () => onView('automatic') }]),
          { id: 'raw', label: t('rawText'), note: raw ? t('yes') : keyLabel(keys.raw), onSelect: onRaw },
          { id: 'keys', label: t('keys'), note: keyLabel(keys.help), onSelect: onKeys },
        ]}
      >
        <Ellipsis aria-hidden="true" className="size-4" />
      </MenuButton>
      <div className="max-sm:hidden">
        <UserMenu user={user} />
      </div>
    </div>
  );
}
