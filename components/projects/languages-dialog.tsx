'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { api, useApi, useApiMutation } from '@/components/ui/api';
import { Checkbox, TextField } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { useFormats } from '@/components/ui/use-formats';
import type { Member } from '@/lib/schemas/people';
import type { PromptList } from '@/lib/schemas/prompt-list';
import { writtenLanguages } from './written-languages';

/** The languages in which a member gets prompts: those that prompts have, and others by their tags. */
export function LanguagesDialog({
  projectPath,
  member: { userId, name, role, languages },
  onClose,
}: {
  projectPath: string;
  member: Member;
  onClose: () => void;
}) {
  const t = useTranslations('projects');
  const { formatLanguage } = useFormats();
  const [chosen, setChosen] = useState(languages);
  const [others, setOthers] = useState('');
  const ofPrompts = useApi<PromptList>(`${projectPath}/prompts/list`).data?.languages ?? [];
  const offered = [...new Set([...ofPrompts, ...languages])];
  const save = useApiMutation(
    (tags: string[]) => api(`${projectPath}/members`, { method: 'POST', json: { userId, role, languages: tags } }),
    [projectPath],
  );
  const submit = () =>
    save.mutate([...new Set([...chosen, ...writtenLanguages(others)])], { onSuccess: () => onClose() });
  return (
    <FormDialog
      title={t('languagesOf', { name })}
      submit={t('save')}
      cancel={t('cancel')}
      pending={save.isPending}
      error={save.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <p className="text-sm text-soft">{t('languagesHint')}</p>
      {offered.length > 0 ? (
        <fieldset className="grid gap-2">
          <legend className="sr-only">{t('languages')}</legend>
          {offered.map((tag) => (
            <Checkbox
              key={tag}
              label={formatLanguage(tag)}
              checked={chosen.includes(tag)}
              onChange={({ target }) =>
                setChosen(target.checked ? [...chosen, tag] : chosen.filter((other) => other !== tag))
              }
            />
          ))}
        </fieldset>
      ) : null}
      <TextField
        label={offered.length > 0 ? t('otherLanguages') : t('languages')}
        hint={t('otherLanguagesHint')}
        dir="ltr"
        autoComplete="off"
        value={others}
        onChange={(event) => setOthers(event.target.value)}
      />
    </FormDialog>
  );
}
