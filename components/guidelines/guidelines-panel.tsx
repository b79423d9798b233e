'use client';

import { X } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { IconButton } from '@/components/ui/button';
import type { GuidelineVersion } from '@/lib/schemas/guidelines';
import { GuidelinesText } from './guidelines-text';

/** The guidelines beside the board; on a small screen they cover its lower part. */
export function GuidelinesPanel({
  projectId,
  guidelines,
  tiers,
  onClose,
}: {
  projectId: string;
  guidelines: GuidelineVersion;
  tiers: string[];
  onClose: () => void;
}) {
  const t = useTranslations('guidelines');
  return (
    <aside
      aria-label={t('guidelines')}
      className="flex flex-col border-line bg-surface max-lg:fixed max-lg:inset-x-0 max-lg:bottom-0 max-lg:z-30 max-lg:max-h-[70dvh] max-lg:rounded-t-xl max-lg:border-t max-lg:shadow-raised lg:sticky lg:top-0 lg:h-dvh lg:w-88 lg:shrink-0 lg:border-s"
    >
      <div className="flex items-center justify-between gap-3 border-line border-b py-2 pe-2 ps-4">
        <h2 className="font-semibold text-sm">{t('guidelines')}</h2>
        <span className="flex items-center gap-1">
          <Link
            href={`/projects/${projectId}/guidelines`}
            target="_blank"
            className="rounded-md px-2 py-1 text-[0.8125rem] text-soft hover:bg-hover hover:text-ink"
          >
            {t('openAsPage')}
          </Link>
          <IconButton label={t('close')} size="sm" onClick={onClose}>
            <X aria-hidden="true" className="size-4" />
          </IconButton>
        </span>
      </div>
      <section
        aria-label={t('guidelinesText')}
        data-scrolls
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-4 py-4 -outline-offset-2"
      >
        <GuidelinesText guidelines={guidelines} tiers={tiers} />
      </section>
    </aside>
  );
}
