'use client';

import { useTranslations } from 'next-intl';
import type { BoardState } from '@/components/annotate/board/board-state';
import { Button, TextArea } from '@/components/ui';
import type { PromptAnswers } from '@/lib/schemas/decision';
import type { IssueTag } from '@/lib/schemas/remarks';
import type { Judgement } from '@/trainer/contract/judgement';
import { AnswerCard } from './answer-card';
import { AnswerMatrix } from './answer-matrix';
import type { DecisionSession } from './decision-session';
import { useAnswerNames } from './use-answer-names';

/** Everybody's answers beside the board of a decision: what it can start from, its reason, and the answers in full. */
export function AnswersBeside({
  projectId,
  answers,
  session,
  board,
  tags,
}: {
  projectId: string;
  answers: PromptAnswers;
  session: DecisionSession;
  board: BoardState;
  tags: readonly IssueTag[];
}) {
  const t = useTranslations('adjudicate');
  const nameOf = useAnswerNames();
  const { timeOnTaskMs = 0 } = session.getState().open ?? {};
  const start = (judgement: Judgement) => session.act({ type: 'fill', judgement }, timeOnTaskMs);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4 px-4 py-3">
      <fieldset className="min-w-0">
        <legend className="mb-1.5 font-medium text-[0.8125rem] text-soft">{t('startFrom')}</legend>
        <div className="flex flex-wrap gap-1.5">
          <Button size="sm" onClick={() => start({ allBad: false, placements: answers.consensus })}>
            {t('consensus')}
          </Button>
          {answers.answers.map((answer, index) => (
            <Button key={answer.versions.at(-1)!.id} size="sm" onClick={() => start(answer.versions[0]!)}>
              {nameOf(answer, index)}
            </Button>
          ))}
          <Button size="sm" onClick={() => start({ allBad: false, placements: [] })}>
            {t('emptyBoard')}
          </Button>
        </div>
      </fieldset>
      <TextArea
        dir="auto"
        rows={2}
        label={t('reason')}
        hint={t('reasonHint')}
        maxLength={5000}
        value={board.remarks.comment}
        onChange={(event) => session.act({ type: 'comment', text: event.target.value }, timeOnTaskMs)}
      />
      <div className="overflow-hidden rounded-lg border border-line">
        <AnswerMatrix answers={answers} />
      </div>
      {answers.answers.map((answer, index) => (
        <AnswerCard
          key={answer.versions.at(-1)!.id}
          projectId={projectId}
          path={`/projects/${projectId}/answers/${answers.promptId}`}
          answers={answers}
          answer={answer}
          name={nameOf(answer, index)}
          tags={tags}
          mayAdjudicate
        />
      ))}
    </div>
  );
}
