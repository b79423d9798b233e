'use client';

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, apiKey } from '@/components/ui/api';
import type { PromptList } from '@/lib/schemas/prompt-list';
import { type PromptSearch, queryOf } from './prompt-query';

/**
 * The prompts found so far. One answer looks through a limited number of them, so the page asks on by itself until it has
 * as many as are wanted, or the last one was looked at.
 */
export function usePromptList(projectId: string, search: PromptSearch, wanted: number) {
  const path = `/projects/${projectId}/prompts/list`;
  const query = queryOf(search);
  const { data, error, isFetching, isPlaceholderData, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: [...apiKey(path), query],
    queryFn: ({ pageParam, signal }) => {
      const params = new URLSearchParams(query);
      if (pageParam) params.set('after', pageParam);
      return api<PromptList>(`${path}?${params}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    refetchOnMount: 'always',
    // What was found before stays until there is something to show instead.
    placeholderData: keepPreviousData,
  });
  const pages = data?.pages ?? [];
  const prompts = pages.flatMap((page) => page.prompts);
  const isSearching = isPlaceholderData || (hasNextPage && !error && prompts.length < wanted);
  useEffect(() => {
    if (isSearching && !isPlaceholderData && !isFetching) void fetchNextPage();
  }, [isSearching, isPlaceholderData, isFetching, fetchNextPage]);
  const searched = pages.reduce((sum, page) => sum + page.searched, 0);
  return {
    first: pages[0],
    prompts,
    searched,
    isSearching,
    hasMore: hasNextPage,
    isOutdated: isPlaceholderData,
    error,
    refetch,
  };
}
