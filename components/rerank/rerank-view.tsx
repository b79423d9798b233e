'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { formatAccuracy } from '@/components/train/format-accuracy';
import { Button, Card, CardHeader, Checkbox, EmptyState, ErrorState, LoadingState } from '@/components/ui';
import { useFormats } from '@/components/ui/use-formats';
import type { RunEvaluation } from '@/trainer/contract/run-event';
import { matchesFilter, type RerankFilter } from './rank-changes';
import { RerankPrompt } from './rerank-prompt';
import { useRerank } from './use-rerank';

const PER_PAGE = 10;

/** All prompts with their responses' ranks before and after training, and human tiers. */
export function RerankView({ runId, evaluation }: { runId: string; evaluation: RunEvaluation | null }) {
  const t = useTranslations('rerank');
  const accuracy = useTranslations('accuracy');
  const formats = useFormats();
  const [filter, setFilter] = useState<RerankFilter>({ heldOutOnly: false, changedOnly: false });
  const [page, setPage] = useState(0);
  const { prompts, tiers, isLoading, isComplete, error, retry } = useRerank(runId);

  const choose = (change: Partial<RerankFilter>) => {
    setFilter((before) => ({ ...before, ...change }));
    setPage(0);
  };
  if (error) return <ErrorState title={t('loadFailed')} error={error} onRetry={retry} />;
  if (isLoading) return <LoadingState label={t('loading')} />;
  if (!prompts.some(({ responses }) => responses.some(({ before }) => before !== null))) {
    return <EmptyState title={t('noScores')}>{t('noScoresHint')}</EmptyState>;
  }
  const shown = prompts.filter((prompt) => matchesFilter(prompt, filter));
  const pages = Math.max(1, Math.ceil(shown.length / PER_PAGE));
  const first = Math.min(page, pages - 1) * PER_PAGE;
  return (
    <div className="grid grid-cols-1 gap-5">
      <Card className="grid gap-4">
        <CardHeader title={t('responsesByScore')} description={t('intro')} />
        {evaluation ? (
          <dl className="grid gap-1 text-sm">
            {(['before', 'after'] as const).map((stage) => (
              <div key={stage} className="flex flex-wrap gap-x-2">
                <dt className="text-soft">{t('heldOutPairwiseAccuracy', { stage })}</dt>
                <dd className="tabular font-medium">
                  {formatAccuracy(evaluation.heldOut[stage], 'held-out', accuracy, formats)}
                </dd>
              </div>
            ))}
          </dl>
        ) : null}
        <div className="flex flex-wrap items-center gap-x-6 gap-y-3 border-line border-t pt-4">
          <Checkbox
            label={t('heldOutPromptsOnly')}
            checked={filter.heldOutOnly}
            onChange={(event) => choose({ heldOutOnly: event.target.checked })}
          />
          <Checkbox
            label={t('changedOrderOnly')}
            checked={filter.changedOnly}
            onChange={(event) => choose({ changedOnly: event.target.checked })}
          />
          <p role="status" className="tabular ms-auto text-sm text-soft">
            {shown.length < prompts.length
              ? t('shownOf', { shown: shown.length, total: prompts.length })
              : t('shownPrompts', { shown: shown.length })}{' '}
            {isComplete ? '' : t('loadingMore')}
          </p>
        </div>
      </Card>
      {shown.length === 0 ? (
        <EmptyState title={t('noMatches')}>{filter.changedOnly ? t('noOrderChanged') : t('noneHeldOut')}</EmptyState>
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
        <nav aria-label={t('pagesOfPrompts')} className="flex items-center justify-center gap-4">
          <Button size="sm" disabled={first === 0} onClick={() => setPage(first / PER_PAGE - 1)}>
            {t('previous')}
          </Button>
          <span className="tabular text-sm text-soft">{t('pageOf', { page: first / PER_PAGE + 1, pages })}</span>
          <Button size="sm" disabled={first + PER_PAGE >= shown.length} onClick={() => setPage(first / PER_PAGE + 1)}>
            {t('next')}
          </Button>
        </nav>
      ) : null}
    </div>
  );
}
