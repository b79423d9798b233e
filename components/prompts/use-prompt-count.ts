'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, apiKey } from '@/components/ui/api';
import type { PromptCount, PromptFilter } from '@/lib/schemas/prompt-list';
import { queryOf } from './prompt-query';

/** How many prompts a filter lets through: `soFar` while it is counted, since one answer looks through some of them. */
export function usePromptCount(projectId: string, filter: PromptFilter) {
  const path = `/projects/${projectId}/prompts/list/count`;
  const query = queryOf({ ...filter, sort: 'import' });
  const [soFar, setSoFar] = useState(0);
  const { data, error, refetch } = useQuery({
    queryKey: [...apiKey(path), query],
    gcTime: 0,
    queryFn: async ({ signal }) => {
      let total = 0;
      for (let after: string | null = null; ; ) {
        const params = new URLSearchParams(query);
        if (after) params.set('after', after);
        const { count, next }: PromptCount = await api<PromptCount>(`${path}?${params}`, { signal });
        total += count;
        setSoFar(total);
        if (next === null) return total;
        after = next;
      }
    },
  });
  return { count: data, soFar, error, refetch };
}
