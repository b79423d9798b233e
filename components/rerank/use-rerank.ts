'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { type ApiError, api, apiKey } from '@/components/ui/api';
import type { RerankAnswer } from '@/lib/schemas/run-answers';

const PAGE = 100;

/**
 * Loads all prompts of a run's ranking, page by page in the background, so that filters see every prompt while the
 * first ones are already shown. The query's key is nested below the run's, so that invalidating the run reloads its
 * ranking.
 */
export function useRerank(runId: string) {
  const path = `/runs/${runId}/rerank`;
  const query = useInfiniteQuery<RerankAnswer, ApiError>({
    queryKey: apiKey(path),
    initialPageParam: 0,
    queryFn: ({ pageParam, signal }) => api(`${path}?offset=${pageParam}&limit=${PAGE}`, { signal }),
    getNextPageParam: ({ prompts, total }, _, offset) => {
      const next = (offset as number) + prompts.length;
      return prompts.length === 0 || next >= total ? undefined : next;
    },
  });
  const { hasNextPage, isFetching, isError, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage]);
  return {
    prompts: query.data?.pages.flatMap(({ prompts }) => prompts) ?? [],
    tiers: query.data?.pages[0]?.tiers ?? [],
    isLoading: query.isPending,
    isComplete: !hasNextPage,
    error: query.error,
    retry: () => void query.refetch(),
  };
}
