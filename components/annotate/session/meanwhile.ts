'use client';

import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import { useToast } from '@/components/ui/toast';
import type { SavedAnnotation } from '@/lib/schemas/annotation';

type Meanwhile = NonNullable<SavedAnnotation['meanwhile']>;

const listeners = new Set<(what: Meanwhile) => void>();

/** To be called when the server has stored work on a prompt that a researcher changed while its board was open. */
export function publishMeanwhile(what: Meanwhile): void {
  for (const listener of listeners) listener(what);
}

/** Tells people what became of a prompt that they have just saved. */
export function useMeanwhileToasts(): void {
  const t = useTranslations('annotate');
  const toast = useToast();
  useEffect(() => {
    // What does not count is told until somebody closes it.
    const listener = (what: Meanwhile) => toast(t(`meanwhile.${what}`), what === 'corrected' ? 'neutral' : 'bad');
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, [t, toast]);
}
