'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { useProject } from '@/components/projects/use-project';
import { SettingsConflict } from '@/components/settings/settings-conflict';
import { useSettings } from '@/components/settings/use-settings';
import { Button, Card, CardHeader } from '@/components/ui';
import { useApi } from '@/components/ui/api';
import { TextField } from '@/components/ui/field';
import { parseNumber } from '@/components/ui/number';
import { useToast } from '@/components/ui/toast';
import type { GoldPromptsAnswer } from '@/lib/schemas/gold';
import type { Project } from '@/lib/schemas/project';

/** The gold prompts, and the settings of when annotators get them. */
export function GoldSettings({ projectId }: { projectId: string }) {
  const t = useTranslations('work');
  const project = useProject(projectId).data?.project;
  const gold = useApi<GoldPromptsAnswer>(`/projects/${projectId}/gold`, { fresh: true }).data?.gold;
  if (!project || !gold) return null;
  return (
    <Card>
      <CardHeader title={t('goldPrompts')} description={t('goldPromptsHint')} />
      {gold.length === 0 ? (
        <p className="mt-4 text-sm text-soft">
          {t.rich('noGoldPrompts', {
            link: (words) => (
              <Link className="text-accent underline" href={`/projects/${projectId}/annotate/mine`}>
                {words}
              </Link>
            ),
          })}
        </p>
      ) : (
        <ul className="mt-4 flex flex-wrap gap-2 text-[0.8125rem]">
          {gold.map(({ promptId, externalId }) => (
            <li key={promptId}>
              <Link
                href={`/projects/${projectId}/annotate/mine/${promptId}`}
                className="block rounded-md border border-line px-2.5 py-1 font-mono wrap-anywhere hover:bg-hover"
              >
                {externalId}
              </Link>
            </li>
          ))}
        </ul>
      )}
      <GoldSchedule key={`${project.goldWarmUp} ${project.goldEvery}`} project={project} />
    </Card>
  );
}

/** The schema's limits of both settings. */
const LIMITS = { goldWarmUp: 100, goldEvery: 1000 } as const;

function wholeNumber(text: string, most: number): number | null {
  const value = parseNumber(text);
  return value !== null && Number.isInteger(value) && value >= 0 && value <= most ? value : null;
}

function GoldSchedule({ project }: { project: Project }) {
  const t = useTranslations('work');
  const [values, setValues] = useState({
    goldWarmUp: String(project.goldWarmUp),
    goldEvery: String(project.goldEvery),
  });
  const toast = useToast();
  const saving = useSettings(project, (_, how) => {
    if (how === 'mine') toast(t('saved'), 'good');
  });
  const warmUpNow = wholeNumber(values.goldWarmUp, LIMITS.goldWarmUp);
  const everyNow = wholeNumber(values.goldEvery, LIMITS.goldEvery);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (warmUpNow === null || everyNow === null) return;
    saving.save({ goldWarmUp: warmUpNow, goldEvery: everyNow });
  };
  const field = (name: keyof typeof LIMITS, parsed: number | null) => ({
    inputMode: 'numeric' as const,
    autoComplete: 'off',
    value: values[name],
    error: parsed === null ? t('wholeNumber', { most: LIMITS[name] }) : undefined,
    onChange: (event: { target: { value: string } }) => setValues({ ...values, [name]: event.target.value }),
  });
  return (
    <form onSubmit={submit} className="mt-5 grid gap-4 sm:grid-cols-[1fr_1fr_auto] sm:items-start">
      <TextField label={t('goldWarmUp')} hint={t('goldWarmUpHint')} {...field('goldWarmUp', warmUpNow)} />
      <TextField label={t('goldEvery')} hint={t('goldEveryHint')} {...field('goldEvery', everyNow)} />
      <Button type="submit" pending={saving.pending} className="sm:mt-[1.8rem]">
        {t('save')}
      </Button>
      <SettingsConflict
        saving={saving}
        summarize={({ goldWarmUp, goldEvery }) => t('goldSummary', { goldWarmUp, goldEvery })}
        className="sm:col-span-3"
      />
    </form>
  );
}
