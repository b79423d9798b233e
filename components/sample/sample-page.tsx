'use client';

import { Sparkles } from 'lucide-react';
import { useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { modelUrl } from '@/components/train/run-api';
import {
  Button,
  Card,
  CardHeader,
  ErrorState,
  LoadingState,
  Page,
  PageHeader,
  Select,
  TextField,
} from '@/components/ui';
import { useApi } from '@/components/ui/api';
import type { ModelSummary, ModelsAnswer } from '@/lib/schemas/model';
import { importLimits } from '@/lib/schemas/prompt-import';
import {
  initialValues,
  type PromptChoice,
  parseSampleForm,
  promptChoices,
  type SampleProblem,
  sampleFields,
} from './sample-form';
import { isBusy } from './sample-progress';
import { startSampleSession, useSampleSession } from './sample-session';
import { SampledList } from './sampled-list';
import { SamplingCard } from './sampling-card';

/** Samples new candidate responses from a model: settings, progress, and the list to choose from and store. */
export function SamplePage({ projectId }: { projectId: string }) {
  const t = useTranslations('sample');
  const models = useApi<ModelsAnswer>('/models');
  const session = useSampleSession();
  return (
    <Page>
      <PageHeader title={t('sampleResponses')} description={t('intro')} />
      {session !== null && isBusy(session) && session.phase !== 'storing' ? (
        <SamplingCard progress={session} projectId={projectId} />
      ) : session !== null && session.phase !== 'failed' ? (
        <SampledList progress={session} projectId={projectId} />
      ) : models.error ? (
        <ErrorState error={models.error} onRetry={() => models.refetch()} />
      ) : models.data === undefined ? (
        <LoadingState label={t('loadingModels')} />
      ) : (
        <div className="grid gap-5">
          {session?.error ? <ErrorState title={t('nothingSampled')} error={session.error.cause} /> : null}
          <SampleForm projectId={projectId} models={models.data.models} />
        </div>
      )}
    </Page>
  );
}

function SampleForm({ projectId, models }: { projectId: string; models: readonly ModelSummary[] }) {
  const t = useTranslations('sample');
  const asked = useSearchParams().get('model');
  const [modelId, setModelId] = useState(models.find(({ id }) => id === asked)?.id ?? models[0]?.id ?? '');
  const [prompts, setPrompts] = useState<PromptChoice>('all');
  const [values, setValues] = useState(initialValues);
  const parsed = parseSampleForm(values);
  const model = models.find(({ id }) => id === modelId);

  const problemWords = (problem?: SampleProblem) =>
    problem ? t(`problems.${problem.key}`, problem.values) : undefined;

  const start = () => {
    if (!model || parsed.settings === null) return;
    startSampleSession(projectId, {
      type: 'start',
      modelUrl: modelUrl(model.id),
      promptsUrl: `/api/projects/${projectId}/prompts`,
      prompts,
      source: model.name,
      settings: parsed.settings,
    });
  };

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        start();
      }}
    >
      <Card className="grid gap-6">
        <CardHeader title={t('whatToSample')} description={t('whatToSampleHint')} />
        <div className="grid gap-5 sm:grid-cols-2">
          <Select
            label={t('model')}
            value={modelId}
            onChange={(event) => setModelId(event.target.value)}
            hint={t('modelHint')}
            error={models.length === 0 ? t('noModels') : undefined}
            options={models.map(({ id, name }) => ({ value: id, label: name }))}
          />
          <Select
            label={t('prompts')}
            value={prompts}
            onChange={(event) => setPrompts(event.target.value as PromptChoice)}
            hint={t('promptsHint')}
            options={promptChoices.map((value) => ({ value, label: t(`choices.${value}`) }))}
          />
        </div>
        <div className="grid gap-5 sm:grid-cols-2 lg:grid-cols-3">
          {sampleFields.map((field) => (
            <TextField
              key={field}
              label={t(`fields.${field}.label`)}
              hint={t(`fields.${field}.hint`, { most: importLimits.maxResponses })}
              value={values[field]}
              error={problemWords(parsed.errors?.[field])}
              inputMode="decimal"
              autoComplete="off"
              onChange={(event) => setValues((before) => ({ ...before, [field]: event.target.value }))}
            />
          ))}
        </div>
        <div className="border-line border-t pt-5">
          <Button
            type="submit"
            variant="primary"
            disabled={!model || parsed.errors !== null}
            icon={<Sparkles aria-hidden="true" className="size-4" />}
          >
            {t('sampleResponses')}
          </Button>
        </div>
      </Card>
    </form>
  );
}
