'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { hasEnded } from '@/components/train/run-progress';
import { useCurrentRun } from '@/components/train/run-store';
import { useFormats } from '@/components/ui/use-formats';

/** A link to the run that this tab trains, shown on every other page. */
export function TrainingLink() {
  const t = useTranslations('shell');
  const { formatPercent } = useFormats();
  const pathname = usePathname();
  const run = useCurrentRun();
  if (run === null || hasEnded(run)) return null;
  const href = `/projects/${run.projectId}/runs/${run.runId}`;
  if (pathname === href) return null;
  const share = run.totalSteps > 0 ? Math.floor((run.step / run.totalSteps) * 100) / 100 : null;
  return (
    <Link
      href={href}
      className="flex min-w-0 items-center gap-2 rounded-full border border-line px-3 py-1 text-[0.8125rem] text-soft hover:bg-hover hover:text-ink"
    >
      <span
        aria-hidden="true"
        className="size-2 shrink-0 animate-pulse rounded-full bg-accent motion-reduce:animate-none"
      />
      <span className="max-sm:sr-only">{t('training')}</span>
      {share === null ? null : <span className="tabular whitespace-nowrap">{formatPercent(share)}</span>}
    </Link>
  );
}
