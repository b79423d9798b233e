'use client';

import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { responseLetter } from '@/components/annotate/board/announcements';
import { DocumentsPanel } from '@/components/annotate/board/documents-panel';
import { PromptPanel } from '@/components/annotate/board/prompt-panel';
import { ResponseText } from '@/components/content/response-text';
import { TextGroup } from '@/components/content/text-forms';
import { useProject } from '@/components/projects/use-project';
import { ChangePromptButton } from '@/components/prompts/change-prompt-button';
import { Flags } from '@/components/prompts/flags';
import { Badge, Card, EmptyState, ErrorState, LinkButton, LoadingState, Page, PageHeader } from '@/components/ui';
import { useApi } from '@/components/ui/api';
import { useFormats } from '@/components/ui/use-formats';
import type { PromptAnswers } from '@/lib/schemas/decision';
import type { Project } from '@/lib/schemas/project';
import { AnswerCard } from './answer-card';
import { AnswerMatrix } from './answer-matrix';
import { DecisionHistory } from './decision-history';
import { useAnswerNames } from './use-answer-names';

/** One prompt with its responses and everybody's answers side by side, for those who may read them. */
export function PromptPage({ projectId, promptId }: { projectId: string; promptId: string }) {
  const t = useTranslations('adjudicate');
  const path = `/projects/${projectId}/answers/${promptId}`;
  const answers = useApi<PromptAnswers>(path, { fresh: true });
  const project = useProject(projectId);
  if (!answers.data || !project.data) {
    const failure = (answers.data ? null : answers.error) ?? project.error;
    return (
      <Page>
        <PageHeader title={t('prompt')} />
        {failure ? (
          <ErrorState error={failure} onRetry={() => Promise.all([answers.refetch(), project.refetch()])} />
        ) : (
          <LoadingState label={t('loading')} />
        )}
      </Page>
    );
  }
  return <Shown projectId={projectId} path={path} answers={answers.data} project={project.data.project} />;
}

function Shown({
  projectId,
  path,
  answers,
  project,
}: {
  projectId: string;
  path: string;
  answers: PromptAnswers;
  project: Project;
}) {
  const t = useTranslations('adjudicate');
  const { formatPercent } = useFormats();
  const nameOf = useAnswerNames();
  const { promptId, externalId, messages, documents, responses, disagreement, isGold, decisions } = answers;
  const texts = useMemo(
    () => [...messages.map(({ content }) => content), ...responses.map(({ text }) => text)],
    [messages, responses],
  );
  const isDecided = decisions[0]?.kind === 'decided';
  const mayAdjudicate = !project.isArchived;
  const mayDecide = mayAdjudicate && answers.answers.length > 0 && !isGold;
  const facts = [
    t('annotators', { count: answers.answers.length }),
    ...(disagreement === null ? [] : [t('differ', { percent: formatPercent(disagreement / 1000) })]),
  ];
  return (
    <Page>
      <PageHeader
        title={
          <>
            {t('prompt')} <span className="font-mono wrap-anywhere">{externalId}</span>
          </>
        }
        description={facts.join(' · ')}
        actions={
          mayAdjudicate ? (
            <>
              <ChangePromptButton projectId={projectId} promptId={promptId} externalId={externalId} />
              {mayDecide ? (
                <LinkButton
                  href={`/projects/${projectId}/adjudicate/${promptId}`}
                  variant={isDecided ? 'secondary' : 'primary'}
                >
                  {t(isDecided ? 'decideAnew' : 'decide')}
                </LinkButton>
              ) : null}
            </>
          ) : null
        }
      />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
        <Flags projectId={projectId} promptId={promptId} />
        {isGold ? <Badge className="justify-self-start">{t('gold')}</Badge> : null}
        <TextGroup texts={texts}>
          <PromptPanel task={answers} guidance="" />
          {documents.length > 0 ? <DocumentsPanel documents={documents} citing={null} /> : null}
          <section aria-label={t('answers')}>
            <h2 className="font-semibold text-base">{t('answers')}</h2>
            {answers.answers.length > 0 ? (
              <>
                <p className="mt-1 mb-3 text-[0.8125rem] text-faint">{t(isDecided ? 'namesShown' : 'namesHidden')}</p>
                <Card flush>
                  <AnswerMatrix answers={answers} />
                </Card>
                <div className="mt-4 grid grid-cols-[repeat(auto-fill,minmax(min(100%,20rem),1fr))] gap-3">
                  {answers.answers.map((answer, index) => (
                    <AnswerCard
                      key={answer.versions.at(-1)!.id}
                      projectId={projectId}
                      path={path}
                      answers={answers}
                      answer={answer}
                      name={nameOf(answer, index)}
                      tags={project.issueTags}
                      mayAdjudicate={mayAdjudicate}
                    />
                  ))}
                </div>
              </>
            ) : (
              <EmptyState title={t('noAnswers')}>{t('noAnswersHint')}</EmptyState>
            )}
          </section>
          <DecisionHistory
            projectId={projectId}
            path={path}
            answers={answers}
            tags={project.issueTags}
            mayAdjudicate={mayAdjudicate}
          />
          <section aria-label={t('responses')}>
            <h2 className="mb-3 font-semibold text-base">{t('responses')}</h2>
            <ul className="grid grid-cols-[minmax(0,1fr)] gap-2">
              {responses.map(({ id, externalId: name, text, source }, index) => (
                <li key={id} className="min-w-0 rounded-lg border border-line bg-surface p-4">
                  <p className="mb-1.5 text-[0.8125rem] text-faint wrap-anywhere">
                    <span className="font-semibold text-ink">{responseLetter(index)}</span>{' '}
                    <span className="font-mono">{name}</span>
                    {source === null ? '' : ` · ${source}`}
                  </p>
                  <ResponseText text={text} />
                </li>
              ))}
            </ul>
          </section>
        </TextGroup>
      </div>
    </Page>
  );
}
