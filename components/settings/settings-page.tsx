'use client';

import { useTranslations } from 'next-intl';
import { useProject } from '@/components/projects/use-project';
import { Card, CardHeader, DownloadButton, ErrorState, LoadingState, Page, PageHeader } from '@/components/ui';
import { GuidelinesForm } from './guidelines-form';
import { IssueTagsForm } from './issue-tags-form';
import { TiersForm } from './tiers-form';

/** What a project's researchers decide about it. */
export function SettingsPage({ projectId }: { projectId: string }) {
  const t = useTranslations('settings');
  const answer = useProject(projectId);
  return (
    <Page width="narrow">
      <PageHeader title={t('settings')} />
      {answer.data ? (
        answer.data.role === 'annotator' ? (
          <p className="text-soft">{t('onlyProjectsResearchersChange')}</p>
        ) : (
          <div className="grid gap-5">
            <TiersForm
              key={JSON.stringify([answer.data.project.tiers, answer.data.project.tierColors])}
              project={answer.data.project}
              annotated={answer.data.counts.annotations > 0}
            />
            <IssueTagsForm key={JSON.stringify(answer.data.project.issueTags)} project={answer.data.project} />
            <GuidelinesForm project={answer.data.project} />
            <Card>
              <CardHeader
                title={t('annotations')}
                description={t('everyVersionByEverybody')}
                actions={
                  <DownloadButton href={`/api/projects/${projectId}/annotations/export`}>{t('export')}</DownloadButton>
                }
              />
            </Card>
          </div>
        )
      ) : answer.isError ? (
        <ErrorState error={answer.error} onRetry={() => answer.refetch()} />
      ) : (
        <LoadingState label={t('loadingTheProject')} />
      )}
    </Page>
  );
}
