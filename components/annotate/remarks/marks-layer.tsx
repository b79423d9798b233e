'use client';

import { useTranslations } from 'next-intl';
import { type RefObject, useCallback, useEffect, useState } from 'react';
import { TagDot, useOfferedTags } from './card-tags';
import { clearMarks, drawMarks, type Selected, selectedPassage, type Texts } from './passages';
import { useRemarksView } from './remarks-context';

/** Draws the marks and offers to mark what is selected. Fetched when there is a mark or a selection. */
export function MarksLayer({ root, texts }: { root: RefObject<HTMLElement | null>; texts: Texts }) {
  const t = useTranslations('annotate');
  const { remarks, tags, act } = useRemarksView();
  const { marks } = remarks;
  const offered = useOfferedTags();
  const [selected, setSelected] = useState<Selected | null>(null);

  useEffect(() => {
    const board = root.current;
    if (!board || marks.length === 0) return;
    let frame = 0;
    const draw = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => drawMarks(board, marks, tags, texts));
    };
    draw();
    // Cards move, open, and get their formatting late.
    const watcher = new MutationObserver(draw);
    watcher.observe(board, { childList: true, subtree: true, characterData: true, attributeFilter: ['hidden'] });
    return () => {
      watcher.disconnect();
      cancelAnimationFrame(frame);
      clearMarks();
    };
  }, [root, marks, tags, texts]);

  const look = useCallback(() => {
    setSelected(root.current ? selectedPassage(root.current, texts) : null);
  }, [root, texts]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(look, 120);
    };
    const scrolled = () => setSelected(null);
    later();
    document.addEventListener('selectionchange', later);
    window.addEventListener('scroll', scrolled, { passive: true });
    return () => {
      clearTimeout(timer);
      document.removeEventListener('selectionchange', later);
      window.removeEventListener('scroll', scrolled);
    };
  }, [look]);

  if (!selected || offered.length === 0) return null;
  const { box, responseId, start, end } = selected;
  const below = box.bottom + 52 < innerHeight;
  return (
    <div
      role="toolbar"
      aria-label={t('markTheSelectedText')}
      // The press must not take the selection away.
      onPointerDown={(event) => event.preventDefault()}
      style={{
        left: Math.max(8, Math.min(box.left, innerWidth - 340)),
        top: below ? box.bottom + 8 : Math.max(8, box.top - 52),
      }}
      className="fixed z-40 flex max-w-[min(32rem,calc(100vw-1rem))] flex-wrap items-center gap-1 rounded-lg border border-line bg-surface p-1.5 shadow-raised"
    >
      <p className="px-1.5 text-faint text-xs">{t('markAs')}</p>
      {offered.map((tag) => (
        <button
          key={tag.id}
          type="button"
          onClick={() => {
            act({ type: 'mark', mark: { responseId, start, end, tag: tag.id } });
            getSelection()?.removeAllRanges();
            setSelected(null);
          }}
          className="flex min-h-8 items-center gap-1.5 rounded-md px-2 text-[0.8125rem] hover:bg-hover pointer-coarse:min-h-10"
        >
          <TagDot tag={tag} />
          {tag.name}
        </button>
      ))}
    </div>
  );
}
