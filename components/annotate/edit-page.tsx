'use client';

import { ArrowLeft } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { useMe } from '@/components/account/use-me';
import { useGuidelinesBeside } from '@/components/guidelines/use-guidelines-beside';
import { useProject } from '@/components/projects/use-project';
import { useApi, useInvalidate } from '@/components/ui/api';
import { Button } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import { newIdempotencyKey } from '@/components/ui/idempotency-key';
import { Page } from '@/components/ui/page-header';
import { ErrorState, LoadingState, Notice } from '@/components/ui/states';
import type { Task } from '@/lib/schemas/annotation';
import type { Me } from '@/lib/schemas/people';
import type { Project } from '@/lib/schemas/project';
import { draftOfAnnotation } from './board/board-state';
import { boardWidth } from './board/board-toolbar';
import type { Judgement } from './board/submission';
import { TierBoard } from './board/tier-board';
import { GoldControl } from './gold/gold-control';
import type { AnnotationOutbox, OutboxState } from './outbox/annotation-outbox';
import { SaveProblems, SaveStatus } from './session/save-status';
import { useDrafts } from './session/use-drafts';
import { useOutbox } from './session/use-outbox';

/** A second look at one's own annotation; saving it makes a new version. */
export function EditAnnotationPage({ projectId, promptId }: { projectId: string; promptId: string }) {
  const me = useMe();
  const project = useProject(projectId);
  const task = useApi<Task>(`/projects/${projectId}/tasks/${promptId}`, { fresh: true });
  const failure = (task.data ? null : task.error) ?? (project.data ? null : project.error);
  if (failure) {
    return (
      <Page>
        <ErrorState error={failure} onRetry={() => Promise.all([task.refetch(), project.refetch()])} />
      </Page>
    );
  }
  // A cached task may be a version behind: wait for the server's answer before anything can be edited.
  if (!task.data || !task.isFetchedAfterMount || !project.data || !me.data?.user) return <Loading />;
  return (
    <EditWithOutbox
      project={project.data.project}
      manages={project.data.role !== 'annotator'}
      task={task.data}
      user={me.data.user}
      reload={async () => (await task.refetch()).data ?? null}
    />
  );
}

type EditProps = { project: Project; manages: boolean; task: Task; user: Me; reload: () => Promise<Task | null> };

function EditWithOutbox({ task: loaded, reload, ...props }: EditProps) {
  const { outbox, state } = useOutbox(props.user.id, props.project.id);
  // Held still: a reload in the background must not move the version that this edit builds on.
  const [held, setHeld] = useState({ task: loaded, round: 0 });
  const startOver = async () => {
    const task = await reload();
    setHeld(({ task: before, round }) => ({ task: task ?? before, round: round + 1 }));
  };
  if (!state.loaded) return <Loading />;
  return <EditBoard key={held.round} {...props} task={held.task} outbox={outbox} state={state} startOver={startOver} />;
}

function Loading() {
  const t = useTranslations('annotate');
  return (
    <Page>
      <LoadingState label={t('loadingThePrompt')} />
    </Page>
  );
}

