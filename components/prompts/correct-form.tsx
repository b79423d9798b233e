'use client';

import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { Button, Notice, RadioCards, TextArea, TextField, useErrorMessage } from '@/components/ui';
import { api, useApiMutation } from '@/components/ui/api';
import type { ChangeablePrompt, ChangePrompt } from '@/lib/schemas/prompt-change';
import type { ChangeTarget } from './change-target';

/** Corrects a response's text or the prompt's messages; whoever corrects says whether judgements still hold. */
export function CorrectForm({
  path,
  prompt,
  response,
  onDone,
  onBack,
}: {
  path: string;
  prompt: ChangeablePrompt;
  response: ChangeTarget['response'];
  onDone: (kind: 'correct') => void;
  onBack: () => void;
}) {
  const t = useTranslations('prompts');
  const errorMessage = useErrorMessage();
  const before = response ? [response.text] : prompt.messages.map(({ content }) => content);
  const [texts, setTexts] = useState(before);
  const [holds, setHolds] = useState('');
  const [note, setNote] = useState('');
  const { judged, drafts, snapshots } = prompt.reach;
  const isChanged = texts.some((text, i) => text !== before[i]);
  const save = useApiMutation(
    (json: ChangePrompt) => api(path, { method: 'POST', json }),
    [path],
    () => onDone('correct'),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isChanged || holds === '' || save.isPending) return;
    const text = response
      ? { responseId: response.id, text: texts[0] ?? '' }
      : { messages: prompt.messages.map((message, i) => ({ ...message, content: texts[i] ?? '' })) };
    save.mutate({ kind: 'correct', text, judgeAgain: holds === 'again', textVersion: prompt.textVersion, note });
  };
  const change = (at: number, text: string) => setTexts(texts.map((old, i) => (i === at ? text : old)));
  return (
    <form onSubmit={submit} className="grid gap-4">
      {texts.map((text, i) => (
        <TextArea
          // biome-ignore lint/suspicious/noArrayIndexKey: the messages of a prompt stay where they are
          key={i}
          label={
            response ? t('textOf', { response: response.externalId }) : t(`roles.${prompt.messages[i]?.role ?? 'user'}`)
          }
          rows={response ? 8 : 4}
          dir="auto"
          value={text}
          onChange={(event) => change(i, event.target.value)}
        />
      ))}
      <RadioCards
        legend={t('whatOfJudgements')}
        name="holds"
        value={holds}
        onChange={setHolds}
        options={[
          { value: 'holds', label: t('stillHold'), description: t('stillHoldHint', { judged, drafts }) },
          { value: 'again', label: t('judgeAgain'), description: t('judgeAgainHint', { judged, drafts }) },
        ]}
      />
      <p className="text-[0.8125rem] text-soft">{t('staysAsItWas', { judged, snapshots })}</p>
      <TextField
        label={t('reason')}
        maxLength={1000}
        dir="auto"
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      {save.isError ? <Notice tone="bad">{errorMessage(save.error)}</Notice> : null}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onBack}>{t('back')}</Button>
        <Button type="submit" variant="primary" pending={save.isPending} disabled={!isChanged || holds === ''}>
          {t('saveCorrection')}
        </Button>
      </div>
    </form>
  );
}
