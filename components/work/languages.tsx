'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useId } from 'react';
import { Notice } from '@/components/ui';
import { useFormats } from '@/components/ui/use-formats';
import type { WorkReport } from '@/lib/schemas/work';

/** Says which prompts wait, since too few annotators read their language. */
export function Languages({ projectId, languages }: { projectId: string; languages: WorkReport['languages'] }) {
  const t = useTranslations('work');
  const titleId = useId();
  const { formatLanguage } = useFormats();
  if (languages.length === 0) return null;
  return (
    <Notice tone="warn" labelledBy={titleId}>
      <h2 id={titleId} className="font-semibold">
        {t('languages')}
      </h2>
      <ul className="mt-1 list-disc ps-5">
        {languages.map(({ language, readers, wanted, prompts, isMore }) => (
          <li key={language}>
            {t(readers === 0 ? 'languageUnread' : 'languageShort', {
              language: formatLanguage(language),
              prompts,
              isMore: String(isMore),
              readers,
              wanted,
            })}
          </li>
        ))}
      </ul>
      <p className="mt-1">
        {t.rich('languagesHint', {
          link: (chunks) => (
            <Link href={`/projects/${projectId}`} className="text-accent underline">
              {chunks}
            </Link>
          ),
        })}
      </p>
    </Notice>
  );
}
