'use client';

import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, apiKey } from '@/components/ui/api';
import type { ComparisonCounts, ComparisonPage } from '@/lib/schemas/snapshot-comparison';

/** Prompts that a page shows at least, where there are so many. */
const SHOWN = 10;

const pathOf = (before: string, after: string) => `/snapshots/${before}/compare/${after}`;

async function page(path: string, params: Record<string, string | null>, signal: AbortSignal): Promise<ComparisonPage> {
  const given = Object.entries(params).filter((param): param is [string, string] => param[1] !== null);
  return api<ComparisonPage>(`${path}?${new URLSearchParams(given)}`, { signal });
}

/** The counts of both whole snapshots; `soFar` while they are read, since one answer looks at some prompts of each. */
export function useComparisonCounts(before: string, after: string) {
  const path = pathOf(before, after);
  const [soFar, setSoFar] = useState(0);
  const { data, error } = useQuery({
    queryKey: [...apiKey(path), 'counts'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      let total: ComparisonCounts | null = null;
      for (let cursor: string | null = null; ; ) {
        const { counts, next }: ComparisonPage = await page(path, { show: 'counts', after: cursor }, signal);
        total =
          total === null
            ? counts
            : { prompts: sum(total.prompts, counts.prompts), pairs: sum(total.pairs, counts.pairs) };
        const { came, went, changed, same } = total.prompts;
        setSoFar(came + went + changed + same);
        if (next === null) return total;
        cursor = next;
      }
    },
  });
  return { counts: data, soFar, error };
}

const sum = <T extends Record<string, number>>(a: T, b: T): T =>
  Object.fromEntries(Object.entries(a).map(([name, value]) => [name, value + b[name]!])) as T;

/** The prompts that differ, page by page. */
export function useChangedPrompts(before: string, after: string) {
  const path = pathOf(before, after);
  return useInfiniteQuery({
    queryKey: [...apiKey(path), 'prompts'],
    staleTime: Number.POSITIVE_INFINITY,
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) => {
      let prompts: ComparisonPage['prompts'] = [];
      for (let cursor = pageParam; ; ) {
        const found = await page(path, { after: cursor }, signal);
        prompts = prompts.concat(found.prompts);
        if (found.next === null || prompts.length >= SHOWN) return { prompts, next: found.next };
        cursor = found.next;
      }
    },
    getNextPageParam: ({ next }) => next,
  });
}
