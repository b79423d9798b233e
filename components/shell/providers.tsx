'use client';

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { ApiError } from '@/components/ui/api';
import { ToastProvider } from '@/components/ui/toast';

/** Refusals (4xx) will not change by asking again; everything else gets two more tries. */
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
            // A session that ended meanwhile must not replace a page with unsaved work by the sign-in page.
            refetchOnReconnect: (query) => query.queryKey[1] !== 'me',
          },
        },
      }),
  );
  return (
    <QueryClientProvider client={client}>
      <ToastProvider>{children}</ToastProvider>
    </QueryClientProvider>
  );
}
