'use client';

import { ArrowRight } from 'lucide-react';
import { useApi } from '@/components/ui/api';
import { LinkButton } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import { formatNumber } from '@/components/ui/format';
import { Page, PageHeader } from '@/components/ui/page-header';
import { ProgressBar } from '@/components/ui/progress-bar';
import { Stat, StatRow } from '@/components/ui/stat';
import { ErrorState, LoadingState } from '@/components/ui/states';
import { TierBadge } from '@/components/ui/tier';
import { Members } from './members';
import { NextSteps } from './next-steps';
import { useProject } from './use-project';

type Progress = { progress: { done: number; total: number } };

export function ProjectOverview({ projectId }: { projectId: string }) {
  const answer = useProject(projectId);
  const mine = useApi<Progress>(`/projects/${projectId}/tasks/next?count=1`);

  if (answer.isError) {
    return (
      <Page>
        <ErrorState error={answer.error} onRetry={() => answer.refetch()} />
      </Page>
    );
  }
  if (!answer.data) {
    return (
      <Page>
        <LoadingState label="Loading the project" />
      </Page>
    );
  }
  const { project, counts, members, role } = answer.data;
  const manages = role !== 'annotator';
  const progress = mine.data?.progress;
  return (
    <Page>
      <PageHeader
        title={project.name}
        description={project.description || null}
        actions={
          counts.prompts > 0 ? (
            <LinkButton
              href={`/projects/${projectId}/annotate`}
              variant="primary"
              icon={<ArrowRight aria-hidden="true" className="size-4" />}
            >
              {progress && progress.done > 0 && progress.done < progress.total ? 'Go on annotating' : 'Annotate'}
            </LinkButton>
          ) : (
            manages && (
              <LinkButton href={`/projects/${projectId}/import`} variant="primary">
                Import prompts
              </LinkButton>
            )
          )
        }
      />
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <div className="grid min-w-0 gap-5">
          {manages ? (
            <StatRow>
              <Stat label="Prompts" value={formatNumber(counts.prompts)} />
              <Stat label="Responses" value={formatNumber(counts.responses)} />
              <Stat label="Annotations" value={formatNumber(counts.annotations)} />
              <Stat label="Annotators" value={formatNumber(counts.annotators)} />
              <Stat label="Snapshots" value={formatNumber(counts.snapshots)} />
              <Stat label="Runs" value={formatNumber(counts.runs)} />
            </StatRow>
          ) : null}
          {progress ? (
            <Card>
              <ProgressBar
                label="Your annotations"
                value={progress.done}
                max={progress.total}
                detail={`${formatNumber(progress.done)} of ${formatNumber(progress.total)} prompts`}
              />
            </Card>
          ) : null}
          {manages ? <NextSteps projectId={projectId} counts={counts} /> : null}
        </div>
        <div className="grid min-w-0 gap-5">
          <Card>
            <CardHeader title="Tiers" description="Best first." className="mb-3" />
            <ol className="flex flex-wrap gap-2">
              {project.tiers.map((name, index) => (
                <li key={name}>
                  <TierBadge index={index} tiers={project.tiers} />
                </li>
              ))}
            </ol>
          </Card>
          {manages ? <Members project={project} members={members} /> : null}
        </div>
      </div>
    </Page>
  );
}
