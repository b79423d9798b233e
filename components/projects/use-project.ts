'use client';

import { useApi } from '@/components/ui/api';
import type { ProjectAnswer } from '@/lib/schemas/project';

/** GET /api/projects/:id with counts, members and the reader's role. */
export function useProject(projectId: string) {
  return useApi<ProjectAnswer>(`/projects/${projectId}`);
}
