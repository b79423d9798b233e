'use client';

import { useLocale, useTranslations } from 'next-intl';
import { messageSentence, type Sentences } from '@/components/ui/error-sentence';
import { useFormats } from '@/components/ui/use-formats';
import type { Figure } from '@/lib/schemas/agreement';

/** A figure and its interval in words; the reason where it is undefined. */
export function useFigureWords() {
  const t = useTranslations() as unknown as Sentences;
  const words = useTranslations('agreement');
  const locale = useLocale();
  const { formatNumber } = useFormats();
  const decimals = (value: number) => formatNumber(value, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
  return {
    decimals,
    valueWords: ({ value }: Figure) => (value === null ? '—' : decimals(value)),
    intervalWords: ({ interval }: Figure) =>
      interval ? words('fromTo', { low: decimals(interval[0]), high: decimals(interval[1]) }) : '',
    reasonWords: ({ reason }: Figure) => (reason ? (messageSentence(t, locale, reason) ?? '') : ''),
  };
}
