'use client';

import { useTranslations } from 'next-intl';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { cutAtCitations } from './citations';

/** The documents that texts here may cite by number, and what shows one of them; numbers begin at 1. */
const Citations = createContext<{ count: number; open: (document: number) => void }>({
  count: 0,
  open: () => undefined,
});
export const CitationsProvider = Citations.Provider;
export const useCitedDocuments = (): number => useContext(Citations).count;

/** What cites a document, as it stands in the text: pressed, it shows the document. */
export function Citation({ document, children }: { document: number; children: ReactNode }) {
  const t = useTranslations('content');
  const { open } = useContext(Citations);
  const label = t('openDocument', { number: document });
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={() => open(document)}
      className="inline cursor-pointer select-text rounded-sm text-accent underline decoration-dotted underline-offset-2 hover:bg-hover"
    >
      {children}
    </button>
  );
}

/** A text as it was written, with its citations to press. */
export function CitingText({ text }: { text: string }) {
  const documents = useCitedDocuments();
  const pieces = useMemo(() => (documents === 0 ? [text] : cutAtCitations(text, documents)), [text, documents]);
  return pieces.map((piece, index) =>
    typeof piece === 'string' ? (
      piece
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no id and never change
      <Citation key={index} document={piece.document}>
        {piece.text}
      </Citation>
    ),
  );
}
