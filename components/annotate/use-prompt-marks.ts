'use client';

import { useState } from 'react';
import { api, useInvalidate } from '@/components/ui/api';
import { errorMessage } from '@/components/ui/states';
import { useToast } from '@/components/ui/toast';
import type { Task } from '@/lib/schemas/annotation';
import type { SkipReason } from '@/lib/schemas/prompt-mark';

/** The flag on a prompt, and skipping it. Both are stored at once; a failure is said and changes nothing. */
export function usePromptMarks(projectId: string, task: Task) {
  const [flagged, setFlagged] = useState(task.flagged);
  const [busy, setBusy] = useState(false);
  const toast = useToast();
  const invalidate = useInvalidate();
  const path = (kind: string) => `/projects/${projectId}/tasks/${task.promptId}/marks/${kind}`;

  const run = async (change: () => Promise<unknown>): Promise<boolean> => {
    if (busy) return false;
    setBusy(true);
    try {
      await change();
      void invalidate(`/projects/${projectId}/marks`, `/projects/${projectId}/tasks/${task.promptId}`);
      return true;
    } catch (error) {
      toast(errorMessage(error), 'bad');
      return false;
    } finally {
      setBusy(false);
    }
  };

  const toggleFlag = async () => {
    const next = !flagged;
    setFlagged(next);
    const done = await run(() => api(path('flagged'), next ? { method: 'PUT', json: {} } : { method: 'DELETE' }));
    if (!done) setFlagged(!next);
  };
  const skip = (reason: SkipReason, note: string) =>
    run(() => api(path('skipped'), { method: 'PUT', json: { reason, note } }));
  return { flagged, toggleFlag, skip, busy };
}
