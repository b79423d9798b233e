'use client';

import { CircleCheck } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useMe } from '@/components/account/use-me';
import { useGuidelinesBeside } from '@/components/guidelines/use-guidelines-beside';
import { useProject } from '@/components/projects/use-project';
import { LinkButton } from '@/components/ui/button';
import { Page } from '@/components/ui/page-header';
import { ProgressBar } from '@/components/ui/progress-bar';
import { EmptyState, ErrorState, LoadingState, Notice } from '@/components/ui/states';
import type { Me } from '@/lib/schemas/people';
import type { Project } from '@/lib/schemas/project';
import { FullScreen } from './board/full-screen';
import { TierBoard } from './board/tier-board';
import { GoldFeedback } from './gold/gold-feedback';
import { useMyMarks } from './queue/my-marks';
import { BackLine, MyWorkLink, PaceLine } from './queue/queue-line';
import { SentBackNote } from './queue/sent-back-note';
import { SaveProblems, SaveStatus } from './session/save-status';
import { isReopened, queueStatus } from './session/session-state';
import { useAnnotationSession } from './session/use-annotation-session';

/** The queue of prompts that this annotator has not judged yet, or not all of. */
export function AnnotatePage({ projectId }: { projectId: string }) {
  const t = useTranslations('annotate');
  const me = useMe();
  const project = useProject(projectId);
  // What is there stays there: a look that failed later must not take the board away.
  if (project.isError && !project.data) {
    return (
      <Page>
        <ErrorState error={project.error} onRetry={() => project.refetch()} />
      </Page>
    );
  }
  if (!project.data || !me.data?.user) {
    return (
      <Page>
        <h1 className="sr-only">{t('annotate')}</h1>
        <LoadingState label={t('loadingTheProject')} />
      </Page>
    );
  }
  return (
    <AnnotateQueue
      key={`${me.data.user.id} ${projectId}`}
      project={project.data.project}
      user={me.data.user}
      manages={project.data.role !== 'annotator'}
    />
  );
}

function AnnotateQueue({ project, user, manages }: { project: Project; user: Me; manages: boolean }) {
  const t = useTranslations('annotate');
  const router = useRouter();
  const { session, state } = useAnnotationSession(user.id, project, null);
  const { queue, open, outbox } = state;
  const current = queue.tasks[0];
  const guidelines = useGuidelinesBeside(project, current?.promptId ?? null);
  if (!outbox.loaded) {
    return (
      <Page>
        <h1 className="sr-only">{t('annotate')}</h1>
        <LoadingState label={t('loadingWhatBrowserKeeps')} />
      </Page>
    );
  }

  const status = queueStatus(queue);
  const last = state.past.at(-1) ?? null;
  const onBack = () => session.back();
  const mineHref = `/projects/${project.id}/annotate/mine`;
  const saving = { outbox: session.outbox, state: outbox };
  const toolbar = (
    <>
      {queue.progress ? (
        <ProgressBar
          label={t('progress')}
          hideLabel
          value={queue.progress.done}
          max={queue.progress.total}
          className="hidden w-28 shrink-0 md:grid"
        />
      ) : null}
      <p className="tabular shrink-0 text-[0.8125rem] text-soft">
        {queue.progress ? t('doneOfTotal', { done: queue.progress.done, total: queue.progress.total }) : ''}
      </p>
      <SaveStatus {...saving} draft={open?.draft} />
      <PaceLine projectId={project.id} />
    </>
  );
  const problems = (
    <SaveProblems
      projectId={project.id}
      userId={user.id}
      tiers={project.tiers}
      {...saving}
      onEdit={(promptId) => router.push(`${mineHref}/${promptId}`)}
    />
  );
  const gold = <GoldFeedback projectId={project.id} tiers={project.tiers} />;
  if (current && guidelines.gate) {
    return (
      <>
        {problems}
        {gold}
        {guidelines.gate}
      </>
    );
  }
  if (open && guidelines.ready) {
    return (
      <FullScreen>
        {gold}
        {guidelines.beside(
          <TierBoard
            key={open.id}
            session={session}
            open={open}
            user={user}
            project={project}
            guidance={guidelines.guidance}
            onGuidelines={guidelines.toggle}
            saveLabel={t('saveAndNext')}
            focusOnOpen={state.boards > 1}
            leave={{ href: `/projects/${project.id}`, label: t('leaveTheBoard') }}
            status={toolbar}
            tools={
              <>
                <MyWorkLink href={mineHref} />
                {guidelines.button}
              </>
            }
            notices={
              <>
                {problems}
                {open.judged ? null : <SentBackNote task={open.task} />}
                {isReopened(open) ? <Notice className="mx-4 my-2">{t('newResponsesWereAdded')}</Notice> : null}
              </>
            }
            canSkip={open.task.sentBack === null}
            back={last ? { label: t('undoBackTo', { prompt: last.task.externalId }), run: onBack } : null}
          />,
        )}
      </FullScreen>
    );
  }
  return (
    <>
      {problems}
      {gold}
      {status === 'finished' && last ? <BackLine last={last} onBack={onBack} mineHref={mineHref} /> : null}
      <Page>
        <h1 className="sr-only">{t('annotate')}</h1>
        {status === 'error' ? (
          <ErrorState error={queue.failure} title={t('nextPromptsCouldNot')} onRetry={() => session.retry()} />
        ) : status !== 'finished' ? (
          <LoadingState label={t('loadingTheNextPrompt')} />
        ) : (
          <div className="grid gap-4">
            <Finished project={project} total={queue.progress?.total ?? 0} mineHref={mineHref} manages={manages} />
            <div className="flex justify-center">
              <SaveStatus {...saving} />
            </div>
          </div>
        )}
      </Page>
    </>
  );
}

function Finished({
  project,
  total,
  mineHref,
  manages,
}: {
  project: Project;
  total: number;
  mineHref: string;
  manages: boolean;
}) {
  const t = useTranslations('annotate');
  const marks = useMyMarks(project.id).data?.marks ?? [];
  const skipped = marks.filter(({ kind }) => kind === 'skipped').length;
  if (total === 0) {
    return (
      <EmptyState
        title={t('thereNothingAnnotateYet')}
        actions={
          manages ? (
            <LinkButton href={`/projects/${project.id}/import`} variant="primary">
              {t('importPrompts')}
            </LinkButton>
          ) : null
        }
      >
        {manages ? t('importPromptsResponsesFirst') : t('promptsAppearHereAs')}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<CircleCheck className="size-5" />}
      title={skipped > 0 ? t('throughQueue') : t('haveJudgedEveryPrompt')}
      actions={
        <>
          <LinkButton href={mineHref}>{t('lookAtYourWork')}</LinkButton>
          {manages ? (
            <LinkButton href={`/projects/${project.id}/snapshots`} variant="primary">
              {t('takeASnapshot')}
            </LinkButton>
          ) : null}
        </>
      }
    >
      {skipped === 0 ? t('allTotalThemThank', { total }) : t('youSkipped', { skipped })}
    </EmptyState>
  );
}
