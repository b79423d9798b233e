'use client';

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { onSaved } from '@/components/annotate/session/saved-signal';
import { ApiError, apiKey } from '@/components/ui/api';
import { ToastProvider } from '@/components/ui/toast';
import type { ProjectAnswer } from '@/lib/schemas/project';

/** Queries about a person's own annotations and marks, which are stale as soon as the server has stored another one. */
const ownWorkPaths = ['annotations', 'marks', 'pace'];

/** Refusals (4xx) are not retried; everything else is retried twice. */
function shouldRetry(failures: number, error: unknown): boolean {
  if (error instanceof ApiError && error.status >= 400 && error.status < 500) return false;
  return failures < 2;
}

export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          queries: {
            staleTime: 5_000,
            retry: shouldRetry,
            refetchOnWindowFocus: false,
            // If the session has ended, refetching the user would replace a page with unsaved work by the sign-in page.
            refetchOnReconnect: (query) => query.queryKey[1] !== 'me',
          },
        },
      }),
  );
  useEffect(
    () =>
      onSaved((projectId) => {
        for (const part of ownWorkPaths)
          void client.invalidateQueries({ queryKey: apiKey(`/projects/${projectId}/${part}`) });
        // What was saved may have been an answer that was sent back, which the navigation counts.
        const queryKey = apiKey(`/projects/${projectId}`);
        if (client.getQueryData<ProjectAnswer>(queryKey)?.sentBack)
          void client.invalidateQueries({ queryKey, exact: true });
      }),
    [client],
  );
  return (
    <QueryClientProvider client={client}>
      <ToastProvider>{children}</ToastProvider>
    </QueryClientProvider>
  );
}
