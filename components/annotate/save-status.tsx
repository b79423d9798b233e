'use client';

import { Check, CloudOff } from 'lucide-react';
import { api } from '@/components/ui/api';
import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/states';
import { useToast } from '@/components/ui/toast';
import type { AnnotationOutbox, OutboxItem, OutboxState } from '@/lib/outbox/annotation-outbox';
import type { Task } from '@/lib/schemas/annotation';
import { newIdempotencyKey } from './submission';

/** One line that never claims more than the server has acknowledged. */
export function SaveStatus({ outbox, state }: { outbox: AnnotationOutbox; state: OutboxState }) {
  const failed = state.items.filter((item) => item.status === 'failed');
  const stuck = state.items.filter((item) => item.status === 'conflict' || item.status === 'refused');
  const moving = state.items.length - failed.length - stuck.length;
  return (
    <div className="flex shrink-0 items-center gap-2 text-[0.8125rem]">
      <p role="status" aria-label="Save status" className="flex items-center gap-1.5 whitespace-nowrap">
        {failed.length > 0 ? (
          <>
            <CloudOff aria-hidden="true" className="size-4 text-bad" />
            <span className="text-bad">
              {failed.length + moving > 1 ? `${failed.length + moving} not saved` : 'Not saved'}
            </span>
          </>
        ) : moving > 0 ? (
          <span className="text-soft">Saving…</span>
        ) : stuck.length > 0 ? (
          <span className="text-bad">{stuck.length === 1 ? 'Not saved' : `${stuck.length} not saved`}</span>
        ) : state.acknowledged > 0 ? (
          <>
            <Check aria-hidden="true" className="size-4 text-good" />
            <span className="text-soft">Saved</span>
          </>
        ) : null}
      </p>
      {failed.length > 0 ? (
        <Button size="sm" onClick={() => outbox.retry()}>
          Retry
        </Button>
      ) : null}
    </div>
  );
}

/** What needs the person: why work is not out yet, and the choice where the server has something newer. */
export function SaveProblems({
  projectId,
  outbox,
  state,
}: {
  projectId: string;
  outbox: AnnotationOutbox;
  state: OutboxState;
}) {
  const failed = state.items.find((item) => item.status === 'failed');
  const stuck = state.items.filter((item) => item.status === 'conflict' || item.status === 'refused');
  const endangered = !state.durable && state.items.length > 0;
  if (!failed && stuck.length === 0 && !endangered) return null;
  return (
    <div className="mx-auto grid w-full max-w-[100rem] gap-2 px-4 pt-3 sm:px-6">
      {failed ? (
        <Notice tone="warn">
          {failed.message} Your work is kept {state.durable ? 'in this browser ' : ''}and will be sent again by itself.
        </Notice>
      ) : null}
      {endangered ? (
        <Notice tone="bad">This browser cannot keep a copy. Leave this page open until everything is saved.</Notice>
      ) : null}
      {stuck.map((item) => (
        <StuckItem key={item.request.idempotencyKey} projectId={projectId} outbox={outbox} item={item} />
      ))}
    </div>
  );
}

function StuckItem({ projectId, outbox, item }: { projectId: string; outbox: AnnotationOutbox; item: OutboxItem }) {
  const toast = useToast();
  const { idempotencyKey, promptId } = item.request;

  const keepMine = async () => {
    try {
      const task = await api<Task>(`/projects/${projectId}/tasks/${promptId}`);
      outbox.discard(idempotencyKey);
      outbox.add(
        { ...item.request, idempotencyKey: newIdempotencyKey(), baseVersion: task.annotation?.version ?? 0 },
        item.label,
      );
    } catch {
      toast('The newer version could not be looked up. Try again.', 'bad');
    }
  };

  return (
    <Notice tone="warn" className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <p className="min-w-0 flex-1 basis-64">
        {item.status === 'conflict'
          ? `You saved prompt ${item.label} elsewhere in the meantime. Which one counts?`
          : `Prompt ${item.label} was not accepted: ${item.message}`}
      </p>
      <div className="flex gap-2">
        {item.status === 'conflict' ? (
          <>
            <Button size="sm" onClick={() => outbox.discard(idempotencyKey)}>
              The other one
            </Button>
            <Button size="sm" variant="primary" onClick={keepMine}>
              This one
            </Button>
          </>
        ) : (
          <Button size="sm" onClick={() => outbox.discard(idempotencyKey)}>
            Give it up
          </Button>
        )}
      </div>
    </Notice>
  );
}
