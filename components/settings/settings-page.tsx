'use client';

import { useProject } from '@/components/projects/use-project';
import { Card, CardHeader, DownloadButton, ErrorState, LoadingState, Page, PageHeader } from '@/components/ui';
import { GuidelinesForm } from './guidelines-form';
import { IssueTagsForm } from './issue-tags-form';
import { TiersForm } from './tiers-form';

/** What a project's researchers decide about it. */
export function SettingsPage({ projectId }: { projectId: string }) {
  const answer = useProject(projectId);
  return (
    <Page width="narrow">
      <PageHeader title="Settings" />
      {answer.data ? (
        answer.data.role === 'annotator' ? (
          <p className="text-soft">Only this project’s researchers change it.</p>
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
                title="Annotations"
                description="Every version by everybody, with comments, tags and marks, as JSON Lines."
                actions={<DownloadButton href={`/api/projects/${projectId}/annotations/export`}>Export</DownloadButton>}
              />
            </Card>
          </div>
        )
      ) : answer.isError ? (
        <ErrorState error={answer.error} onRetry={() => answer.refetch()} />
      ) : (
        <LoadingState label="Loading the project" />
      )}
    </Page>
  );
}
