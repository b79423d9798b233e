'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { type ApiError, api, apiKey } from '@/components/ui/api';
import type { MyAnnotationsPage } from '@/lib/schemas/annotation';

/** One's own annotations, newest first; older ones come a page at a time when they are asked for. */
export function useMyWork(projectId: string) {
  const path = `/projects/${projectId}/annotations/mine`;
  return useInfiniteQuery<MyAnnotationsPage, ApiError>({
    queryKey: apiKey(path),
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => api(pageParam ? `${path}?after=${pageParam}` : path, { signal }),
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}
