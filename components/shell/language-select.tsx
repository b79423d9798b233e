'use client';

import { Languages } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { isLanguage, LANGUAGE_CODES, LANGUAGES } from '@/lib/i18n/locales';
import { useLanguage } from './language';

/** A language menu for pages without an account menu: sign-in and invitations. */
export function LanguageSelect() {
  const t = useTranslations('shell');
  const { language, choose } = useLanguage();
  return (
    <span className="inline-flex items-center gap-2 text-soft text-sm">
      <Languages aria-hidden="true" className="size-4" />
      <select
        aria-label={t('language')}
        value={language}
        onChange={(event) => {
          if (isLanguage(event.target.value)) choose(event.target.value);
        }}
        className="h-8 rounded-md border border-transparent bg-transparent px-1 hover:border-edge"
      >
        {LANGUAGE_CODES.map((code) => (
          <option key={code} value={code} lang={code}>
            {LANGUAGES[code].name}
          </option>
        ))}
      </select>
    </span>
  );
}
