'use client';

import { useId, useState } from 'react';
import { useApi } from '@/components/ui/api';
import { Button } from '@/components/ui/button';
import { errorMessage, Notice } from '@/components/ui/states';
import { useToast } from '@/components/ui/toast';
import type { AnnotationItem, AnnotationOutbox, OutboxItem } from '@/lib/outbox/annotation-outbox';
import { isAnnotation, isMark } from '@/lib/outbox/outbox-rules';
import type { Task } from '@/lib/schemas/annotation';
import { placeName, responseLetter } from './announcements';
import { draftOfAnnotation } from './board-state';
import { contentOf, keepDraft, loadDraft } from './draft-store';
import { compareJudgements, mergeWords, remarkWords } from './merge';
import { newIdempotencyKey } from './submission';
import { useShownResponses } from './use-shown-responses';

const none: Task['responses'] = [];

type Props = {
  projectId: string;
  userId: string;
  tiers: readonly string[];
  outbox: AnnotationOutbox;
  item: OutboxItem;
  onEdit: (promptId: string) => void;
};

/** An item that only the person can decide about. */
export function ConflictChoice({ item, ...props }: Props) {
  const conflict = item.status === 'conflict' && isAnnotation(item);
  return conflict ? <Conflict {...props} item={item} /> : <Refused {...props} item={item} />;
}

function Refused({ outbox, item }: Props) {
  return (
    <Notice tone="warn" className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <p className="min-w-0 flex-1 basis-64">
        {!isMark(item) ? 'Prompt' : item.request.kind === 'skipped' ? 'Skipping prompt' : 'The flag on prompt'}{' '}
        {item.label} was not accepted: {item.message}
      </p>
      <div className="flex gap-2">
        <Button size="sm" onClick={() => void outbox.discard(item.key)}>
          Give it up
        </Button>
        <Button size="sm" onClick={() => void outbox.sendAgain(item.key)}>
          Send again
        </Button>
      </div>
    </Notice>
  );
}

/** Both tierings side by side: the one that waits here, and the one that was stored in the meantime. */
function Conflict({ projectId, userId, tiers, outbox, item, onEdit }: Props & { item: AnnotationItem }) {
  const toast = useToast();
  const heading = useId();
  const [busy, setBusy] = useState(false);
  const { promptId } = item.request;
  const task = useApi<Task>(`/projects/${projectId}/tasks/${promptId}`, { fresh: true });
  const stored = task.isFetchedAfterMount ? task.data : undefined;
  const shown = useShownResponses(projectId, stored?.responses ?? none).responses;
  const empty = { allBad: false, placements: [] };

  const decide = async (decision: () => Promise<void>) => {
    setBusy(true);
    try {
      await decision();
    } catch (error) {
      toast(errorMessage(error), 'bad');
    } finally {
      setBusy(false);
    }
  };
  const keepMine = (version: number) =>
    decide(() =>
      // It takes the place of the one that was refused, in one step.
      outbox.add({ ...item.request, idempotencyKey: newIdempotencyKey(), baseVersion: version }, item.label),
    );
  const edit = (version: number) =>
    decide(async () => {
      const known = await loadDraft(userId, promptId);
      const content = contentOf({ ...draftOfAnnotation(item.request), timeOnTaskMs: item.request.timeOnTaskMs });
      const sequence = Math.max(known?.sequence ?? 0, stored?.draft?.sequence ?? 0) + 1;
      await keepDraft(userId, promptId, { baseVersion: version, sequence, content });
      await outbox.discard(item.key);
      onEdit(promptId);
    });

  const compared = stored
    ? compareJudgements(
        stored.responses.map(({ id }) => id),
        item.request,
        stored.annotation ?? empty,
      )
    : null;
  const version = stored?.annotation?.version ?? 0;
  return (
    <Notice tone="warn" className="grid gap-3">
      <h2 id={heading} className="font-semibold">
        Prompt {item.label} was saved somewhere else in the meantime. Which one counts?
      </h2>
      {stored && compared ? (
        <>
          <p>{mergeWords(compared)} Whichever you choose, the version stored so far stays in the history.</p>
          <div className="overflow-x-auto">
            <table aria-labelledby={heading} className="w-full text-left">
              <thead>
                <tr className="text-faint">
                  <th scope="col" className="py-1 pr-4 font-medium">
                    Response
                  </th>
                  <th scope="col" className="py-1 pr-4 font-medium">
                    Mine, waiting here
                  </th>
                  <th scope="col" className="py-1 font-medium">
                    Stored, version {version}
                  </th>
                </tr>
              </thead>
              <tbody>
                {compared.rows.map((row, index) => (
                  <tr key={row.responseId} className={row.differs ? 'font-medium' : 'text-soft'}>
                    <th scope="row" className="max-w-[32rem] py-1 pr-4 font-normal">
                      <span className="font-medium">Response {responseLetter(index)}</span>
                      {row.differs ? ' (differs)' : ''}
                      <span className="line-clamp-1 text-faint">{shown[index]?.text}</span>
                    </th>
                    <td className="py-1 pr-4 align-top">{placeName(row.mine, tiers)}</td>
                    <td className="py-1 align-top">{placeName(row.stored, tiers)}</td>
                  </tr>
                ))}
              </tbody>
              <tfoot>
                {compared.allBadDiffers ? (
                  <tr className="font-medium">
                    <th scope="row" className="py-1 pr-4">
                      All are bad (differs)
                    </th>
                    <td className="py-1 pr-4">{item.request.allBad ? 'Yes' : 'No'}</td>
                    <td className="py-1">{stored.annotation?.allBad ? 'Yes' : 'No'}</td>
                  </tr>
                ) : null}
                {compared.remarksDiffer ? (
                  <tr className="align-top font-medium">
                    <th scope="row" className="py-1 pr-4">
                      Comment, tags and marks (differ)
                    </th>
                    <td className="py-1 pr-4 wrap-anywhere">{remarkWords(item.request.remarks)}</td>
                    <td className="py-1 wrap-anywhere">{remarkWords(stored.annotation?.remarks)}</td>
                  </tr>
                ) : null}
              </tfoot>
            </table>
          </div>
        </>
      ) : (
        <p>{task.isError ? 'The stored one could not be looked up.' : 'Looking up the stored one…'}</p>
      )}
      <div className="flex flex-wrap gap-2">
        {stored ? (
          <>
            <Button size="sm" variant="primary" pending={busy} onClick={() => void keepMine(version)}>
              Keep mine
            </Button>
            <Button size="sm" pending={busy} onClick={() => void decide(() => outbox.discard(item.key))}>
              Keep the stored one
            </Button>
            <Button size="sm" variant="ghost" pending={busy} onClick={() => void edit(version)}>
              Edit mine
            </Button>
          </>
        ) : task.isError ? (
          <Button size="sm" onClick={() => void task.refetch()}>
            Try again
          </Button>
        ) : null}
      </div>
    </Notice>
  );
}
