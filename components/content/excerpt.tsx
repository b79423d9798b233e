'use client';

import { type ReactNode, useMemo, useRef } from 'react';
import { classNames } from '@/components/ui/class-names';
import { foldText } from './fold';
import { FormattedText } from './formatted-text';
import { ResponseText, useIsLong } from './response-text';
import { useTextForm } from './text-forms';
import { useLineClip } from './use-line-clip';

/** How what does not fit in a folded text fades away; see `useLineClip`. */
export const FOLDED = 'max-h-[11.5em] overflow-hidden mask-[linear-gradient(black_70%,transparent)]';

/** The beginning of a text, drawn as the board draws it: the same few lines' work for any length. */
export function Excerpt({ text, className }: { text: string; className?: string }) {
  const textForm = useTextForm();
  const { long, preview } = useMemo(() => foldText(text), [text]);
  const form = useMemo(() => textForm(text), [text, textForm]);
  return (
    <Beginning isLong={long} className={className}>
      <FormattedText text={preview} form={form} />
    </Beginning>
  );
}

/** The same of a response: the beginning of its answer. */
export function ResponseExcerpt({ text, className }: { text: string; className?: string }) {
  return (
    <Beginning isLong={useIsLong(text)} className={className}>
      <ResponseText text={text} folded />
    </Beginning>
  );
}

function Beginning({ isLong, className, children }: { isLong: boolean; className?: string; children: ReactNode }) {
  const ref = useRef<HTMLDivElement>(null);
  useLineClip(ref, true);
  return (
    // Nothing that the fold hides takes the focus.
    <div ref={ref} inert={isLong} className={classNames('min-w-0 leading-relaxed', isLong && FOLDED, className)}>
      {children}
    </div>
  );
}
