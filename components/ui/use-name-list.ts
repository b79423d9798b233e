'use client';

import { useLocale } from 'next-intl';
import { useCallback } from 'react';

/** Joins names as the reader's language does: "A, B, and C". */
export function useNameList(): (names: readonly string[]) => string {
  const locale = useLocale();
  return useCallback((names) => new Intl.ListFormat(locale, { type: 'conjunction' }).format(names), [locale]);
}
