'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { apiKey } from '@/components/ui/api';
import type { Task } from '@/lib/schemas/annotation';
import type { Project, ProjectAnswer } from '@/lib/schemas/project';
import type { AnnotationSession } from './annotation-session';
import { browserSession, openSession } from './browser-session';
import { useMeanwhileToasts } from './meanwhile';
import type { SessionState } from './session-state';

/**
 * The session of this page, from its first look to its last.
 * @param task the one prompt that is looked at again; null for the queue
 */
export function useAnnotationSession(
  userId: string,
  project: Project,
  task: Task | null,
  onSaved?: () => void,
): { session: AnnotationSession; state: SessionState } {
  const client = useQueryClient();
  const [session] = useState(() =>
    browserSession({
      client,
      userId,
      projectId: project.id,
      task,
      onSaved,
      // The project may get another tier while the page is open.
      tierCount: () => {
        const newest = client.getQueryData<ProjectAnswer>(apiKey(`/projects/${project.id}`));
        return (newest?.project ?? project).tiers.length;
      },
    }),
  );
  useEffect(() => openSession(session), [session]);
  useMeanwhileToasts();
  return { session, state: useSyncExternalStore(session.subscribe, session.getState, session.getState) };
}
