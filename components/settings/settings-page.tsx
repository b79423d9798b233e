'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useMe } from '@/components/account/use-me';
import { Card, CardHeader, DownloadButton, ErrorState, LoadingState, Page, PageHeader } from '@/components/ui';
import { useApi } from '@/components/ui/api';
import type { ProjectAnswer } from '@/lib/schemas/project';
import { AboutForm } from './about-form';
import { fieldsOf } from './assignment-fields';
import { AssignmentForm } from './assignment-form';
import { CloneProject } from './clone-project';
import { CloseProject } from './close-project';
import { CountingForm } from './counting-form';
import { GuidelinesForm } from './guidelines-form';
import { HeuristicsForm } from './heuristics-form';
import { IssueTagsForm } from './issue-tags-form';
import { ModelNamesForm } from './model-names-form';
import { SettingsHistory } from './settings-history';
import { TextFormatForm } from './text-format-form';
import { ThinkingTagsForm } from './thinking-tags-form';
import { TiersForm } from './tiers-form';
import { WebhooksCard } from './webhooks-card';

/** The settings that a project's researchers can change. */
export function SettingsPage({ projectId }: { projectId: string }) {
  const t = useTranslations('settings');
  const answer = useApi<ProjectAnswer>(`/projects/${projectId}`, { fresh: true });
  return (
    <Page width="narrow">
      <PageHeader title={t('settings')} />
      {answer.data && answer.isFetchedAfterMount ? (
        answer.data.role === 'annotator' ? (
          <p className="text-soft">{t('researchersOnly')}</p>
        ) : (
          <Forms answer={answer.data} />
        )
      ) : answer.isError ? (
        <ErrorState error={answer.error} onRetry={() => answer.refetch()} />
      ) : (
        <LoadingState label={t('loading')} />
      )}
    </Page>
  );
}

function Forms({ answer }: { answer: ProjectAnswer }) {
  const t = useTranslations('settings');
  // The project as it was when the page was opened, or last saved here; changes by others do not replace what is being
  // edited.
  const [project, setProject] = useState(answer.project);
  const me = useMe().data?.user;
  const mayCreate = me != null && me.role !== 'annotator';
  return (
    <div className="grid gap-5">
      <AboutForm key={JSON.stringify([project.name, project.description])} project={project} onSaved={setProject} />
      <TiersForm
        key={JSON.stringify([project.tiers, project.tierColors])}
        project={project}
        annotated={answer.counts.annotations > 0}
        onSaved={setProject}
      />
      <IssueTagsForm key={JSON.stringify(project.issueTags)} project={project} onSaved={setProject} />
      <TextFormatForm project={project} onSaved={setProject} />
      <ModelNamesForm project={project} onSaved={setProject} />
      <CountingForm field="importedCountIn" project={project} onSaved={setProject} />
      <CountingForm field="modelsCountIn" project={project} onSaved={setProject} />
      <ThinkingTagsForm key={project.thinkingTags.join()} project={project} onSaved={setProject} />
      <AssignmentForm key={JSON.stringify(fieldsOf(project))} project={project} onSaved={setProject} />
      <HeuristicsForm
        key={JSON.stringify([project.snapshotStrategy, project.labelPattern])}
        project={project}
        onSaved={setProject}
      />
      <GuidelinesForm project={project} />
      <Card>
        <CardHeader
          title={t('annotations')}
          description={t('exportHint')}
          actions={
            <DownloadButton href={`/api/projects/${project.id}/annotations/export`}>{t('export')}</DownloadButton>
          }
        />
      </Card>
      <WebhooksCard projectId={project.id} />
      <SettingsHistory key={`version-${project.settingsVersion}`} project={project} onSaved={setProject} />
      {mayCreate ? <CloneProject project={project} /> : null}
      <CloseProject project={{ ...project, isArchived: answer.project.isArchived }} counts={answer.counts} />
    </div>
  );
}
