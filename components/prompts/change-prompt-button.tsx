'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui';
import { ChangePromptDialog } from './change-prompt-dialog';

/** Opens the dialog that corrects, withdraws and restores one prompt. */
export function ChangePromptButton(prompt: { projectId: string; promptId: string; externalId: string }) {
  const t = useTranslations('prompts');
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button aria-label={t('changePrompt', { prompt: prompt.externalId })} onClick={() => setIsOpen(true)}>
        {t('change')}
      </Button>
      {isOpen ? <ChangePromptDialog {...prompt} onClose={() => setIsOpen(false)} /> : null}
    </>
  );
}
