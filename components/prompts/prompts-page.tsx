'use client';

import { SearchX } from 'lucide-react';
import { useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button, Card, EmptyState, ErrorState, LinkButton, LoadingState, Page, PageHeader } from '@/components/ui';
import type { ListedPrompt } from '@/lib/schemas/prompt-list';
import { ChangePromptDialog } from './change-prompt-dialog';
import { FlagsDialog } from './flags';
import { PriorityDialog } from './priority-dialog';
import { PromptFilters } from './prompt-filters';
import { isFiltered, type PromptSearch, queryOf, searchOf } from './prompt-query';
import { PromptRow } from './prompt-row';
import { usePromptList } from './use-prompt-list';

/** How many more prompts somebody gets who asks for more. */
const STEP = 50;

/** A project's prompts, for its researchers: searched, filtered and sorted, as the address says. */
export function PromptsPage({ projectId }: { projectId: string }) {
  const t = useTranslations('prompts');
  const search = searchOf(new URLSearchParams(useSearchParams()));
  const query = queryOf(search);
  const [asked, setAsked] = useState({ query, count: STEP });
  const [changing, setChanging] = useState<ListedPrompt | null>(null);
  const [isPrioritizing, setIsPrioritizing] = useState(false);
  const { sort: _, ...filter } = search;
  const [flagsOf, setFlagsOf] = useState<ListedPrompt | null>(null);
  const wanted = asked.query === query ? asked.count : STEP;
  const found = usePromptList(projectId, search, wanted);
  const { first, prompts, isSearching, hasMore } = found;
  const show = (next: PromptSearch) => window.history.replaceState(null, '', `?${queryOf(next)}`);
  const showAll = () => show({ sort: search.sort });
  return (
    <Page>
      <PageHeader title={t('prompts')} description={t('intro')} />
      <PromptFilters search={search} languages={first?.languages ?? []} onSearch={show} />
      <div className="mt-4 mb-2 flex min-h-8 flex-wrap items-center justify-between gap-2">
        <p role="status" className="text-[0.8125rem] text-faint">
          {first && hasMore && isSearching ? t('searched', { searched: found.searched, total: first.total }) : null}
          {first && !hasMore ? t('found', { count: prompts.length }) : null}
        </p>
        {prompts.length > 0 ? (
          <Button size="sm" variant="ghost" onClick={() => setIsPrioritizing(true)}>
            {t('setPriorityOfAll')}
          </Button>
        ) : null}
      </div>
      {found.error && prompts.length === 0 ? (
        <ErrorState error={found.error} title={t('loadFailed')} onRetry={() => found.refetch()} />
      ) : prompts.length > 0 ? (
        <Card flush className={found.isOutdated ? 'opacity-60' : undefined}>
          <ul aria-label={t('prompts')} className="divide-y divide-line">
            {prompts.map((prompt) => (
              <PromptRow
                key={prompt.promptId}
                projectId={projectId}
                prompt={prompt}
                onChange={() => setChanging(prompt)}
                onFlags={() => setFlagsOf(prompt)}
              />
            ))}
          </ul>
        </Card>
      ) : !first || isSearching ? (
        <LoadingState label={t('loading')} />
      ) : isFiltered(search) ? (
        <EmptyState
          icon={<SearchX className="size-5" />}
          title={t('nothingFound')}
          actions={<Button onClick={showAll}>{t('showAll')}</Button>}
        >
          {t('nothingFoundHint')}
        </EmptyState>
      ) : (
        <EmptyState
          title={t('noPrompts')}
          actions={<LinkButton href={`/projects/${projectId}/import`}>{t('import')}</LinkButton>}
        >
          {t('noPromptsHint')}
        </EmptyState>
      )}
      {hasMore && prompts.length > 0 ? (
        <Button
          className="mt-4"
          pending={isSearching}
          onClick={() => setAsked({ query, count: prompts.length + STEP })}
        >
          {t('showMore')}
        </Button>
      ) : null}
      {isPrioritizing ? (
        <PriorityDialog projectId={projectId} filter={filter} onClose={() => setIsPrioritizing(false)} />
      ) : null}
      {flagsOf ? (
        <FlagsDialog
          projectId={projectId}
          promptId={flagsOf.promptId}
          externalId={flagsOf.externalId}
          onClose={() => setFlagsOf(null)}
        />
      ) : null}
      {changing ? (
        <ChangePromptDialog
          projectId={projectId}
          promptId={changing.promptId}
          externalId={changing.externalId}
          onClose={() => setChanging(null)}
        />
      ) : null}
    </Page>
  );
}
