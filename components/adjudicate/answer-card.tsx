'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { placeName, responseLetter } from '@/components/annotate/board/announcements';
import { placesOf } from '@/components/annotate/board/board-state';
import { Badge, Button, Card } from '@/components/ui';
import { api, useCreation } from '@/components/ui/api';
import { Notice, useErrorMessage } from '@/components/ui/states';
import { useFormats } from '@/components/ui/use-formats';
import type { Answer, PromptAnswers } from '@/lib/schemas/decision';
import type { IssueTag } from '@/lib/schemas/remarks';
import { RemarkList } from './remark-list';
import { SendBackDialog } from './send-back-dialog';

/** One person's answer in words: remarks, what was sent back, earlier versions. */
export function AnswerCard({
  projectId,
  path,
  answers,
  answer,
  name,
  tags,
  mayAdjudicate,
}: {
  projectId: string;
  /** Of the answers, to be read again after a change. */
  path: string;
  answers: PromptAnswers;
  answer: Answer;
  name: string;
  tags: readonly IssueTag[];
  mayAdjudicate: boolean;
}) {
  const t = useTranslations('adjudicate');
  const board = useTranslations('annotate');
  const errorMessage = useErrorMessage();
  const { formatDateTime } = useFormats();
  const [isSending, setSending] = useState(false);
  const [inForce, ...earlier] = answer.versions;
  const changed = [path, `/projects/${projectId}/review-queue`];
  const takeBack = useCreation(
    (id: string) => api(`/projects/${projectId}/sent-back/withdraw`, { method: 'POST', json: { id } }),
    changed,
  );
  const isWaiting = answer.sentBack.some(({ state }) => state === 'open');
  return (
    <Card className="min-w-0">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <h3 className="font-semibold text-sm wrap-anywhere">
            <bdi>{name}</bdi>
          </h3>
          <p className="mt-0.5 text-[0.8125rem] text-faint">
            {t('versionOf', { version: inForce!.version, time: formatDateTime(inForce!.createdAt) })}
          </p>
        </div>
        {mayAdjudicate && answer.isPersons && !isWaiting ? (
          <Button size="sm" onClick={() => setSending(true)}>
            {t('sendBack')}
          </Button>
        ) : null}
      </div>
      {answer.counts === 'earlierText' ? <p className="mt-2 text-sm text-warn">{t('ofAnEarlierText')}</p> : null}
      {answer.counts === 'comparison' ? <p className="mt-2 text-sm text-soft">{t('onlyCompared')}</p> : null}
      {inForce!.allBad ? <p className="mt-2 text-sm text-warn">{t('allBad')}</p> : null}
      <RemarkList remarks={inForce!.remarks} responses={answers.responses} tags={tags} />
      {answer.sentBack.map(({ id, note, at, state }) => (
        <div key={id} className="mt-3 rounded-lg bg-sunken px-3 py-2 text-sm">
          <p className="flex flex-wrap items-center gap-2">
            <Badge tone={state === 'open' ? 'warn' : state === 'answered' ? 'good' : 'neutral'}>
              {t(`sentBackStates.${state}`)}
            </Badge>
            <span className="text-[0.8125rem] text-faint">{t('sentBackAt', { time: formatDateTime(at) })}</span>
          </p>
          <p dir="auto" className="mt-1 whitespace-pre-line wrap-anywhere">
            {note}
          </p>
          {mayAdjudicate && state === 'open' ? (
            <Button size="sm" className="mt-2" pending={takeBack.isPending} onClick={() => takeBack.mutate(id)}>
              {t('takeSentBack')}
            </Button>
          ) : null}
        </div>
      ))}
      {takeBack.isError ? (
        <Notice tone="bad" className="mt-2">
          {errorMessage(takeBack.error)}
        </Notice>
      ) : null}
      {earlier.length > 0 ? (
        <details className="mt-3 text-sm">
          <summary className="text-soft hover:text-ink">{t('earlierVersions', { count: earlier.length })}</summary>
          <ul className="mt-2 grid gap-1.5">
            {earlier.map(({ id, version, createdAt, placements, tiers, allBad }) => {
              const places = placesOf(placements);
              const words = answers.responses.map((response, index) => {
                return `${responseLetter(index)}: ${placeName(places[response.id] ?? null, tiers, board)}`;
              });
              return (
                <li key={id}>
                  <span className="text-faint">{t('versionOf', { version, time: formatDateTime(createdAt) })}</span>
                  <span dir="auto" className="block wrap-anywhere">
                    {[...words, ...(allBad ? [t('allBad')] : [])].join(' · ')}
                  </span>
                </li>
              );
            })}
          </ul>
        </details>
      ) : null}
      {isSending ? (
        <SendBackDialog
          projectId={projectId}
          name={name}
          annotationId={inForce!.id}
          changed={changed}
          onClose={() => setSending(false)}
        />
      ) : null}
    </Card>
  );
}
