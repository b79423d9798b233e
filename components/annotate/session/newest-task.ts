import type { QueryClient } from '@tanstack/react-query';
import { api, apiKey } from '@/components/ui/api';
import type { Task } from '@/lib/schemas/annotation';

/** One prompt as the server has it now, or without an answer as this page heard of it last; null for neither. */
export async function newestTask(client: QueryClient, projectId: string, promptId: string): Promise<Task | null> {
  const path = `/projects/${projectId}/tasks/${promptId}`;
  try {
    return await api<Task>(path);
  } catch {
    return client.getQueryData<Task>(apiKey(path)) ?? null;
  }
}
