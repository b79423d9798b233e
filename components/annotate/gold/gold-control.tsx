'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { api, useApi, useApiMutation } from '@/components/ui/api';
import { Button } from '@/components/ui/button';
import { TextArea } from '@/components/ui/field';
import { useErrorMessage } from '@/components/ui/states';
import { useToast } from '@/components/ui/toast';
import type { GoldPromptsAnswer } from '@/lib/schemas/gold';

/** For researchers, beside their own stored answer: makes it the one that annotators practise on. */
export function GoldControl({ projectId, promptId }: { projectId: string; promptId: string }) {
  const errorMessage = useErrorMessage();
  const t = useTranslations('annotate');
  const path = `/projects/${projectId}/gold`;
  const list = useApi<GoldPromptsAnswer>(path, { fresh: true }).data;
  const gold = list?.gold.find((entry) => entry.promptId === promptId);
  const [text, setText] = useState<string | null>(null);
  const toast = useToast();
  const put = useApiMutation(
    (explanation: string) => api(`${path}/${promptId}`, { method: 'PUT', json: { explanation } }),
    [path],
  );
  const remove = useApiMutation(() => api(`${path}/${promptId}`, { method: 'DELETE' }), [path]);
  const withToast = (message: string) => ({
    onSuccess: () => toast(message, 'good'),
    onError: (error: unknown) => toast(errorMessage(error), 'bad'),
  });
  if (!list) return null;
  const explanation = text ?? gold?.explanation ?? '';
  return (
    <details className="mx-auto w-full max-w-[100rem] px-4 pt-2 text-sm sm:px-6 min-[1800px]:max-w-[150rem]">
      <summary className="w-fit cursor-pointer rounded-sm py-1 text-[0.8125rem] text-soft hover:text-ink">
        {gold ? t('goldPrompt') : t('useMyAnswerAs')}
      </summary>
      <div className="grid max-w-2xl gap-3 py-2">
        <TextArea
          label={t('whyTheseTiers')}
          hint={t('annotatorsReadAfterHave')}
          rows={3}
          maxLength={2000}
          value={explanation}
          onChange={(event) => setText(event.target.value)}
        />
        <div className="flex flex-wrap gap-2">
          <Button
            size="sm"
            variant="primary"
            pending={put.isPending}
            onClick={() => put.mutate(explanation, withToast(t('annotatorsNowPractisePrompt')))}
          >
            {gold ? t('useMyNewestAnswer') : t('makeItGold')}
          </Button>
          {gold ? (
            <Button
              size="sm"
              pending={remove.isPending}
              onClick={() => remove.mutate(undefined, withToast(t('promptLikeAnyOther')))}
            >
              {t('noLongerGold')}
            </Button>
          ) : null}
        </div>
        <p className="text-[0.8125rem] text-faint">{t('goldPromptsNoSnapshot')}</p>
      </div>
    </details>
  );
}
