'use client';

import { useState } from 'react';
import { accuracyInWords } from '@/components/train/accuracy-words';
import { Button, Card, CardHeader, Checkbox, EmptyState, ErrorState, LoadingState } from '@/components/ui';
import { plural } from '@/components/ui/format';
import type { RunEvaluation } from '@/lib/schemas/run';
import { passes, type RerankFilter } from './rank-changes';
import { RerankPrompt } from './rerank-prompt';
import { useRerank } from './use-rerank';

const PER_PAGE = 10;

/** Every prompt's responses by score before and after, beside the human tiers. */
export function RerankView({ runId, evaluation }: { runId: string; evaluation: RunEvaluation | null }) {
  const [filter, setFilter] = useState<RerankFilter>({ heldOutOnly: false, changedOnly: false });
  const [page, setPage] = useState(0);
  const { prompts, tiers, isLoading, isComplete, error, retry } = useRerank(runId);

  const choose = (change: Partial<RerankFilter>) => {
    setFilter((before) => ({ ...before, ...change }));
    setPage(0);
  };
  if (error) return <ErrorState title="The ranking could not be loaded" error={error} onRetry={retry} />;
  if (isLoading) return <LoadingState label="Loading the ranking" />;
  if (!prompts.some(({ responses }) => responses.some(({ before }) => before !== null))) {
    return (
      <EmptyState title="No scores yet">
        The responses appear here by score once the run has scored them, first before training, then after.
      </EmptyState>
    );
  }
  const shown = prompts.filter((prompt) => passes(prompt, filter));
  const pages = Math.max(1, Math.ceil(shown.length / PER_PAGE));
  const first = Math.min(page, pages - 1) * PER_PAGE;
  return (
    <div className="grid grid-cols-1 gap-5">
      <Card className="grid gap-4">
        <CardHeader
          title="Responses by score"
          description="Each response’s place before and after training, beside the tier people gave it. The score is its length-normalised log-probability."
        />
        {evaluation ? (
          <dl className="grid gap-1 text-sm">
            {(['before', 'after'] as const).map((stage) => (
              <div key={stage} className="flex flex-wrap gap-x-2">
                <dt className="text-soft">Held-out pairwise accuracy {stage}:</dt>
                <dd className="tabular font-medium">{accuracyInWords(evaluation.heldOut[stage], 'held-out')}</dd>
              </div>
            ))}
          </dl>
        ) : null}
        <div className="flex flex-wrap items-center gap-x-6 gap-y-3 border-line border-t pt-4">
          <Checkbox
            label="Held-out prompts only"
            checked={filter.heldOutOnly}
            onChange={(event) => choose({ heldOutOnly: event.target.checked })}
          />
          <Checkbox
            label="Changed order only"
            checked={filter.changedOnly}
            onChange={(event) => choose({ changedOnly: event.target.checked })}
          />
          <p role="status" className="tabular ml-auto text-sm text-soft">
            {plural(shown.length, 'prompt')}
            {shown.length < prompts.length ? ` of ${prompts.length}` : ''}
            {isComplete ? '' : ', loading more…'}
          </p>
        </div>
      </Card>
      {shown.length === 0 ? (
        <EmptyState title="No prompt fits this filter">
          {filter.changedOnly ? 'Training changed the order of none of these prompts.' : 'No prompt was held out.'}
        </EmptyState>
      ) : (
        <ol className="grid grid-cols-1 gap-4" start={first + 1}>
          {shown.slice(first, first + PER_PAGE).map((prompt) => (
            <li key={prompt.promptId}>
              <RerankPrompt prompt={prompt} tiers={tiers} />
            </li>
          ))}
        </ol>
      )}
      {pages > 1 ? (
        <nav aria-label="Pages of prompts" className="flex items-center justify-center gap-4">
          <Button size="sm" disabled={first === 0} onClick={() => setPage(first / PER_PAGE - 1)}>
            Previous
          </Button>
          <span className="tabular text-sm text-soft">
            Page {first / PER_PAGE + 1} of {pages}
          </span>
          <Button size="sm" disabled={first + PER_PAGE >= shown.length} onClick={() => setPage(first / PER_PAGE + 1)}>
            Next
          </Button>
        </nav>
      ) : null}
    </div>
  );
}
