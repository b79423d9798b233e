'use client';

import { CircleCheck } from 'lucide-react';
import Link from 'next/link';
import { useCallback, useRef, useState } from 'react';
import { type Me, useMe } from '@/components/account/use-me';
import type { Project } from '@/components/projects/project-types';
import { useProject } from '@/components/projects/use-project';
import { useInvalidate } from '@/components/ui/api';
import { LinkButton } from '@/components/ui/button';
import { formatNumber } from '@/components/ui/format';
import { Page } from '@/components/ui/page-header';
import { ProgressBar } from '@/components/ui/progress-bar';
import { EmptyState, ErrorState, LoadingState } from '@/components/ui/states';
import type { Task } from '@/lib/schemas/annotation';
import { clearDraft, loadDraft, saveDraft } from './draft-store';
import { useMyMarks } from './my-marks';
import { SaveProblems, SaveStatus } from './save-status';
import { type Judgement, newIdempotencyKey } from './submission';
import { type BoardStart, TierBoard } from './tier-board';
import { useOutbox } from './use-outbox';
import { useTaskQueue } from './use-task-queue';

/** The queue of prompts that this annotator has not judged yet. */
export function AnnotatePage({ projectId }: { projectId: string }) {
  const me = useMe();
  const project = useProject(projectId);
  if (project.isError) {
    return (
      <Page>
        <ErrorState error={project.error} onRetry={() => project.refetch()} />
      </Page>
    );
  }
  if (!project.data || !me.data?.user) {
    return (
      <Page>
        <h1 className="sr-only">Annotate</h1>
        <LoadingState label="Loading the project" />
      </Page>
    );
  }
  return (
    <AnnotateQueue project={project.data.project} user={me.data.user} manages={project.data.role !== 'annotator'} />
  );
}

function AnnotateQueue({ project, user, manages }: { project: Project; user: Me; manages: boolean }) {
  const { outbox, state } = useOutbox(user.id, project.id);
  // Read once: what was unsent when the page opened. Later submissions the queue hears of through `advance`.
  const [unsentAtStart] = useState(() => state.items.map((item) => item.request.promptId));
  const queue = useTaskQueue(project.id, unsentAtStart);
  const invalidate = useInvalidate();
  const { current, advance } = queue;
  const moved = useRef(false);

  const onDraft = useCallback(
    (draft: BoardStart) => {
      if (current) saveDraft(user.id, current.promptId, { ...draft, baseVersion: 0 });
    },
    [current, user.id],
  );

  const onSave = (task: Task, judgement: Judgement) => {
    outbox.add(
      {
        ...judgement,
        promptId: task.promptId,
        idempotencyKey: newIdempotencyKey(),
        baseVersion: task.annotation?.version ?? 0,
      },
      task.externalId,
    );
    // From here on the outbox keeps the work.
    clearDraft(user.id, task.promptId);
    moved.current = true;
    advance();
    window.scrollTo({ top: 0 });
    void invalidate(`/projects/${project.id}/annotations`);
  };

  const onSkipped = (task: Task) => {
    clearDraft(user.id, task.promptId);
    moved.current = true;
    advance(true);
    window.scrollTo({ top: 0 });
  };

  const mineHref = `/projects/${project.id}/annotate/mine`;
  const toolbar = (
    <>
      {queue.progress ? (
        <ProgressBar
          label="Progress"
          hideLabel
          value={queue.progress.done}
          max={queue.progress.total}
          className="hidden w-28 sm:grid lg:w-44"
        />
      ) : null}
      <p className="tabular shrink-0 text-[0.8125rem] text-soft">
        {queue.progress ? `${formatNumber(queue.progress.done)} of ${formatNumber(queue.progress.total)}` : ''}
      </p>
      <SaveStatus outbox={outbox} state={state} />
      <span className="flex-1" />
      <Link
        href={mineHref}
        className="shrink-0 rounded-md px-2 py-1.5 text-[0.8125rem] text-soft hover:bg-hover hover:text-ink"
      >
        Your work
      </Link>
    </>
  );
  const problems = <SaveProblems projectId={project.id} outbox={outbox} state={state} />;

  if (current) {
    return (
      <>
        {problems}
        <TierBoard
          key={current.promptId}
          userId={user.id}
          projectId={project.id}
          task={current}
          tiers={project.tiers}
          guidance={project.guidelines || project.description}
          start={loadDraft(user.id, current.promptId, 0)}
          saveLabel="Save and next"
          focusOnOpen={moved.current}
          toolbar={toolbar}
          onDraft={onDraft}
          onSave={(judgement) => onSave(current, judgement)}
          onSkipped={() => onSkipped(current)}
        />
      </>
    );
  }
  return (
    <>
      {problems}
      <Page>
        <h1 className="sr-only">Annotate</h1>
        {queue.status === 'error' ? (
          <ErrorState error={queue.error} title="The next prompts could not be loaded" onRetry={queue.retry} />
        ) : queue.status === 'loading' ? (
          <LoadingState label="Loading the next prompt" />
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
  const marks = useMyMarks(project.id).data?.marks ?? [];
  const skipped = marks.filter(({ kind }) => kind === 'skipped').length;
  if (total === 0) {
    return (
      <EmptyState
        title="There is nothing to annotate yet"
        actions={
          manages ? (
            <LinkButton href={`/projects/${project.id}/import`} variant="primary">
              Import prompts
            </LinkButton>
          ) : null
        }
      >
        {manages ? 'Import prompts with responses first.' : 'Prompts appear here as soon as they are imported.'}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<CircleCheck className="size-5" />}
      title={skipped > 0 ? 'You are through the queue' : 'You have judged every prompt'}
      actions={
        <>
          <LinkButton href={mineHref}>Look at your work</LinkButton>
          {manages ? (
            <LinkButton href={`/projects/${project.id}/snapshots`} variant="primary">
              Take a snapshot
            </LinkButton>
          ) : null}
        </>
      }
    >
      {skipped === 0
        ? `All ${formatNumber(total)} of them. Thank you.`
        : `You skipped ${skipped === 1 ? 'one prompt' : `${formatNumber(skipped)} prompts`}. You can return to ${skipped === 1 ? 'it' : 'them'} from your work.`}
    </EmptyState>
  );
}
