'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button, Dialog, ErrorState, LoadingState, useToast } from '@/components/ui';
import { useApi, useInvalidate } from '@/components/ui/api';
import type { ChangeablePrompt } from '@/lib/schemas/prompt-change';
import type { ChangeTarget } from './change-target';
import { ChangeTargets } from './change-targets';
import { CorrectForm } from './correct-form';
import { PriorityForm } from './priority-form';
import { WithdrawForm } from './withdraw-form';

/** Corrects, withdraws and restores a prompt and its responses, and tells what was changed before. */
export function ChangePromptDialog({
  projectId,
  promptId,
  externalId,
  onClose,
}: {
  projectId: string;
  promptId: string;
  externalId: string;
  onClose: () => void;
}) {
  const t = useTranslations('prompts');
  const toast = useToast();
  const invalidate = useInvalidate();
  const [target, setTarget] = useState<ChangeTarget | null>(null);
  const path = `/projects/${projectId}/prompts/${promptId}/changes`;
  const { data, error, refetch } = useApi<ChangeablePrompt>(path, { fresh: true });
  const back = () => setTarget(null);
  const done = (kind: ChangeTarget['kind']) => {
    toast(t(`changed.${kind}`), 'good');
    back();
    void invalidate(...['prompts', 'work', 'answers', 'review-queue'].map((part) => `/projects/${projectId}/${part}`));
  };
  const form = { path, onDone: done, onBack: back };
  return (
    <Dialog
      title={t('changeTitle', { prompt: externalId })}
      isOpen
      size="lg"
      dismissable={target === null}
      onOpenChange={(open) => !open && onClose()}
      actions={target ? undefined : <Button onClick={onClose}>{t('close')}</Button>}
    >
      {!data ? (
        error ? (
          <ErrorState error={error} onRetry={() => refetch()} />
        ) : (
          <LoadingState label={t('loading')} />
        )
      ) : target === null ? (
        <>
          <ChangeTargets prompt={data} onChoose={setTarget} />
          <PriorityForm projectId={projectId} prompt={data} />
        </>
      ) : target.kind === 'correct' ? (
        <CorrectForm {...form} prompt={data} response={target.response} />
      ) : (
        <WithdrawForm {...form} prompt={data} kind={target.kind} response={target.response} />
      )}
    </Dialog>
  );
}
