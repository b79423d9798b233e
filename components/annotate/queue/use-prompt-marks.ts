'use client';

import { useState } from 'react';
import { newIdempotencyKey } from '@/components/ui/idempotency-key';
import type { Task } from '@/lib/schemas/annotation';
import type { MarkKind, PromptMark, SkipReason } from '@/lib/schemas/prompt-mark';
import { useOutbox } from '../session/use-outbox';

/** The flag on a prompt, and skipping it. Both go through the outbox: they hold at once, also without a network. */
export function usePromptMarks(userId: string, projectId: string, { promptId, externalId, flagged: stored }: Task) {
  const { outbox } = useOutbox(userId, projectId);
  const [flagged, setFlagged] = useState(() => {
    const last = outbox.lastMark(promptId, 'flagged');
    return last ? last.mark !== null : stored;
  });
  const add = (kind: MarkKind, mark: PromptMark | null) =>
    void outbox.addMark({ promptId, idempotencyKey: newIdempotencyKey(), kind, mark }, externalId);

  /** The flag was set just now, and may get a note. */
  const [asksForNote, setAsksForNote] = useState(false);
  const toggleFlag = () => {
    setFlagged(!flagged);
    setAsksForNote(!flagged);
    add('flagged', flagged ? null : { kind: 'flagged', note: '' });
  };
  const skip = (reason: SkipReason, note: string) => add('skipped', { kind: 'skipped', reason, note });
  const noteFlag = (note: string) => {
    setAsksForNote(false);
    add('flagged', { kind: 'flagged', note });
  };
  return { flagged, toggleFlag, asksForNote, noteFlag, closeNote: () => setAsksForNote(false), skip };
}
