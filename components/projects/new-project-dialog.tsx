'use client';

import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { type FormEvent, useId, useState } from 'react';
import { api, useCreation } from '@/components/ui/api';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { TextArea, TextField } from '@/components/ui/field';
import { Notice, useErrorMessage } from '@/components/ui/states';
import type { ChangedProject } from '@/lib/schemas/project';
import { type TierColor, tierProblem } from '@/lib/schemas/tier-rules';
import { draftTiers, TierFields, toStoredTiers } from './tier-fields';

const defaultTiers = ['excellent', 'good', 'weak', 'bad'] as const;

export function NewProjectDialog({
  isOpen,
  onOpenChange,
}: {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}) {
  const errorMessage = useErrorMessage();
  const t = useTranslations('projects');
  const router = useRouter();
  const formId = useId();
  const freshTiers = () => draftTiers(defaultTiers.map((name) => t(`defaultTiers.${name}`)));
  const [tiers, setTiers] = useState(freshTiers);
  const [problem, setProblem] = useState<string | null>(null);
  const create = useCreation(
    (input: { name: string; description: string; tiers: string[]; tierColors: TierColor[] }, once) =>
      api<ChangedProject>('/projects', { method: 'POST', json: input, once }),
    ['/projects'],
  );

  const change = (open: boolean) => {
    if (!open) {
      setTiers(freshTiers());
      setProblem(null);
      create.reset();
    }
    onOpenChange(open);
  };

  const shown = problem ?? (create.isError ? errorMessage(create.error) : null);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const chosen = toStoredTiers(tiers);
    const found = tierProblem(chosen.tiers);
    setProblem(found && t(`tierProblems.${found}`));
    if (found) return;
    create.mutate(
      { name: String(form.get('name')).trim(), description: String(form.get('description')).trim(), ...chosen },
      ({ project }) => {
        change(false);
        router.push(`/projects/${project.id}/import`);
      },
    );
  };

  return (
    <Dialog
      title={t('newProject')}
      isOpen={isOpen}
      onOpenChange={change}
      dismissable={false}
      actions={
        <>
          <Button onClick={() => change(false)}>{t('cancel')}</Button>
          <Button type="submit" form={formId} variant="primary" pending={create.isPending}>
            {t('createProject')}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="grid gap-5">
        <TextField label={t('name')} name="name" required maxLength={200} autoComplete="off" />
        <TextArea label={t('guidance')} name="description" rows={3} maxLength={2000} hint={t('guidanceHint')} />
        <TierFields tiers={tiers} onChange={setTiers} />
        {shown ? <Notice tone="bad">{shown}</Notice> : null}
      </form>
    </Dialog>
  );
}
