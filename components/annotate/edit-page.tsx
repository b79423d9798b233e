'use client';

import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useMe } from '@/components/account/use-me';
import { useGuidelinesBeside } from '@/components/guidelines/use-guidelines-beside';
import { useProject } from '@/components/projects/use-project';
import { useApi, useInvalidate } from '@/components/ui/api';
import { Button } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import { Page } from '@/components/ui/page-header';
import { ErrorState, LoadingState, Notice } from '@/components/ui/states';
import type { Task } from '@/lib/schemas/annotation';
import type { Me } from '@/lib/schemas/people';
import type { Project } from '@/lib/schemas/project';
import { boardWidth } from './board/board-bar';
import { FullScreen } from './board/full-screen';
import { TierBoard } from './board/tier-board';
import { GoldControl } from './gold/gold-control';
import { SentBackNote } from './queue/sent-back-note';
import { SaveProblems, SaveStatus } from './session/save-status';
import { useAnnotationSession } from './session/use-annotation-session';
import { ShownSources } from './shown-sources';

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
    <EditBoard
      key={`${me.data.user.id} ${projectId} ${promptId}`}
      project={project.data.project}
      manages={project.data.role !== 'annotator'}
      task={task.data}
      user={me.data.user}
    />
  );
}

function Loading() {
  const t = useTranslations('annotate');
  return (
    <Page>
      <LoadingState label={t('loadingThePrompt')} />
    </Page>
  );
}

/** `task` is what the session begins with: a reload in the background must not move the version that this edit builds on. */
function EditBoard({ project, manages, task, user }: { project: Project; manages: boolean; task: Task; user: Me }) {
  const t = useTranslations('annotate');
  const projectId = project.id;
  const { promptId } = task;
  const router = useRouter();
  const invalidate = useInvalidate();
  const guidelines = useGuidelinesBeside(project, promptId);
  const mine = `/projects/${projectId}/annotate/mine`;
  const { session, state } = useAnnotationSession(user.id, project, task, () => {
    void invalidate(`/projects/${projectId}/tasks`);
    router.push(mine);
  });
  const { open, outbox } = state;
  if (!outbox.loaded) return <Loading />;
  if (guidelines.gate) return guidelines.gate;
  if (!open || !guidelines.ready) return <Loading />;
  return (
    <FullScreen>
      {guidelines.beside(
        <TierBoard
          key={open.id}
          session={session}
          open={open}
          user={user}
          project={project}
          guidance={guidelines.guidance}
          onGuidelines={guidelines.toggle}
          saveLabel={t('saveChanges')}
          focusOnOpen={false}
          canSkip={false}
          back={null}
          tools={guidelines.button}
          leave={{ href: mine, label: t('yourWork') }}
          status={
            <>
              <p className="hidden truncate text-[0.8125rem] text-faint sm:block">
                {open.version > 0
                  ? t('changingVersionVersion', { version: open.version })
                  : open.builtOn
                    ? t('changingWhatWaitsSent')
                    : t('notJudgedYet')}
              </p>
              <SaveStatus outbox={session.outbox} state={outbox} draft={open.draft} />
            </>
          }
          notices={
            <>
              <SaveProblems
                projectId={projectId}
                userId={user.id}
                tiers={project.tiers}
                outbox={session.outbox}
                state={outbox}
                onEdit={(other) => {
                  if (other !== promptId) router.push(`${mine}/${other}`);
                  else if (!open.submitted) void session.startOver();
                }}
              />
              <ShownSources responses={open.task.responses} />
              {manages && open.task.annotation ? <GoldControl projectId={projectId} promptId={promptId} /> : null}
              <SentBackNote task={open.task} />
              {open.stale ? (
                <StaleDraft
                  version={open.version}
                  onUse={() => session.chooseStale(true)}
                  onDrop={() => session.chooseStale(false)}
                />
              ) : null}
            </>
          }
        />,
      )}
    </FullScreen>
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
