'use client';

import { ListChecks, Undo2 } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useApi } from '@/components/ui/api';
import { classNames } from '@/components/ui/class-names';
import type { Pace } from '@/lib/schemas/pace';
import { boardWidth } from '../board/board-bar';
import type { FinishedPrompt } from '../session/session-state';
import { othersWords, paceWords } from './pace-words';

const midnight = () => new Date(new Date().setHours(0, 0, 0, 0)).toISOString();

/** How the work goes today, where the bar has room for it. */
export function PaceLine({ projectId }: { projectId: string }) {
  const words = useTranslations('marks');
  const pace = useApi<Pace>(`/projects/${projectId}/pace?since=${midnight()}`).data;
  if (!pace) return null;
  return (
    <p className="tabular hidden truncate text-faint text-xs xl:block">
      {paceWords(pace, words)}
      {pace.total > 0 ? ` · ${othersWords(pace, words)}` : ''}
    </p>
  );
}

/** In the bar: what this person has judged so far. */
export function MyWorkLink({ href }: { href: string }) {
  const t = useTranslations('annotate');
  return (
    <Link
      href={href}
      aria-label={t('yourWork')}
      title={t('yourWork')}
      className="flex size-8 shrink-0 items-center justify-center rounded-md text-soft hover:bg-hover hover:text-ink"
    >
      <ListChecks aria-hidden="true" className="size-4" />
    </Link>
  );
}

/** After the last prompt: the way back to it. */
export function BackLine({ last, onBack, mineHref }: { last: FinishedPrompt; onBack: () => void; mineHref: string }) {
  const t = useTranslations('annotate');
  return (
    <div
      className={classNames(
        'flex min-h-9 items-center justify-between gap-x-4 pt-1 text-[0.8125rem] text-faint',
        boardWidth,
      )}
    >
      <p className="flex min-w-0 flex-wrap items-center gap-x-1.5">
        <span className="line-clamp-1 wrap-anywhere">
          {t(last.skipped ? 'lastSkipped' : 'lastJudged', { prompt: last.task.externalId })}
        </span>
        <button
          type="button"
          onClick={onBack}
          aria-label={t('undoBackTo', { prompt: last.task.externalId })}
          className="inline-flex min-h-6 items-center gap-1.5 rounded-sm px-1 font-medium text-accent hover:underline"
        >
          <Undo2 aria-hidden="true" className="size-3.5 rtl:-scale-x-100" />
          {t('undo')}
        </button>
      </p>
      <Link href={mineHref} className="-me-2 rounded-md px-2 py-1 text-soft hover:bg-hover hover:text-ink">
        {t('yourWork')}
      </Link>
    </div>
  );
}
