'use client';

import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useCallback, useId, useRef, useState } from 'react';
import { foldText } from '@/components/content/fold';
import type { ShownText } from '@/components/content/self-names';
import { Button, IconButton } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Checkbox } from '@/components/ui/field';
import { highlightKey } from '@/lib/schemas/remark-keys';
import type { Highlight } from '@/lib/schemas/remarks';
import { tagName } from './board-remarks';
import { TagDot } from './card-tags';
import { wholeCharacters, writtenOffset } from './passages';
import { useRemarksView } from './remarks-context';

/**
 * Tags and highlights of one response without a pointer: the text stands in a field in which the keyboard selects, and
 * every highlight is in a list.
 */
export function HighlightsDialog({
  response,
  isOpen,
  onOpenChange,
}: {
  response: { id: string; name: string; shown: ShownText };
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}) {
  const t = useTranslations('annotate');
  const { remarks, tags, act } = useRemarksView();
  const field = useRef<HTMLTextAreaElement>(null);
  const [status, setStatus] = useState('');
  const textId = useId();
  // The browser gives a field that is `readOnly` no caret, and without one the keyboard selects nothing.
  const readOnlyField = useCallback((element: HTMLTextAreaElement | null) => {
    field.current = element;
    element?.addEventListener('beforeinput', (event) => event.preventDefault());
  }, []);
  const { id, name, shown } = response;
  const { text } = shown;
  const on = new Set(remarks.tags.filter(({ responseId }) => responseId === id).map(({ tag }) => tag));
  const offered = tags.filter((tag) => !tag.retired);
  const highlights = remarks.marks.filter(({ responseId }) => responseId === id);

  const passageOf = (one: Highlight) => {
    const { start, end } = shown.toShown(one);
    return text.slice(start, end);
  };
  const highlight = (tag: string) => {
    const { selectionStart = 0, selectionEnd = 0 } = field.current ?? {};
    const selected = { start: writtenOffset(text, selectionStart), end: writtenOffset(text, selectionEnd) };
    const passage = wholeCharacters(text, selected);
    if (passage.start >= passage.end) return setStatus(t('nothingSelectedYetSelect'));
    act({ type: 'highlight', highlight: { responseId: id, ...shown.toRaw(passage), tag } });
    setStatus(t('markedAs', { tag: tagName(tags, tag) }));
  };

  return (
    <Dialog
      title={t('tagsMarksName', { name })}
      size="lg"
      isOpen={isOpen}
      onOpenChange={(open) => {
        setStatus('');
        onOpenChange(open);
      }}
      actions={
        <Button variant="primary" onClick={() => onOpenChange(false)}>
          {t('done')}
        </Button>
      }
    >
      <div className="grid gap-5">
        <fieldset>
          <legend className="mb-2 font-medium text-sm">{t('theWholeResponse')}</legend>
          <div className="flex flex-wrap gap-x-5 gap-y-2">
            {tags
              .filter((tag) => !tag.retired || on.has(tag.id))
              .map((tag) => (
                <Checkbox
                  key={tag.id}
                  label={tag.name}
                  checked={on.has(tag.id)}
                  onChange={() => act({ type: 'toggle-tag', id, tag: tag.id })}
                />
              ))}
          </div>
        </fieldset>
        <div className="grid gap-2">
          <label htmlFor={textId} className="font-medium text-sm">
            {t('aPassage')}
          </label>
          <textarea
            ref={readOnlyField}
            id={textId}
            aria-readonly
            inputMode="none"
            spellCheck={false}
            onChange={() => undefined}
            dir="auto"
            value={text}
            rows={8}
            aria-describedby={`${textId}-hint`}
            className="w-full rounded-md border border-edge bg-paper px-3 py-2 text-sm leading-relaxed"
          />
          <p id={`${textId}-hint`} className="text-[0.8125rem] text-faint">
            {t('selectPassageShiftArrow')}
          </p>
          {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would promise form fields */}
          <div role="group" aria-label={t('highlightSelectedText')} className="flex flex-wrap gap-2">
            {offered.map((tag) => (
              <Button key={tag.id} size="sm" icon={<TagDot tag={tag} />} onClick={() => highlight(tag.id)}>
                {tag.name}
              </Button>
            ))}
          </div>
          <p role="status" aria-label={t('marking')} className="min-h-5 text-[0.8125rem] text-accent">
            {status}
          </p>
        </div>
        {highlights.length > 0 ? (
          <section aria-label={t('marks')}>
            <h3 className="mb-1 font-medium text-sm">{t('marks')}</h3>
            <ul className="divide-y divide-line">
              {highlights.map((one) => (
                <li key={highlightKey(one)} className="flex items-center gap-3 py-1.5">
                  <span className="shrink-0 text-[0.8125rem] text-soft">{tagName(tags, one.tag)}</span>
                  <q dir="auto" className="line-clamp-2 min-w-0 flex-1 text-sm wrap-anywhere">
                    {foldText(passageOf(one)).preview}
                  </q>
                  <IconButton
                    label={t('removeMarkOf', { tag: tagName(tags, one.tag), passage: passageOf(one).slice(0, 60) })}
                    size="sm"
                    onClick={() => {
                      act({ type: 'remove-highlight', highlight: one });
                      setStatus(t('markRemoved'));
                    }}
                  >
                    <X aria-hidden="true" className="size-4" />
                  </IconButton>
                </li>
              ))}
            </ul>
          </section>
        ) : null}
      </div>
    </Dialog>
  );
}
