'use client';

import { useCallback, useMemo, useRef, useState } from 'react';
import { newIdempotencyKey } from '@/components/ui/idempotency-key';
import type { Task } from '@/lib/schemas/annotation';
import { noRemarks } from '@/lib/schemas/remark-rules';
import { draftOfAnnotation } from '../board/board-state';
import type { Judgement } from '../board/submission';
import type { BoardStart } from '../board/use-board';
import type { AnnotationOutbox } from '../outbox/annotation-outbox';

/** A prompt that was submitted or skipped on this page, with what its board held. */
export type Submission = { task: Task; start: BoardStart | null; skipped: boolean };

/** A prompt that was gone back to. `builtOn`: the key of the judgement that a new one replaces; null after a skip. */
type Returned = { start: BoardStart | null; builtOn: string | null };

/**
 * What was submitted on this page, so that the person can go back to it. A judgement that was taken back stands until
 * it is given anew: unsent, the new one takes its place; sent, it becomes a new version. A skip ends at once.
 */
export function useSubmissions(outbox: AnnotationOutbox, current: Task | null, tiersVersion: number) {
  const [past, setPast] = useState<readonly Submission[]>([]);
  const [returned, setReturned] = useState<ReadonlyMap<string, Returned>>(new Map());
  const drafted = useRef<{ promptId: string; draft: BoardStart } | null>(null);
  const keys = useRef(new Map<string, string>());

  const leave = (submission: Submission) => {
    const { promptId } = submission.task;
    setPast((known) => [...known.filter(({ task }) => task.promptId !== promptId), submission]);
    setReturned((known) => {
      const left = new Map(known);
      left.delete(promptId);
      return left;
    });
  };

  /** The board changed. */
  const noteDraft = useCallback((promptId: string, draft: BoardStart) => {
    drafted.current = { promptId, draft };
  }, []);

  /** Hands a judgement to the outbox. @returns settles when it is stored. */
  const submit = (task: Task, judgement: Judgement): Promise<void> => {
    const idempotencyKey = newIdempotencyKey();
    const { promptId } = task;
    const request = {
      ...judgement,
      promptId,
      idempotencyKey,
      baseVersion: task.annotation?.version ?? 0,
      tiersVersion,
    };
    const stored = outbox.add(request, task.externalId, keys.current.get(promptId) ?? null);
    keys.current.set(promptId, idempotencyKey);
    const { timeOnTaskMs } = judgement;
    leave({ task, start: { ...draftOfAnnotation(judgement), timeOnTaskMs }, skipped: false });
    return stored;
  };

  const noteSkip = (task: Task, start: BoardStart | null) => {
    const { promptId } = task;
    const begun = drafted.current?.promptId === promptId ? drafted.current.draft : null;
    leave({ task, start: begun ?? returned.get(promptId)?.start ?? start, skipped: true });
  };

  /** Takes the last one back. @returns its prompt. */
  const takeBack = (): Task | null => {
    const last = past.at(-1);
    if (!last) return null;
    const { task, start, skipped } = last;
    const { promptId, externalId } = task;
    setPast(past.slice(0, -1));
    if (skipped) {
      const idempotencyKey = newIdempotencyKey();
      void outbox.addMark({ promptId, idempotencyKey, kind: 'skipped', mark: null }, externalId);
    }
    setReturned((known) => new Map(known).set(promptId, { start, builtOn: keys.current.get(promptId) ?? null }));
    return task;
  };

  const back = current ? returned.get(current.promptId) : undefined;
  const version = back?.builtOn ? outbox.versionOf(back.builtOn) : undefined;
  /** The current prompt, on the version that the judgement given here became. */
  const task = useMemo(() => {
    if (!current || version === undefined) return current;
    return { ...current, annotation: { version, allBad: false, placements: [], remarks: noRemarks } };
  }, [current, version]);

  return {
    task,
    start: back?.start ?? null,
    /** It was judged on this page before, and counts as done. */
    judged: typeof back?.builtOn === 'string',
    last: past.at(-1) ?? null,
    noteDraft,
    submit,
    noteSkip,
    takeBack,
  };
}
