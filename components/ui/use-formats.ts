'use client';

import { useLocale } from 'next-intl';
import { type Formats, formatsOf } from './format';

/** Dates, numbers and sizes in the language of the page. */
export function useFormats(): Formats {
  return formatsOf(useLocale());
}
