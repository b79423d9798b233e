'use client';

import { MessageSquareText } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type RefObject, useId } from 'react';
import { useRemarksView } from './remarks-context';

/** What the annotator wants to say about the prompt and its responses; the field opens when there is something. */
export function CommentField({
  fieldRef,
  open,
  onOpen,
  onLeave,
}: {
  fieldRef: RefObject<HTMLTextAreaElement | null>;
  open: boolean;
  onOpen: () => void;
  onLeave: () => void;
}) {
  const t = useTranslations('annotate');
  const { remarks, act } = useRemarksView();
  const id = useId();
  if (!open && remarks.comment === '') {
    return (
      <button
        type="button"
        onClick={onOpen}
        className="mt-4 -ms-2 flex items-center gap-2 rounded-md px-2 py-1.5 text-[0.8125rem] text-soft hover:bg-hover hover:text-ink"
      >
        <MessageSquareText aria-hidden="true" className="size-4" />
        {t('addAComment')}
      </button>
    );
  }
  return (
    <div className="mt-4 grid gap-1.5">
      <label htmlFor={id} className="font-semibold text-sm">
        {t('comment')} <span className="font-normal text-faint">{t('optional')}</span>
      </label>
      <textarea
        ref={fieldRef}
        id={id}
        dir="auto"
        rows={2}
        maxLength={5000}
        value={remarks.comment}
        onChange={(event) => act({ type: 'comment', text: event.target.value })}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onLeave();
        }}
        className="field-sizing-content max-h-60 min-h-16 w-full max-w-3xl rounded-md border border-edge bg-surface px-3 py-2 text-sm leading-relaxed"
      />
    </div>
  );
}
