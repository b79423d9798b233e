'use client';

import { Undo2 } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useApi } from '@/components/ui/api';
import { classNames } from '@/components/ui/class-names';
import type { Pace } from '@/lib/schemas/pace';
import { boardWidth } from '../board/board-toolbar';
import { keyLabel } from '../keys/key-bindings';
import type { LeftPrompt } from '../session/session-state';
import { othersWords, paceWords } from './pace-words';

const midnight = () => new Date(new Date().setHours(0, 0, 0, 0)).toISOString();

/** The quiet line above the board: how the work goes, and the way back to the last prompt. */
export function QueueLine({
  projectId,
  last,
  backKey,
  onBack,
  mineHref,
}: {
  projectId: string;
  last: LeftPrompt | null;
  /** The key that does the same; null where no key is listened to. */
  backKey: string | null;
  onBack: () => void;
  mineHref: string;
}) {
  const t = useTranslations('annotate');
  const words = useTranslations('marks');
  const pace = useApi<Pace>(`/projects/${projectId}/pace?since=${midnight()}`).data;
  return (
    <div
      className={classNames(
        'flex min-h-9 items-center justify-between gap-x-4 pt-1 text-[0.8125rem] text-faint',
        boardWidth,
      )}
    >
      <p className="flex min-w-0 flex-wrap items-center gap-x-1.5">
        {last ? (
          <>
            <span className="line-clamp-1 wrap-anywhere">
              {t(last.skipped ? 'lastSkipped' : 'lastJudged', { prompt: last.task.externalId })}
            </span>
            <button
              type="button"
              onClick={onBack}
              aria-label={t('undoBackTo', { prompt: last.task.externalId })}
              className="inline-flex min-h-6 items-center gap-1.5 rounded-sm px-1 font-medium text-accent hover:underline"
            >
              <Undo2 aria-hidden="true" className="rtl:-scale-x-100 size-3.5" />
              {t('undo')}
              {backKey ? (
                <span
                  aria-hidden="true"
                  className="rounded-sm border border-line bg-paper px-1 text-[0.6875rem] text-faint"
                >
                  {keyLabel(backKey)}
                </span>
              ) : null}
            </button>
          </>
        ) : null}
      </p>
      <p className="flex shrink-0 items-center gap-x-3">
        {pace ? (
          <span className="tabular hidden md:inline">
            {paceWords(pace, words)}
            {pace.total > 0 ? ` · ${othersWords(pace, words)}` : ''}
          </span>
        ) : null}
        <Link href={mineHref} className="-me-2 rounded-md px-2 py-1 text-soft hover:bg-hover hover:text-ink">
          {t('yourWork')}
        </Link>
      </p>
    </div>
  );
}
