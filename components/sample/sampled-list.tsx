'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Excerpt } from '@/components/content/excerpt';
import { Badge, Button, Card, EmptyState, LinkButton, Notice, useErrorMessage } from '@/components/ui';
import { useInvalidate } from '@/components/ui/api';
import { useNameList } from '@/components/ui/use-name-list';
import type { SampledPrompt } from './sample-messages';
import { formatLeftOut, responseKey, type SampleProgress, toAddResponsesRequest } from './sample-progress';
import { discardSampled, storeSampled, toggleSampled } from './sample-session';

const PAGE = 20;

/** The sampled responses, to view, deselect and store. */
export function SampledList({ progress, projectId }: { progress: SampleProgress; projectId: string }) {
  const t = useTranslations('sample');
  const [shown, setShown] = useState(PAGE);
  const invalidate = useInvalidate();
  const { phase, prompts, dropped, leftOut, error } = progress;
  const errorMessage = useErrorMessage();
  const listNames = useNameList();
  const request = toAddResponsesRequest(progress);
  const chosen = request.prompts.reduce((sum, { responses }) => sum + responses.length, 0);
  const notes = formatLeftOut(leftOut, t);

  if (progress.result !== null) return <Stored progress={progress} />;
  if (prompts.length === 0) {
    return (
      <EmptyState
        title={progress.stopped ? t('stoppedEmpty') : t('noNewResponses')}
        actions={<Button onClick={discardSampled}>{t('changeSettings')}</Button>}
      >
        {notes.length > 0
          ? t('mayHelp', { notes: listNames(notes) })
          : progress.stopped
            ? t('stoppedEmptyHint')
            : t('noPromptSampled')}
      </EmptyState>
    );
  }
  const store = async () => {
    if (await storeSampled()) void invalidate(`/projects/${progress.projectId}`);
  };
  return (
    <div className="grid gap-5">
      {progress.projectId !== projectId ? <Notice tone="warn">{t('willBeStoredElsewhere')}</Notice> : null}
      {error ? (
        <Notice tone="bad">{t(`errors.${error.what}`, { cause: errorMessage(error.cause) })}</Notice>
      ) : progress.stopped ? (
        <Notice>{t('stoppedEarly')}</Notice>
      ) : null}
      <Card className="grid gap-4">
        <p>
          {t.rich('written', {
            responses: chosen,
            prompts: request.prompts.length,
            source: () => <strong className="font-medium">{progress.source}</strong>,
          })}
        </p>
        {notes.length > 0 ? (
          <p className="text-[0.8125rem] text-soft">{t('noted', { notes: listNames(notes) })}</p>
        ) : null}
        <div className="flex flex-wrap gap-3">
          <Button variant="primary" disabled={chosen === 0} pending={phase === 'storing'} onClick={store}>
            {t('addResponsesToPrompts', { chosen, count: request.prompts.length })}
          </Button>
          <Button disabled={phase === 'storing'} onClick={discardSampled}>
            {t('discard')}
          </Button>
        </div>
      </Card>
      <ul className="grid gap-4" aria-label={t('sampledResponses')}>
        {prompts.slice(0, shown).map((prompt) => (
          <li key={prompt.promptId}>
            <Sampled prompt={prompt} dropped={dropped} />
          </li>
        ))}
      </ul>
      {prompts.length > shown ? (
        <div>
          <Button onClick={() => setShown(shown + PAGE)}>
            {t('showMore', { min: Math.min(PAGE, prompts.length - shown), count: prompts.length })}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function Sampled({ prompt, dropped }: { prompt: SampledPrompt; dropped: ReadonlySet<string> }) {
  return (
    <Card flush>
      <div className="px-5 pt-4 pb-3">
        <p className="text-faint text-xs">{prompt.externalId}</p>
        <h2 className="font-medium text-sm">
          <Excerpt text={prompt.question} />
        </h2>
      </div>
      <ul className="divide-y divide-line border-line border-t">
        {prompt.added.map(({ id, text, label }) => {
          const key = responseKey(prompt, id);
          return (
            <li key={id}>
              <label className="flex items-start gap-3 px-5 py-3 hover:bg-hover has-[input:not(:checked)]:text-faint">
                <input
                  type="checkbox"
                  checked={!dropped.has(key)}
                  onChange={() => toggleSampled(key)}
                  className="mt-1 size-4 shrink-0 accent-accent"
                />
                <span dir="auto" className="min-w-0 flex-1 whitespace-pre-line break-words text-sm">
                  {text}
                </span>
                {label ? <Badge>{label}</Badge> : null}
              </label>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

function Stored({ progress }: { progress: SampleProgress }) {
  const t = useTranslations('sample');
  const { responses, prompts, duplicates, beyond } = progress.result!;
  const left = duplicates + beyond;
  return (
    <Card className="grid justify-items-start gap-4">
      <p role="status">
        {t('stored', { responses, prompts })} {left > 0 ? t('storedWithout', { left }) : ''}
      </p>
      <p className="max-w-prose text-sm text-soft">{t('storedHint')}</p>
      <div className="flex flex-wrap gap-3">
        <LinkButton href={`/projects/${progress.projectId}/annotate`} variant="primary">
          {t('annotate')}
        </LinkButton>
        <Button onClick={discardSampled}>{t('sampleMore')}</Button>
      </div>
    </Card>
  );
}