function EditBoard({
  project,
  manages,
  task,
  user,
  outbox,
  state,
  startOver,
}: Omit<EditProps, 'reload'> & { outbox: AnnotationOutbox; state: OutboxState; startOver: () => Promise<void> }) {
  const t = useTranslations('annotate');
  const projectId = project.id;
  const router = useRouter();
  const invalidate = useInvalidate();
  const [submittedKey, setSubmittedKey] = useState<string | null>(null);
  const drafts = useDrafts(user.id, projectId, task, null);
  const [useStale, setUseStale] = useState<boolean | null>(null);
  // What waits to be sent is what the person last said; the server does not know it yet.
  const [unsent] = useState(() => {
    const item = outbox.pendingOf(task.promptId);
    return item?.status === 'waiting' ? item : null;
  });
  const guidelines = useGuidelinesBeside(project, task.promptId);
  const version = Math.max(task.annotation?.version ?? 0, (unsent && outbox.versionOf(unsent.key)) ?? 0);
  const mine = `/projects/${projectId}/annotate/mine`;
  const waits = submittedKey !== null && state.items.some((item) => item.key === submittedKey);
  const saved = submittedKey !== null && outbox.versionOf(submittedKey) !== undefined;
  // The person decided about it otherwise: the board shows what counts now.
  const withdrawn = submittedKey !== null && !waits && !saved;

  useEffect(() => {
    if (!saved) return;
    void invalidate(
      `/projects/${projectId}/annotations`,
      `/projects/${projectId}/tasks`,
      `/projects/${projectId}/marks`,
    );
    router.push(mine);
  }, [saved, invalidate, router, mine, projectId]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each withdrawal
  useEffect(() => {
    if (withdrawn) void startOver();
  }, [withdrawn]);

  const { rebase } = drafts;
  useEffect(() => rebase(version), [rebase, version]);

  const onSave = (judgement: Judgement) => {
    const idempotencyKey = newIdempotencyKey();
    const stored = outbox.add(
      {
        ...judgement,
        promptId: task.promptId,
        idempotencyKey,
        baseVersion: version,
        tiersVersion: project.tiersVersion,
      },
      task.externalId,
      unsent?.key ?? null,
    );
    drafts.handOver(stored);
    setSubmittedKey(idempotencyKey);
  };

  const last = unsent?.request ?? task.annotation;
  const stored = last ? { ...draftOfAnnotation(last), timeOnTaskMs: 0 } : null;
  const problems = (
    <SaveProblems
      projectId={projectId}
      userId={user.id}
      tiers={project.tiers}
      outbox={outbox}
      state={state}
      onEdit={(promptId) => {
        if (promptId !== task.promptId) router.push(`${mine}/${promptId}`);
        else if (submittedKey === null) void startOver();
      }}
    />
  );
  if (guidelines.gate) return guidelines.gate;
  if (!drafts.ready || !guidelines.ready) return <Loading />;
  return guidelines.beside(
    <>
      {problems}
      {manages && task.annotation ? <GoldControl projectId={projectId} promptId={task.promptId} /> : null}
      {drafts.stale && useStale === null ? (
        <StaleDraft version={version} onUse={() => setUseStale(true)} onDrop={() => setUseStale(false)} />
      ) : null}
      <TierBoard
        key={useStale ? 'stale' : 'current'}
        userId={user.id}
        projectId={projectId}
        task={task}
        tiers={project.tiers}
        issueTags={project.issueTags}
        guidance={guidelines.guidance}
        onGuidelines={guidelines.toggle}
        start={useStale ? drafts.stale : (drafts.start ?? stored)}
        saveLabel={t('saveChanges')}
        focusOnOpen={false}
        onDraft={drafts.onDraft}
        onSave={onSave}
        tools={guidelines.button}
        toolbar={
          <>
            <Link
              href={mine}
              className="-ms-2 flex shrink-0 items-center gap-1.5 sm:me-3 rounded-md px-2 py-1.5 text-[0.8125rem] text-soft hover:bg-hover hover:text-ink"
            >
              <ArrowLeft aria-hidden="true" className="rtl:-scale-x-100 size-4" />
              {t('yourWork')}
            </Link>
            <p className="hidden text-[0.8125rem] text-faint sm:me-4 sm:block">
              {version > 0
                ? t('changingVersionVersion', { version })
                : unsent
                  ? t('changingWhatWaitsSent')
                  : t('notJudgedYet')}
            </p>
            <SaveStatus outbox={outbox} state={state} draft={drafts.state} />
          </>
        }
      />
    </>,
  );
}

/** A draft that was begun before the version on screen: offered, never put on the board unasked. */
function StaleDraft({ version, onUse, onDrop }: { version: number; onUse: () => void; onDrop: () => void }) {
  const t = useTranslations('annotate');
  return (
    <div className={classNames('grid pt-3', boardWidth)}>
      <Notice className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p className="min-w-0 flex-1 basis-64">{t('browserKeepsChangesBegan', { version })}</p>
        <div className="flex gap-2">
          <Button size="sm" onClick={onDrop}>
            {t('leaveThemOut')}
          </Button>
          <Button size="sm" onClick={onUse}>
            {t('showThem')}
          </Button>
        </div>
      </Notice>
    </div>
  );
}
