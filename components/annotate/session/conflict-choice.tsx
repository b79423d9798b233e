'use client';

import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import { ResponseExcerpt } from '@/components/content/excerpt';
import { useApi } from '@/components/ui/api';
import { Button } from '@/components/ui/button';
import { newIdempotencyKey } from '@/components/ui/idempotency-key';
import { Notice, useErrorMessage } from '@/components/ui/states';
import { useToast } from '@/components/ui/toast';
import type { Task } from '@/lib/schemas/annotation';
import { placeName, responseLetter } from '../board/announcements';
import { touchedOnly } from '../board/board-state';
import { useShownResponses } from '../board/use-shown-responses';
import type { AnnotationItem, AnnotationOutbox, OutboxItem } from '../outbox/annotation-outbox';
import { isAnnotation, isMark } from '../outbox/outbox-rules';
import { loadDraft, storeDraft } from './draft-store';
import { compareJudgements, mergeWords, remarkWords } from './merge';
import { contentOfRequest } from './session-state';

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
  const t = useTranslations('annotate');
  return (
    <Notice tone="warn" className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <p className="min-w-0 flex-1 basis-64">
        {t('notAccepted', {
          what: isMark(item) ? item.request.kind : 'prompt',
          label: item.label,
          message: item.message ?? '',
        })}
      </p>
      <div className="flex gap-2">
        <Button size="sm" onClick={() => void outbox.discard(item.key)}>
          {t('discard')}
        </Button>
        <Button size="sm" onClick={() => void outbox.sendAgain(item.key)}>
          {t('sendAgain')}
        </Button>
      </div>
    </Notice>
  );
}

/** Both tierings side by side: the one that waits here, and the one that was stored in the meantime. */
function Conflict({ projectId, userId, tiers, outbox, item, onEdit }: Props & { item: AnnotationItem }) {
  const errorMessage = useErrorMessage();
  const t = useTranslations('annotate');
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
      const content = touchedOnly(contentOfRequest(item.request));
      const sequence = Math.max(known?.sequence ?? 0, stored?.draft?.sequence ?? 0) + 1;
      await storeDraft(userId, promptId, { baseVersion: version, sequence, content });
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
    <Notice tone="warn" labelledBy={heading} className="grid gap-3">
      {/* Said aloud when it comes; the texts below are read by whoever wants to. */}
      <div role="status" className="grid gap-3">
        <h2 id={heading} className="font-semibold">
          {t('promptLabelSavedSomewhere', { label: item.label })}
        </h2>
        <p>
          {compared
            ? `${mergeWords(compared, t)} ${t('historyStays')}`
            : t(task.isError ? 'storedOneCouldNot' : 'lookingUpStoredOne')}
        </p>
      </div>
      {stored && compared ? (
        <div className="overflow-x-auto">
          <table aria-labelledby={heading} className="w-full text-start">
            <thead>
              <tr className="text-faint *:text-start">
                <th scope="col" className="py-1 pe-4 font-medium">
                  {t('response')}
                </th>
                <th scope="col" className="py-1 pe-4 font-medium">
                  {t('mineWaitingHere')}
                </th>
                <th scope="col" className="py-1 font-medium">
                  {t('storedVersionVersion', { version })}
                </th>
              </tr>
            </thead>
            <tbody>
              {compared.rows.map((row, index) => (
                <tr key={row.responseId} className={row.differs ? 'font-medium' : 'text-soft'}>
                  <th scope="row" className="max-w-[32rem] py-1 pe-4 text-start align-top font-normal">
                    <span className="font-medium">{t('responseNamed', { letter: responseLetter(index) })}</span>
                    {row.differs ? ` ${t('differs')}` : ''}
                    <ResponseExcerpt
                      text={shown[index]?.text ?? ''}
                      className="max-h-[4.5em] overflow-hidden text-soft"
                    />
                  </th>
                  <td className="py-1 pe-4 align-top">{placeName(row.mine, tiers, t)}</td>
                  <td className="py-1 align-top">{placeName(row.stored, tiers, t)}</td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              {compared.allBadDiffers ? (
                <tr className="font-medium">
                  <th scope="row" className="py-1 pe-4 text-start">
                    {t('allAreBadDiffers')}
                  </th>
                  <td className="py-1 pe-4">{item.request.allBad ? t('yes') : t('no')}</td>
                  <td className="py-1">{stored.annotation?.allBad ? t('yes') : t('no')}</td>
                </tr>
              ) : null}
              {compared.remarksDiffer ? (
                <tr className="align-top font-medium">
                  <th scope="row" className="py-1 pe-4 text-start">
                    {t('commentTagsMarksDiffer')}
                  </th>
                  <td className="py-1 pe-4 wrap-anywhere">{remarkWords(item.request.remarks, t)}</td>
                  <td className="py-1 wrap-anywhere">{remarkWords(stored.annotation?.remarks, t)}</td>
                </tr>
              ) : null}
            </tfoot>
          </table>
        </div>
      ) : null}
      <div className="flex flex-wrap gap-2">
        {stored ? (
          <>
            <Button size="sm" variant="primary" pending={busy} onClick={() => void keepMine(version)}>
              {t('keepMine')}
            </Button>
            <Button size="sm" pending={busy} onClick={() => void decide(() => outbox.discard(item.key))}>
              {t('keepTheStoredOne')}
            </Button>
            <Button size="sm" variant="ghost" pending={busy} onClick={() => void edit(version)}>
              {t('editMine')}
            </Button>
          </>
        ) : task.isError ? (
          <Button size="sm" onClick={() => void task.refetch()}>
            {t('tryAgain')}
          </Button>
        ) : null}
      </div>
    </Notice>
  );
}
