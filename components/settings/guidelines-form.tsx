'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { GuidelinesText } from '@/components/guidelines/guidelines-text';
import {
  Button,
  Card,
  CardHeader,
  ErrorState,
  Notice,
  Tabs,
  TextArea,
  useErrorMessage,
  useToast,
} from '@/components/ui';
import { api, useApi, useCreation } from '@/components/ui/api';
import type { GuidelinesAnswer, GuidelineVersion } from '@/lib/schemas/guidelines';
import type { Project } from '@/lib/schemas/project';

/** The editor of the guidelines. Publishing creates a new version; earlier ones are kept. */
export function GuidelinesForm({ project }: { project: Project }) {
  const answer = useApi<GuidelinesAnswer>(`/projects/${project.id}/guidelines`);
  if (answer.data) {
    const { current } = answer.data;
    return <Editor key={current?.version ?? 0} project={project} current={current} />;
  }
  return answer.isError ? <ErrorState error={answer.error} onRetry={() => answer.refetch()} /> : null;
}

function Editor({ project, current }: { project: Project; current: GuidelineVersion | null }) {
  const errorMessage = useErrorMessage();
  const t = useTranslations('settings');
  const toast = useToast();
  const { id, tiers } = project;
  const [body, setBody] = useState(current?.body ?? '');
  const [examples, setExamples] = useState(() => tiers.map((_, tier) => current?.examples[tier] ?? ''));
  const baseVersion = current?.version ?? 0;
  const publish = useCreation(
    () => api(`/projects/${id}/guidelines`, { method: 'POST', json: { baseVersion, body, examples } }),
    [`/projects/${id}`],
    () => toast(t('guidelinesPublished')),
  );
  const changed = body !== (current?.body ?? '') || examples.some((text, at) => text !== (current?.examples[at] ?? ''));
  const write = (
    <div className="grid gap-4">
      <TextArea
        label={t('guidelinesText')}
        hint={t('guidelinesTextHint')}
        mono
        rows={10}
        maxLength={50_000}
        value={body}
        onChange={(event) => setBody(event.target.value)}
      />
      {tiers.map((tier, at) => (
        <TextArea
          key={tier}
          label={t('examplesTier', { tier })}
          mono
          rows={3}
          maxLength={20_000}
          value={examples[at]}
          onChange={(event) => setExamples(examples.map((text, i) => (i === at ? event.target.value : text)))}
        />
      ))}
    </div>
  );
  return (
    <Card>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          publish.mutate(undefined);
        }}
      >
        <CardHeader
          title={t('guidelines')}
          description={current ? t('currentVersionHint', { version: current.version }) : t('guidelinesHint')}
          className="mb-4"
        />
        <Tabs
          label={t('guidelines')}
          items={[
            { id: 'write', label: t('write'), content: write },
            {
              id: 'preview',
              label: t('preview'),
              content: <GuidelinesText guidelines={{ body, examples }} tiers={tiers} />,
            },
          ]}
        />
        {publish.isError ? (
          <Notice tone="bad" className="mt-4">
            {errorMessage(publish.error)}
          </Notice>
        ) : null}
        <div className="mt-4 flex justify-end">
          <Button variant="primary" type="submit" pending={publish.isPending} disabled={!changed}>
            {t('publishVersion', { value: baseVersion + 1 })}
          </Button>
        </div>
      </form>
    </Card>
  );
}
