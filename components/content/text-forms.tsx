'use client';

import { createContext, type ReactNode, useContext, useMemo } from 'react';
import type { TextFormat } from '@/lib/schemas/text-format';
import { beginsAsMarkdown, holdsMath, type TextForm, textForm } from './text-form';
import { splitThinking } from './thinking';

/** What the project says its texts are. */
const Format = createContext<TextFormat>('auto');
export const TextFormatProvider = Format.Provider;

/** The project's own tags around thinking, beside those that are always known. */
const ThinkingTags = createContext<readonly string[]>([]);
export const ThinkingTagsProvider = ThinkingTags.Provider;
export const useThinkingTags = (): readonly string[] => useContext(ThinkingTags);

type FormOf = (text: string) => TextForm;

const formsOf = {
  auto: textForm,
  markdown: (text) => ({ markdown: true, math: holdsMath(text) }),
  plain: () => ({ markdown: false, math: false }),
} satisfies Record<TextFormat, FormOf>;
const plainWithMath: FormOf = (text) => ({ markdown: false, math: holdsMath(text) });

/** `isRaw`: every sign of a text is shown, whatever the project says. */
const Group = createContext<{ formOf: FormOf | null; isRaw: boolean }>({ formOf: null, isRaw: false });

/**
 * Texts that are read and compared together are drawn the same way: where the project decides for each text, all of
 * them are Markdown as soon as one is. `texts` should be the same array as long as the texts are the same ones.
 */
export function TextGroup({
  texts,
  raw = false,
  children,
}: {
  texts: readonly string[];
  raw?: boolean;
  children: ReactNode;
}) {
  const format = useContext(Format);
  const tags = useThinkingTags();
  const isMarkdown = useMemo(() => {
    // An answer may begin behind pages of thinking.
    const looks = (text: string) => splitThinking(text, tags).some((part) => beginsAsMarkdown(part.text));
    return format === 'auto' && !raw && texts.some(looks);
  }, [format, raw, texts, tags]);
  const group = useMemo(() => {
    if (raw) return { formOf: formsOf.plain, isRaw: true };
    if (format !== 'auto') return { formOf: formsOf[format], isRaw: false };
    return { formOf: isMarkdown ? formsOf.markdown : plainWithMath, isRaw: false };
  }, [format, raw, isMarkdown]);
  return <Group value={group}>{children}</Group>;
}

/** How a text is shown: as its group is, or else as this project's texts are. */
export function useTextForm(): FormOf {
  const format = useContext(Format);
  return useContext(Group).formOf ?? formsOf[format];
}

/** Whether the texts here are shown as they were written, sign for sign. */
export const useIsRaw = (): boolean => useContext(Group).isRaw;
