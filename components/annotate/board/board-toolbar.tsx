import { Flag, Keyboard, Redo2, SkipForward, Undo2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { IconButton } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';

/** The board and its bars use more of a large screen than other pages do. */
export const boardWidth = 'mx-auto w-full max-w-[100rem] min-[1800px]:max-w-[150rem] px-4 sm:px-6';

/** The thin row above the board: `children` (progress, save status) at the left, `tools` and the board's own at the right. */
export function BoardToolbar({
  children,
  tools,
  canUndo,
  canRedo,
  flagged,
  onUndo,
  onRedo,
  onFlag,
  onSkip,
  onKeys,
}: {
  children: ReactNode;
  tools: ReactNode;
  canUndo: boolean;
  canRedo: boolean;
  flagged: boolean;
  onUndo: () => void;
  onRedo: () => void;
  onFlag: () => void;
  /** Missing where there is no queue to go on with. */
  onSkip?: () => void;
  onKeys: () => void;
}) {
  const t = useTranslations('annotate');
  return (
    <div className="sticky top-0 z-10 border-line border-b bg-paper/95 backdrop-blur-sm">
      <div className={classNames('flex min-h-12 items-center sm:gap-1', boardWidth)}>
        <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2 sm:flex-nowrap sm:gap-5">{children}</div>
        {tools}
        <IconButton label={t('undo')} size="sm" disabled={!canUndo} onClick={onUndo}>
          <Undo2 aria-hidden="true" className="rtl:-scale-x-100 size-4" />
        </IconButton>
        <IconButton label={t('redo')} size="sm" disabled={!canRedo} onClick={onRedo}>
          <Redo2 aria-hidden="true" className="rtl:-scale-x-100 size-4" />
        </IconButton>
        <IconButton
          label={t('flagThisPrompt')}
          size="sm"
          aria-pressed={flagged}
          onClick={onFlag}
          className="aria-pressed:bg-warn-wash aria-pressed:text-warn"
        >
          <Flag aria-hidden="true" className={classNames('size-4', flagged && 'fill-current')} />
        </IconButton>
        {onSkip ? (
          <IconButton label={t('skipThisPrompt')} size="sm" onClick={onSkip}>
            <SkipForward aria-hidden="true" className="rtl:-scale-x-100 size-4" />
          </IconButton>
        ) : null}
        <IconButton label={t('keys')} size="sm" className="pointer-coarse:hidden" onClick={onKeys}>
          <Keyboard aria-hidden="true" className="size-4" />
        </IconButton>
      </div>
    </div>
  );
}
