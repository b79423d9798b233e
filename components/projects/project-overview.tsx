'use client';

import { ArrowRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useApi } from '@/components/ui/api';
import { LinkButton } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import { Page, PageHeader } from '@/components/ui/page-header';
import { ProgressBar } from '@/components/ui/progress-bar';
import { Stat, StatRow } from '@/components/ui/stat';
import { ErrorState, LoadingState } from '@/components/ui/states';
import { TierBadge } from '@/components/ui/tier';
import { useFormats } from '@/components/ui/use-formats';
import type { ProjectCounts } from '@/lib/schemas/project';
import { ImportedAnnotators } from './imported-annotators';
import { Members } from './members';
import { NextSteps } from './next-steps';
import { useProject } from './use-project';

type Progress = { progress: { done: number; total: number } };

export function ProjectOverview({ projectId }: { projectId: string }) {
  const t = useTranslations('projects');
  const { formatNumber } = useFormats();
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
        <LoadingState label={t('loadingProject')} />
      </Page>
    );
  }
  const { project, counts, members, role } = answer.data;
  const manages = role !== 'annotator';
  const allCounts = manages ? (counts as ProjectCounts) : null;
  const progress = mine.data?.progress;
  return (
    <Page>
      <PageHeader
        title={project.name}
        description={project.description ? <bdi>{project.description}</bdi> : null}
        actions={
          project.isArchived ? null : counts.prompts > 0 ? (
            <LinkButton
              href={`/projects/${projectId}/annotate`}
              variant="primary"
              icon={<ArrowRight aria-hidden="true" className="rtl:-scale-x-100 size-4" />}
            >
              {progress && progress.done > 0 && progress.done < progress.total
                ? t('continueAnnotating')
                : t('annotate')}
            </LinkButton>
          ) : (
            manages && (
              <LinkButton href={`/projects/${projectId}/import`} variant="primary">
                {t('importPrompts')}
              </LinkButton>
            )
          )
        }
      />
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <div className="grid min-w-0 gap-5">
          {allCounts ? (
            <StatRow>
              <Stat label={t('prompts')} value={formatNumber(allCounts.prompts)} />
              <Stat label={t('responses')} value={formatNumber(allCounts.responses)} />
              <Stat label={t('annotations')} value={formatNumber(allCounts.annotations)} />
              <Stat label={t('annotators')} value={formatNumber(allCounts.annotators)} />
              <Stat label={t('snapshots')} value={formatNumber(allCounts.snapshots)} />
              <Stat label={t('runs')} value={formatNumber(allCounts.runs)} />
            </StatRow>
          ) : null}
          {progress ? (
            <Card>
              <ProgressBar
                label={t('yourAnnotations')}
                value={progress.done}
                max={progress.total}
                detail={t('promptsDone', { done: progress.done, total: progress.total })}
              />
            </Card>
          ) : null}
          {allCounts ? <NextSteps projectId={projectId} counts={allCounts} /> : null}
        </div>
        <div className="grid min-w-0 gap-5">
          <Card>
            <CardHeader title={t('tiers')} description={t('bestFirst')} className="mb-3" />
            <ol className="flex flex-wrap gap-2">
              {project.tiers.map((name, index) => (
                <li key={name}>
                  <TierBadge index={index} tiers={project.tiers} />
                </li>
              ))}
            </ol>
          </Card>
          {manages ? <Members project={project} members={members} /> : null}
          {manages ? <ImportedAnnotators projectId={project.id} /> : null}
        </div>
      </div>
    </Page>
  );
}
