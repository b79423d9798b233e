'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import { KeyHint } from '@/components/ui/key-hint';
import type { IssueTag } from '@/lib/schemas/remarks';
import { keyOwner } from '../keys/board-keys';
import { useSingleKeys } from '../keys/use-single-keys';
import { TagDot } from './card-tags';
import { keyOfTag, tagOfKey } from './tag-keys';

const HEIGHT = 52;
const LEAST_WIDTH = 340;

/**
 * The tags offered for a selected passage, beside it (`box`). While it is shown, digits choose a tag and Escape
 * dismisses it, before the board or the browser has the key; the focus stays where it is.
 */
export function HighlightToolbar({
  box,
  offered,
  onHighlight,
  onDismiss,
}: {
  box: DOMRect;
  offered: readonly IssueTag[];
  onHighlight: (tag: IssueTag) => void;
  onDismiss: () => void;
}) {
  const t = useTranslations('annotate');
  const [singleKeys] = useSingleKeys();
  const toolbar = useRef<HTMLDivElement>(null);
  const focusedBefore = useRef(document.activeElement);

  const choose = (tag: IssueTag) => {
    // A button of the toolbar that was reached by keyboard goes away with it.
    if (toolbar.current?.contains(document.activeElement) && focusedBefore.current instanceof HTMLElement) {
      focusedBefore.current.focus();
    }
    onHighlight(tag);
  };

  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const owner = keyOwner(event.target);
      if (event.isComposing || owner === 'typing' || owner === 'overlay') return;
      const tag = singleKeys || owner === 'card' || owner === 'pane' ? tagOfKey(event, offered) : null;
      if (event.key === 'Escape') onDismiss();
      else if (tag) choose(tag);
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    window.addEventListener('keydown', listen, { capture: true });
    return () => window.removeEventListener('keydown', listen, { capture: true });
  });

  const isBelow = box.bottom + HEIGHT < innerHeight;
  return (
    <div
      ref={toolbar}
      role="toolbar"
      aria-label={t('highlightSelectedText')}
      // The press must not take the selection away.
      onPointerDown={(event) => event.preventDefault()}
      style={{
        left: Math.max(8, Math.min(box.left, innerWidth - LEAST_WIDTH)),
        top: isBelow ? box.bottom + 8 : Math.max(8, box.top - HEIGHT),
      }}
      className="fixed z-40 flex max-w-[min(32rem,calc(100vw-1rem))] flex-wrap items-center gap-1 rounded-lg border border-line bg-surface p-1.5 shadow-raised"
    >
      <p className="px-1.5 text-faint text-xs">{t('markAs')}</p>
      {offered.map((tag, index) => {
        const key = keyOfTag(index);
        return (
          <button
            key={tag.id}
            type="button"
            aria-keyshortcuts={key ?? undefined}
            onClick={() => choose(tag)}
            className="flex min-h-8 items-center gap-1.5 rounded-md px-2 text-[0.8125rem] hover:bg-hover pointer-coarse:min-h-10"
          >
            <TagDot tag={tag} />
            {tag.name}
            {key === null ? null : <KeyHint className="pointer-coarse:hidden">{key}</KeyHint>}
          </button>
        );
      })}
    </div>
  );
}
