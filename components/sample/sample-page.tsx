'use client';

import { Sparkles } from 'lucide-react';
import { useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { type ModelsAnswer, modelUrl } from '@/components/train/run-api';
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
import type { ModelSummary } from '@/lib/schemas/model';
import {
  type PromptChoice,
  parseSampleForm,
  promptChoices,
  type SampleField,
  sampleFields,
  startValues,
} from './sample-form';
import { isBusy } from './sample-progress';
import { startSampleSession, useSampleSession } from './sample-session';
import { SampledList } from './sampled-list';
import { SamplingCard } from './sampling-card';

/** New candidate responses by a model: choose, let it write, look, store. */
export function SamplePage({ projectId }: { projectId: string }) {
  const models = useApi<ModelsAnswer>('/models');
  const session = useSampleSession();
  return (
    <Page>
      <PageHeader
        title="Sample responses"
        description="Let a model write new candidate responses, here in your browser. Nothing is stored before you have seen it."
      />
      {session !== null && isBusy(session) && session.phase !== 'storing' ? (
        <SamplingCard progress={session} projectId={projectId} />
      ) : session !== null && session.phase !== 'failed' ? (
        <SampledList progress={session} projectId={projectId} />
      ) : models.error ? (
        <ErrorState error={models.error} onRetry={() => models.refetch()} />
      ) : models.data === undefined ? (
        <LoadingState label="Loading models" />
      ) : (
        <div className="grid gap-5">
          {session?.error ? <ErrorState title="Nothing was sampled" error={new Error(session.error)} /> : null}
          <SampleForm projectId={projectId} models={models.data.models} />
        </div>
      )}
    </Page>
  );
}

function SampleForm({ projectId, models }: { projectId: string; models: readonly ModelSummary[] }) {
  const asked = useSearchParams().get('model');
  const [modelId, setModelId] = useState(models.find(({ id }) => id === asked)?.id ?? models[0]?.id ?? '');
  const [prompts, setPrompts] = useState<PromptChoice>('all');
  const [values, setValues] = useState(startValues);
  const parsed = parseSampleForm(values);
  const model = models.find(({ id }) => id === modelId);

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
        <CardHeader
          title="What to sample"
          description="Annotators see new responses among the others, without their source. A prompt that somebody has judged already comes back once, with the tiers given; snapshots do not change."
        />
        <div className="grid gap-5 sm:grid-cols-2">
          <Select
            label="Model"
            value={modelId}
            onChange={(event) => setModelId(event.target.value)}
            hint="Its name becomes the source of what it writes."
            error={models.length === 0 ? 'There is no model on this server.' : undefined}
            options={models.map(({ id, name }) => ({ value: id, label: name }))}
          />
          <Select
            label="Prompts"
            value={prompts}
            onChange={(event) => setPrompts(event.target.value as PromptChoice)}
            hint="Prompts that are full or too long for the model are left out, and counted."
            options={[...promptChoices]}
          />
        </div>
        <div className="grid gap-5 sm:grid-cols-2 lg:grid-cols-3">
          {(Object.keys(sampleFields) as SampleField[]).map((field) => (
            <TextField
              key={field}
              {...sampleFields[field]}
              value={values[field]}
              error={parsed.errors?.[field]}
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
            Sample responses
          </Button>
        </div>
      </Card>
    </form>
  );
}
