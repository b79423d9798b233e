'use client';

import { useTranslations } from 'next-intl';
import { type FormEvent, useId, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { RadioCards, TextField } from '@/components/ui/field';
import { Notice } from '@/components/ui/states';
import type { SkipReason } from '@/lib/schemas/prompt-mark';
import { skipReasons } from './skip-reasons';

/** Why this prompt is skipped: nothing is chosen beforehand, or that would be what most say. Arrows choose, Enter skips. */
export function SkipDialog({
  isOpen,
  onOpenChange,
  onSkip,
}: {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  onSkip: (reason: SkipReason, note: string) => void;
}) {
  const [reason, setReason] = useState<SkipReason | null>(null);
  const [missing, setMissing] = useState(false);
  const [note, setNote] = useState('');
  const t = useTranslations('annotate');
  const words = useTranslations('marks');
  const formId = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reason === null) return setMissing(true);
    onSkip(reason, note.trim());
  };
  return (
    <Dialog
      title={t('skipThisPrompt')}
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      dismissable={note === ''}
      actions={
        <>
          <Button onClick={() => onOpenChange(false)}>{t('cancel')}</Button>
          <Button variant="primary" type="submit" form={formId}>
            {t('skip')}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="grid gap-4">
        <RadioCards
          legend={t('why')}
          name="skip-reason"
          value={reason ?? ''}
          focusOnOpen
          onChange={(value) => {
            setReason(value as SkipReason);
            setMissing(false);
          }}
          options={skipReasons.map((value) => ({ value, label: words(`reasons.${value}`) }))}
        />
        {missing ? <Notice tone="bad">{t('chooseAReason')}</Notice> : null}
        <TextField
          label={t('noteOptional')}
          hint={t('findUnderWorkCan')}
          value={note}
          maxLength={2000}
          onChange={(event) => setNote(event.target.value)}
        />
      </form>
    </Dialog>
  );
}
