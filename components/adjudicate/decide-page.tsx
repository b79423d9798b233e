'use client';

import { useTranslations } from 'next-intl';
import { useMe } from '@/components/account/use-me';
import { useProject } from '@/components/projects/use-project';
import { ErrorState, LoadingState, Page } from '@/components/ui';
import { useApi } from '@/components/ui/api';
import type { PromptAnswers } from '@/lib/schemas/decision';
import { DecideBoard } from './decide-board';

/** A reviewer decides about one prompt, on the annotators' board with everybody's answers beside it. */
export function DecidePage({ projectId, promptId }: { projectId: string; promptId: string }) {
  const t = useTranslations('adjudicate');
  const me = useMe();
  const project = useProject(projectId);
  const answers = useApi<PromptAnswers>(`/projects/${projectId}/answers/${promptId}`, { fresh: true });
  const failure = (answers.data ? null : answers.error) ?? (project.data ? null : project.error);
  if (failure) {
    return (
      <Page>
        <ErrorState error={failure} onRetry={() => Promise.all([answers.refetch(), project.refetch()])} />
      </Page>
    );
  }
  // Cached answers may lack a decision that the next one has to build on.
  if (!answers.data || !answers.isFetchedAfterMount || !project.data || !me.data?.user) {
    return (
      <Page>
        <h1 className="sr-only">{t('decide')}</h1>
        <LoadingState label={t('loading')} />
      </Page>
    );
  }
  return (
    <DecideBoard
      key={`${me.data.user.id} ${promptId}`}
      project={project.data.project}
      user={me.data.user}
      answers={answers.data}
      readAgain={() => void answers.refetch()}
    />
  );
}
