'use client';

import { ArrowLeft } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useState } from 'react';
import { type Me, useMe } from '@/components/account/use-me';
import type { Project } from '@/components/projects/project-types';
import { useProject } from '@/components/projects/use-project';
import { useApi, useInvalidate } from '@/components/ui/api';
import { Page } from '@/components/ui/page-header';
import { ErrorState, LoadingState } from '@/components/ui/states';
import type { Task } from '@/lib/schemas/annotation';
import { draftOfAnnotation } from './board-state';
import { clearDraft, loadDraft, saveDraft } from './draft-store';
import { SaveProblems, SaveStatus } from './save-status';
import { type Judgement, newIdempotencyKey } from './submission';
import { type BoardStart, TierBoard } from './tier-board';
import { useOutbox } from './use-outbox';

/** A second look at one's own annotation; saving it makes a new version. */
export function EditAnnotationPage({ projectId, promptId }: { projectId: string; promptId: string }) {
  const me = useMe();
  const project = useProject(projectId);
  const task = useApi<Task>(`/projects/${projectId}/tasks/${promptId}`, { fresh: true });
  const failure = task.error ?? project.error;
  if (failure) {
    return (
      <Page>
        <ErrorState error={failure} onRetry={() => Promise.all([task.refetch(), project.refetch()])} />
      </Page>
    );
  }
  // A cached task may be a version behind: wait for the server's answer before anything can be edited.
  if (!task.data || !task.isFetchedAfterMount || !project.data || !me.data?.user) {
    return (
      <Page>
        <LoadingState label="Loading the prompt" />
      </Page>
    );
  }
  return <EditBoard project={project.data.project} task={task.data} user={me.data.user} />;
}

function EditBoard({ project, task: loaded, user }: { project: Project; task: Task; user: Me }) {
  const projectId = project.id;
  const router = useRouter();
  const invalidate = useInvalidate();
  const { outbox, state } = useOutbox(user.id, projectId);
  const [submittedKey, setSubmittedKey] = useState<string | null>(null);
  // Held still: a reload in the background must not move the version that this edit builds on.
  const [task] = useState(loaded);
  const version = task.annotation?.version ?? 0;
  const mine = `/projects/${projectId}/annotate/mine`;
  const saved = submittedKey !== null && !state.items.some((item) => item.request.idempotencyKey === submittedKey);

  useEffect(() => {
    if (!saved) return;
    void invalidate(
      `/projects/${projectId}/annotations`,
      `/projects/${projectId}/tasks`,
      `/projects/${projectId}/marks`,
    );
    router.push(mine);
  }, [saved, invalidate, router, mine, projectId]);

  const onDraft = useCallback(
    (draft: BoardStart) => {
      saveDraft(user.id, task.promptId, { ...draft, baseVersion: version });
    },
    [user.id, task.promptId, version],
  );

  const onSave = (judgement: Judgement) => {
    const idempotencyKey = newIdempotencyKey();
    outbox.add({ ...judgement, promptId: task.promptId, idempotencyKey, baseVersion: version }, task.externalId);
    clearDraft(user.id, task.promptId);
    setSubmittedKey(idempotencyKey);
  };

  const stored = task.annotation ? { ...draftOfAnnotation(task.annotation), timeOnTaskMs: 0 } : null;
  return (
    <>
      <SaveProblems projectId={projectId} outbox={outbox} state={state} />
      <TierBoard
        userId={user.id}
        projectId={projectId}
        task={task}
        tiers={project.tiers}
        guidance={project.guidelines || project.description}
        start={loadDraft(user.id, task.promptId, version) ?? stored}
        saveLabel="Save changes"
        focusOnOpen={false}
        onDraft={onDraft}
        onSave={onSave}
        toolbar={
          <>
            <Link
              href={mine}
              className="-ml-2 flex shrink-0 items-center gap-1.5 rounded-md px-2 py-1.5 text-[0.8125rem] text-soft hover:bg-hover hover:text-ink"
            >
              <ArrowLeft aria-hidden="true" className="size-4" />
              Your work
            </Link>
            <p className="hidden text-[0.8125rem] text-faint sm:block">
              {version > 0 ? `You are changing version ${version}.` : 'Not judged yet.'}
            </p>
            <SaveStatus outbox={outbox} state={state} />
          </>
        }
      />
    </>
  );
}
