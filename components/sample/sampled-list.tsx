'use client';

import { useState } from 'react';
import { Badge, Button, Card, EmptyState, LinkButton, Notice } from '@/components/ui';
import { useInvalidate } from '@/components/ui/api';
import { plural } from '@/components/ui/format';
import type { SampledPrompt } from './sample-messages';
import { leftOutInWords, requestOf, responseKey, type SampleProgress } from './sample-progress';
import { discardSampled, storeSampled, toggleSampled } from './sample-session';

const PAGE = 20;

/** What a model wrote: to look at, to choose from, and to store. */
export function SampledList({ progress, projectId }: { progress: SampleProgress; projectId: string }) {
  const [shown, setShown] = useState(PAGE);
  const invalidate = useInvalidate();
  const { phase, prompts, dropped, leftOut, error } = progress;
  const request = requestOf(progress);
  const chosen = request.prompts.reduce((sum, { responses }) => sum + responses.length, 0);
  const notes = leftOutInWords(leftOut);

  if (progress.result !== null) return <Stored progress={progress} />;
  if (prompts.length === 0) {
    return (
      <EmptyState
        title={progress.stopped ? 'Stopped before anything was written' : 'Nothing new came out'}
        actions={<Button onClick={discardSampled}>Change the settings</Button>}
      >
        {notes.length > 0
          ? `${notes.join('; ')}. A higher temperature, another seed or other prompts may help.`
          : progress.stopped
            ? 'Nothing is lost, for there was nothing yet.'
            : 'No prompt was asked: choose others.'}
      </EmptyState>
    );
  }
  const store = async () => {
    if (await storeSampled()) void invalidate(`/projects/${progress.projectId}`);
  };
  return (
    <div className="grid gap-5">
      {progress.projectId !== projectId ? (
        <Notice tone="warn">These responses are for another project, and will be stored there.</Notice>
      ) : null}
      {error ? (
        <Notice tone="bad">{error}</Notice>
      ) : progress.stopped ? (
        <Notice>Stopped early. What was written until then stands here.</Notice>
      ) : null}
      <Card className="grid gap-4">
        <p>
          {plural(chosen, 'new response')} by <strong className="font-medium">{progress.source}</strong> to{' '}
          {plural(request.prompts.length, 'prompt')}. Untick what you do not want; nothing is stored yet.
        </p>
        {notes.length > 0 ? <p className="text-[0.8125rem] text-soft">{notes.join('; ')}.</p> : null}
        <div className="flex flex-wrap gap-3">
          <Button variant="primary" disabled={chosen === 0} pending={phase === 'storing'} onClick={store}>
            Add {plural(chosen, 'response')} to {plural(request.prompts.length, 'prompt')}
          </Button>
          <Button disabled={phase === 'storing'} onClick={discardSampled}>
            Discard
          </Button>
        </div>
      </Card>
      <ul className="grid gap-4" aria-label="Sampled responses">
        {prompts.slice(0, shown).map((prompt) => (
          <li key={prompt.promptId}>
            <Sampled prompt={prompt} dropped={dropped} />
          </li>
        ))}
      </ul>
      {prompts.length > shown ? (
        <div>
          <Button onClick={() => setShown(shown + PAGE)}>
            Show {Math.min(PAGE, prompts.length - shown)} more of {prompts.length} prompts
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
        <h2 className="line-clamp-4 whitespace-pre-line break-words font-medium text-sm">{prompt.question}</h2>
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
                <span className="min-w-0 flex-1 whitespace-pre-line break-words text-sm">{text}</span>
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
  const { responses, prompts, duplicates, beyond } = progress.result!;
  const left = duplicates + beyond;
  return (
    <Card className="grid justify-items-start gap-4">
      <p role="status">
        {plural(responses, 'response')} added to {plural(prompts, 'prompt')}.
        {left > 0 ? ` ${plural(left, 'response')} left out: there already, or without room.` : ''}
      </p>
      <p className="max-w-prose text-sm text-soft">
        Annotators find them on their boards; prompts that somebody has judged already come back once.
      </p>
      <div className="flex flex-wrap gap-3">
        <LinkButton href={`/projects/${progress.projectId}/annotate`} variant="primary">
          Annotate
        </LinkButton>
        <Button onClick={discardSampled}>Sample more</Button>
      </div>
    </Card>
  );
}
