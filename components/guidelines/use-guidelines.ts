'use client';

import { api, useApi, useApiMutation } from '@/components/ui/api';
import type { GuidelinesAnswer } from '@/lib/schemas/guidelines';

const REFETCH_MS = 60_000;

export function useGuidelines(projectId: string) {
  return useApi<GuidelinesAnswer>(`/projects/${projectId}/guidelines`, { refetchMs: REFETCH_MS });
}

export function useAcknowledge(projectId: string) {
  const path = `/projects/${projectId}/guidelines`;
  return useApiMutation((version: number) => api(`${path}/acknowledge`, { method: 'POST', json: { version } }), [path]);
}
