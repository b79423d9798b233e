'use client';

import { useTranslations } from 'next-intl';
import { type FormEvent, useId, useState } from 'react';
import { Button } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import { boardWidth } from '../board/board-bar';

/** Under the toolbar of a prompt that was just flagged: what is it about? The flag holds without a word. */
export function FlagNote({ onNote, onClose }: { onNote: (note: string) => void; onClose: () => void }) {
  const t = useTranslations('annotate');
  const [note, setNote] = useState('');
  const id = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (note.trim() === '') onClose();
    else onNote(note.trim());
  };
  return (
    <form onSubmit={submit} className={classNames('flex flex-wrap items-center gap-2 pt-3', boardWidth)}>
      <label htmlFor={id} className="text-sm text-warn">
        {t('flaggedWhy')}
      </label>
      <input
        id={id}
        dir="auto"
        value={note}
        maxLength={2000}
        autoComplete="off"
        onChange={(event) => setNote(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onClose();
        }}
        className="h-9 min-w-0 flex-1 basis-56 rounded-md border border-edge bg-surface px-3 text-sm"
      />
      <Button size="sm" type="submit">
        {note.trim() === '' ? t('flagWithoutNote') : t('addNote')}
      </Button>
    </form>
  );
}
