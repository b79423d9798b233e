'use client';

import { useRouter } from 'next/navigation';
import { useLocale } from 'next-intl';
import { LANGUAGE_COOKIE, type Language, languageOf } from '@/lib/i18n/locales';

const YEAR_S = 60 * 60 * 24 * 365;

/** The page's language, and a function that changes it: it sets a cookie and refreshes, which keeps what was typed. */
export function useLanguage(): { language: Language; choose: (language: Language) => void } {
  const language = languageOf(useLocale());
  const router = useRouter();
  const choose = (next: Language) => {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not everywhere yet
    document.cookie = `${LANGUAGE_COOKIE}=${next}; path=/; max-age=${YEAR_S}; samesite=lax`;
    router.refresh();
  };
  return { language, choose };
}
