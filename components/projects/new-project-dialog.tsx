'use client';

import { Plus, X } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { type FormEvent, useId, useRef, useState } from 'react';
import { api, useApiMutation } from '@/components/ui/api';
import { Button, IconButton } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { TextArea, TextField } from '@/components/ui/field';
import { Notice, useErrorMessage } from '@/components/ui/states';
import { TierNumber, tierRamp } from '@/components/ui/tier';
import type { Project } from './project-types';

const MIN_TIERS = 2;
const MAX_TIERS = 7;
const defaultTiers = ['excellent', 'good', 'weak', 'bad'] as const;

/** A tier while it is being edited; `key` is stable so that typing does not move the focus. */
type DraftTier = { key: number; name: string };

/** What is wrong with the tier names, or null. */
export function tierProblem(names: string[]): 'unnamedTier' | 'sameTier' | null {
  const trimmed = names.map((name) => name.trim());
  if (trimmed.some((name) => name === '')) return 'unnamedTier';
  if (new Set(trimmed.map((name) => name.toLowerCase())).size < trimmed.length) {
    return 'sameTier';
  }
  return null;
}

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
  const nextKey = useRef(defaultTiers.length);
  const freshTiers = (): DraftTier[] => defaultTiers.map((name, key) => ({ key, name: t(`defaultTiers.${name}`) }));
  const [tiers, setTiers] = useState(freshTiers);
  const [problem, setProblem] = useState<string | null>(null);
  const create = useApiMutation(
    (input: { name: string; description: string; tiers: string[] }) =>
      api<{ project: Project }>('/projects', { method: 'POST', json: input }),
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

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const names = tiers.map((tier) => tier.name.trim());
    const found = tierProblem(names);
    setProblem(found && t(found));
    if (found || create.isPending) return;
    create.mutate(
      { name: String(form.get('name')).trim(), description: String(form.get('description')).trim(), tiers: names },
      {
        onSuccess: ({ project }) => {
          change(false);
          router.push(`/projects/${project.id}/import`);
        },
        onError: (error) => setProblem(errorMessage(error)),
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
        <TextArea
          label={t('whatAnnotatorsShouldJudge')}
          name="description"
          rows={3}
          maxLength={2000}
          hint={t('annotatorsFindBesideEvery')}
        />
        <fieldset>
          <legend className="font-medium text-sm">{t('tiersBestFirst')}</legend>
          <p className="mb-2 text-[0.8125rem] text-faint">{t('tierLimits', { min: MIN_TIERS, max: MAX_TIERS })}</p>
          <ul className="grid gap-2">
            {tiers.map((tier, index) => (
              <li key={tier.key} data-ramp={tierRamp(index, tiers.length)} className="flex items-center gap-2">
                <TierNumber index={index} className="size-6! text-xs!" />
                <input
                  aria-label={t('tier', { number: index + 1 })}
                  value={tier.name}
                  maxLength={60}
                  onChange={(event) => {
                    const name = event.target.value;
                    setTiers((current) =>
                      current.map((entry) => (entry.key === tier.key ? { ...entry, name } : entry)),
                    );
                  }}
                  className="h-9 min-w-0 flex-1 rounded-md border border-edge bg-surface px-3 text-sm"
                />
                <IconButton
                  label={t('removeTierValue', { value: index + 1 })}
                  size="sm"
                  disabled={tiers.length <= MIN_TIERS}
                  onClick={() => setTiers((current) => current.filter((entry) => entry.key !== tier.key))}
                >
                  <X aria-hidden="true" className="size-4" />
                </IconButton>
              </li>
            ))}
          </ul>
          {tiers.length < MAX_TIERS ? (
            <Button
              size="sm"
              variant="ghost"
              className="mt-2"
              icon={<Plus aria-hidden="true" className="size-4" />}
              onClick={() => setTiers((current) => [...current, { key: nextKey.current++, name: '' }])}
            >
              {t('addATier')}
            </Button>
          ) : null}
        </fieldset>
        {problem ? <Notice tone="bad">{problem}</Notice> : null}
      </form>
    </Dialog>
  );
}
