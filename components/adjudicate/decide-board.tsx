'use client';

import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { FullScreen } from '@/components/annotate/board/full-screen';
import { TierBoard } from '@/components/annotate/board/tier-board';
import { useGuidelinesBeside } from '@/components/guidelines/use-guidelines-beside';
import { LinkButton } from '@/components/ui';
import { api, useCreation } from '@/components/ui/api';
import { useToast } from '@/components/ui/toast';
import type { PromptAnswers, SaveDecisionRequest, SavedDecision } from '@/lib/schemas/decision';
import type { Me } from '@/lib/schemas/people';
import type { Project } from '@/lib/schemas/project';
import { AnswersBeside } from './answers-beside';
import { DecideNotices } from './decide-notices';
import { DecisionSession } from './decision-session';
import { forgetDecision, keepDecision, keptDecision } from './kept-decision';

/** The board of one decision, with the answers beside it. Whoever decides goes on to the next prompt of the queue. */
export function DecideBoard({
  project,
  user,
  answers,
  readAgain,
}: {
  project: Project;
  user: Me;
  answers: PromptAnswers;
  readAgain: () => void;
}) {
  const t = useTranslations('adjudicate');
  const router = useRouter();
  const toast = useToast();
  const { promptId, externalId, next } = answers;
  const queue = `/projects/${project.id}/adjudicate`;
  const guidelines = useGuidelinesBeside(project, promptId);
  const [besideOwnDraft, setBesideOwnDraft] = useState(false);
  /** The newest of the prompt's decisions that the reviewer has seen: a save takes its place. */
  const [seen, setSeen] = useState(answers.decisions[0]?.version ?? 0);
  const decide = useCreation(
    (content: Omit<SaveDecisionRequest, 'idempotencyKey'>, idempotencyKey) =>
      api<SavedDecision>(`/projects/${project.id}/decisions`, { method: 'POST', json: { ...content, idempotencyKey } }),
    [`/projects/${project.id}/review-queue`, `/projects/${project.id}/answers`],
    () => {
      forgetDecision(user.id, promptId);
      toast(t('wasDecided', { prompt: externalId }), 'good');
      router.push(next ? `${queue}/${next}` : queue);
    },
  );
  const [session] = useState(
    () =>
      new DecisionSession(answers, project.tiers.length, keptDecision(user.id, promptId, seen), (content) =>
        keepDecision(user.id, promptId, seen, content),
      ),
  );
  const { open } = useSyncExternalStore(session.subscribe, session.getState, session.getState);
  useEffect(() => {
    session.decide = (content, tiersVersion) =>
      decide.mutate({
        ...content,
        promptId,
        tiersVersion,
        textVersion: open?.task.textVersion,
        baseVersion: seen,
        ...(besideOwnDraft && { besideOwnDraft }),
      });
  });
  if (!open) return null;
  const beside = { projectId: project.id, answers, session, board: open.board, tags: project.issueTags };
  return (
    <FullScreen>
      {guidelines.beside(
        <div className="flex min-h-0 flex-1">
          <div className="flex min-h-0 min-w-0 flex-1 flex-col">
            <TierBoard
              session={session}
              open={open}
              user={user}
              project={project}
              guidance={guidelines.guidance}
              onGuidelines={guidelines.toggle}
              saveLabel={t(next ? 'decideAndNext' : 'decide')}
              focusOnOpen={false}
              leave={{ href: queue, label: t('leave') }}
              canSkip={false}
              back={null}
              tools={
                <>
                  {next ? (
                    <LinkButton size="sm" href={`${queue}/${next}`}>
                      {t('next')}
                    </LinkButton>
                  ) : null}
                  {guidelines.button}
                </>
              }
              status={<p className="truncate text-[0.8125rem] text-faint">{t('deciding')}</p>}
              notices={
                <>
                  <DecideNotices
                    projectId={project.id}
                    answers={answers}
                    error={decide.error}
                    besideOwnDraft={besideOwnDraft}
                    onBesideOwnDraft={setBesideOwnDraft}
                    onSee={(version) => {
                      setSeen(version);
                      decide.reset();
                      readAgain();
                    }}
                  />
                  <div className="xl:hidden">
                    <AnswersBeside {...beside} />
                  </div>
                </>
              }
            />
          </div>
          <aside
            aria-label={t('answers')}
            className="w-104 shrink-0 overflow-y-auto border-line border-s bg-surface max-xl:hidden"
          >
            <AnswersBeside {...beside} />
          </aside>
        </div>,
      )}
    </FullScreen>
  );
}
