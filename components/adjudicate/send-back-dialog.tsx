'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { TextArea } from '@/components/ui';
import { api, useCreation } from '@/components/ui/api';
import { FormDialog } from '@/components/ui/form-dialog';
import { useToast } from '@/components/ui/toast';

/** Sends one answer back to its annotator, with a note that he or she reads above the board. */
export function SendBackDialog({
  projectId,
  name,
  annotationId,
  changed,
  onClose,
}: {
  projectId: string;
  name: string;
  annotationId: string;
  changed: string[];
  onClose: () => void;
}) {
  const t = useTranslations('adjudicate');
  const toast = useToast();
  const [note, setNote] = useState('');
  const send = useCreation(
    (json: { annotationId: string; note: string }) => api(`/projects/${projectId}/sent-back`, { method: 'POST', json }),
    changed,
    () => {
      toast(t('wasSentBack'), 'good');
      onClose();
    },
  );
  return (
    <FormDialog
      title={t('sendBackTo', { name })}
      submit={t('sendBack')}
      cancel={t('cancel')}
      pending={send.isPending}
      disabled={note.trim() === ''}
      dismissable={note === ''}
      error={send.error}
      className="grid gap-3"
      onSubmit={() => note.trim() !== '' && send.mutate({ annotationId, note: note.trim() })}
      onClose={onClose}
    >
      <TextArea
        autoFocus
        dir="auto"
        label={t('note')}
        hint={t('noteHint')}
        maxLength={2000}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
    </FormDialog>
  );
}
