'use client';

import { CircleCheck } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useMe } from '@/components/account/use-me';
import { useGuidelinesBeside } from '@/components/guidelines/use-guidelines-beside';
import { useProject } from '@/components/projects/use-project';
import { useInvalidate } from '@/components/ui/api';
import { LinkButton } from '@/components/ui/button';
import { Page } from '@/components/ui/page-header';
import { ProgressBar } from '@/components/ui/progress-bar';
import { EmptyState, ErrorState, LoadingState, Notice } from '@/components/ui/states';
import type { Task } from '@/lib/schemas/annotation';
import type { Me } from '@/lib/schemas/people';
import type { Project } from '@/lib/schemas/project';
import { draftOfAnnotation } from './board/board-state';
import type { Judgement } from './board/submission';
import { TierBoard } from './board/tier-board';
import { GoldFeedback } from './gold/gold-feedback';
import { useKeyBindings } from './keys/use-key-bindings';
import type { AnnotationOutbox, OutboxState } from './outbox/annotation-outbox';
import { offQueue } from './outbox/outbox-rules';
import { useMyMarks } from './queue/my-marks';
import { QueueLine } from './queue/queue-line';
import { SaveProblems, SaveStatus } from './session/save-status';
import { useDrafts } from './session/use-drafts';
import { useOutbox } from './session/use-outbox';
import { useSubmissions } from './session/use-submissions';
import { useTaskQueue } from './session/use-task-queue';

/** A prompt that came back because responses were added starts from the tiers given before. */
const startOf = ({ annotation }: Task) => (annotation ? { ...draftOfAnnotation(annotation), timeOnTaskMs: 0 } : null);

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
    <AnnotateQueue project={project.data.project} user={me.data.user} manages={project.data.role !== 'annotator'} />
  );
}

function AnnotateQueue(props: { project: Project; user: Me; manages: boolean }) {
  const t = useTranslations('annotate');
  const { outbox, state } = useOutbox(props.user.id, props.project.id);
  if (!state.loaded) {
    return (
      <Page>
        <h1 className="sr-only">{t('annotate')}</h1>
        <LoadingState label={t('loadingWhatBrowserKeeps')} />
      </Page>
    );
  }
  return <OpenQueue {...props} outbox={outbox} state={state} />;
}

function OpenQueue({
  project,
  user,
  manages,
  outbox,
  state,
}: {
  project: Project;
  user: Me;
  manages: boolean;
  outbox: AnnotationOutbox;
  state: OutboxState;
}) {
  const t = useTranslations('annotate');
  const router = useRouter();
  const unsent = useCallback(() => offQueue(outbox.getState().items), [outbox]);
  const queue = useTaskQueue(user.id, project.id, unsent, state.acknowledged);
  const invalidate = useInvalidate();
  const { next, advance } = queue;
  const work = useSubmissions(outbox, queue.current, project.tiersVersion);
  const current = work.task;
  const drafts = useDrafts(user.id, project.id, current, next);
  const [keys] = useKeyBindings(user.id);
  const moved = useRef(false);
  const guidelines = useGuidelinesBeside(project, current?.promptId ?? null);
  const [rounds, setRounds] = useState(0);
  const reopened = queue.current?.annotation && !work.judged ? queue.current : null;

  // Lists of marks on screen are as new as what the server has taken.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each acknowledgement
  useEffect(() => {
    void invalidate(`/projects/${project.id}/marks`, `/projects/${project.id}/pace`);
  }, [state.acknowledged]);

  const { rebase } = drafts;
  const version = current?.annotation?.version;
  useEffect(() => {
    if (version !== undefined) rebase(version);
  }, [rebase, version]);

  const onSave = (task: Task, judgement: Judgement) => {
    // From here on the outbox keeps the work.
    drafts.handOver(work.submit(task, judgement));
    show(() => advance(work.judged ? 'again' : 'judged'));
    void invalidate(`/projects/${project.id}/annotations`);
  };

  // What was begun on it stays a draft, for the return to it.
  const onSkipped = (task: Task) => {
    work.noteSkip(task, drafts.start);
    show(() => advance('skipped'));
  };

  const onBack = () => {
    const task = work.takeBack();
    if (!task) return;
    setRounds(rounds + 1);
    show(() => queue.goBack(task));
  };

  /** Brings another prompt to the screen. */
  const show = (change: () => void) => {
    moved.current = true;
    change();
    window.scrollTo({ top: 0 });
  };

  const mineHref = `/projects/${project.id}/annotate/mine`;
  const toolbar = (
    <>
      {queue.progress ? (
        <ProgressBar
          label={t('progress')}
          hideLabel
          value={queue.progress.done}
          max={queue.progress.total}
          className="hidden w-28 sm:grid lg:w-44"
        />
      ) : null}
      <p className="tabular shrink-0 text-[0.8125rem] text-soft">
        {queue.progress ? t('doneOfTotal', { done: queue.progress.done, total: queue.progress.total }) : ''}
      </p>
      <SaveStatus outbox={outbox} state={state} draft={drafts.state} />
    </>
  );
  const problems = (
    <SaveProblems
      projectId={project.id}
      userId={user.id}
      tiers={project.tiers}
      outbox={outbox}
      state={state}
      onEdit={(promptId) => router.push(`${mineHref}/${promptId}`)}
    />
  );

  const gold = <GoldFeedback projectId={project.id} tiers={project.tiers} />;
  const line = (
    <QueueLine
      projectId={project.id}
      last={work.last}
      backKey={current && keys.back}
      onBack={onBack}
      mineHref={mineHref}
    />
  );
  if (current && guidelines.gate) {
    return (
      <>
        {problems}
        {gold}
        {guidelines.gate}
      </>
    );
  }
  if (current && drafts.ready && guidelines.ready) {
    return guidelines.beside(
      <>
        {problems}
        {gold}
        {line}
        {reopened ? <Notice className="mx-4 mt-3">{t('newResponsesWereAdded')}</Notice> : null}
        <TierBoard
          key={`${current.promptId} ${rounds}`}
          userId={user.id}
          projectId={project.id}
          task={current}
          tiers={project.tiers}
          issueTags={project.issueTags}
          guidance={guidelines.guidance}
          onGuidelines={guidelines.toggle}
          start={work.start ?? drafts.start ?? (reopened && startOf(reopened))}
          saveLabel={t('saveAndNext')}
          focusOnOpen={moved.current}
          toolbar={toolbar}
          tools={guidelines.button}
          onDraft={(draft) => {
            work.noteDraft(current.promptId, draft);
            drafts.onDraft(draft);
          }}
          onSave={(judgement) => onSave(current, judgement)}
          onSkipped={() => onSkipped(current)}
          onBack={work.last ? onBack : undefined}
        />
      </>,
    );
  }
  return (
    <>
      {problems}
      {gold}
      {queue.status === 'finished' ? line : null}
      <Page>
        <h1 className="sr-only">{t('annotate')}</h1>
        {queue.status === 'error' ? (
          <ErrorState error={queue.error} title={t('nextPromptsCouldNot')} onRetry={queue.retry} />
        ) : queue.status !== 'finished' ? (
          <LoadingState label={t('loadingTheNextPrompt')} />
        ) : (
          <div className="grid gap-4">
            <Finished project={project} total={queue.progress?.total ?? 0} mineHref={mineHref} manages={manages} />
            <div className="flex justify-center">
              <SaveStatus outbox={outbox} state={state} />
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
