'use client';

import { useTranslations } from 'next-intl';
import { memo, type RefObject, useDeferredValue, useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { classNames } from '@/components/ui/class-names';
import { useLoaded } from '@/components/ui/use-loaded';
import { CitingText } from './citations-context';
import { type Drawing, type Drawn, drawnText, onDrawn, wantDrawn } from './drawn-texts';
import { isSmall } from './text-budget';
import { chunkClass, textChunks } from './text-chunks';
import type { TextForm } from './text-form';
import { useTextForm } from './text-forms';
import { isSelectingIn, onSelectionChange } from './text-selecting';

const loadBlock = () => import('./drawn-block').then(({ DrawnBlock }) => DrawnBlock);

/**
 * A text by somebody else. How is the project's choice, by default plain unless it is plainly Markdown or holds
 * formulas; `form` overrides the look at the text (a shortened text keeps the form of the whole one). A worker formats
 * it; until then, and where that is too much to draw, it stands as it was written.
 */
export const FormattedText = memo(function FormattedText({
  text,
  form,
  className,
}: {
  text: string;
  form?: TextForm;
  className?: string;
}) {
  const t = useTranslations('content');
  const textForm = useTextForm();
  const drawing = useMemo(() => ({ text, form: form ?? textForm(text) }), [text, form, textForm]);
  const plain = useRef<HTMLDivElement>(null);
  const drawn = useDrawn(drawing, plain);
  const DrawnBlock = useLoaded(loadBlock, typeof drawn === 'object');
  if (typeof drawn !== 'object' || !DrawnBlock) {
    return (
      <PlainText
        ref={plain}
        text={text}
        note={drawn === 'intricate' ? t('tooIntricate') : undefined}
        className={className}
      />
    );
  }
  return (
    <div
      dir="auto"
      className={classNames(
        drawing.form.markdown ? 'content' : 'prose-response',
        !isSmall(drawn) && 'text-in-parts',
        className,
      )}
    >
      {drawn.children.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks have no id and never change
        <DrawnBlock key={index} block={block} />
      ))}
    </div>
  );
});

/**
 * The text as its worker formatted it; undefined until then, and while somebody selects in the text as it was written
 * (`plain`), for it would take the selection away. What takes long to draw waits until no key does.
 */
function useDrawn(drawing: Drawing, plain: RefObject<HTMLDivElement | null>): Drawn | undefined {
  useEffect(() => wantDrawn(drawing), [drawing]);
  const drawn = useSyncExternalStore(
    onDrawnOrSelection,
    () => (isSelectingIn(plain.current) ? undefined : drawnText(drawing)),
    () => undefined,
  );
  const large = useMemo(
    () => (typeof drawn !== 'object' || isSmall(drawn) ? null : { drawing, drawn }),
    [drawing, drawn],
  );
  const later = useDeferredValue(large, null);
  if (!large) return drawn;
  // Maybe without the colours of its code yet, but never the tree of another text.
  return later?.drawing === drawing ? later.drawn : undefined;
}

function onDrawnOrSelection(listener: () => void): () => void {
  const stops = [onDrawn(listener), onSelectionChange(listener)];
  return () => {
    for (const stop of stops) stop();
  };
}

/** A text as it was written; `note` says above it why it is. */
function PlainText({
  ref,
  text,
  note,
  className,
}: {
  ref: RefObject<HTMLDivElement | null>;
  text: string;
  note?: string;
  className?: string;
}) {
  const chunks = useMemo(() => textChunks(text), [text]);
  return (
    // The note is no part of the text: passages are marked and copied by what stands in it.
    <div
      ref={ref}
      dir="auto"
      data-note={note}
      className={classNames('prose-response', chunks.length === 1 && chunkClass(text, 1), className)}
    >
      {chunks.length === 1 ? (
        <CitingText text={text} />
      ) : (
        chunks.map((chunk, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no id and never change
          <div key={index} className={chunkClass(chunk, chunks.length)}>
            <CitingText text={chunk} />
          </div>
        ))
      )}
    </div>
  );
}
