'use client';

import { createContext, useContext } from 'react';
import type { TextFormat } from '@/lib/schemas/text-format';
import { type TextForm, textForm } from './text-form';

/** What the project says its texts are. */
const Format = createContext<TextFormat>('auto');
export const TextFormatProvider = Format.Provider;

/** How a text is shown in this project. */
export function useTextForm(): (text: string) => TextForm {
  return forms[useContext(Format)];
}

const forms: Record<TextFormat, (text: string) => TextForm> = {
  auto: textForm,
  markdown: (text) => ({ markdown: true, math: textForm(text).math }),
  plain: () => ({ markdown: false, math: false }),
};
