'use client';

import { Check, CloudOff } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import { Notice } from '@/components/ui/states';
import { useLoaded, usePreloaded } from '@/components/ui/use-loaded';
import { boardWidth } from '../board/board-bar';
import type { AnnotationOutbox, OutboxState } from '../outbox/annotation-outbox';
import type { DraftState } from '../outbox/draft-saver';
import { draftWords, saveWords } from './save-words';
import { useOnline } from './use-online';

const loadChoice = () => import('./conflict-choice').then(({ ConflictChoice }) => ConflictChoice);

const tones = { quiet: 'text-soft', good: 'text-soft', warn: 'text-warn', bad: 'text-bad' } as const;

/** One line that never claims more than the server has acknowledged. */
export function SaveStatus({
  outbox,
  state,
  draft = 'none',
}: {
  outbox: AnnotationOutbox;
  state: OutboxState;
  draft?: DraftState;
}) {
  const t = useTranslations('annotate');
  const { text, tone } = saveWords(state, useOnline(), t);
  const retries = state.failure !== null && state.items.some((item) => item.status === 'waiting');
  const drafted = draftWords(draft, t);
  return (
    <div className="flex min-w-0 items-center gap-2 text-[0.8125rem]">
      <p role="status" aria-label={t('saveStatus')} className="flex min-w-0 items-center gap-1.5">
        {tone === 'good' && text ? <Check aria-hidden="true" className="size-4 shrink-0 text-good" /> : null}
        {tone === 'warn' || tone === 'bad' ? (
          <CloudOff aria-hidden="true" className={`size-4 shrink-0 ${tones[tone]}`} />
        ) : null}
        {text ? <span className={tones[tone]}>{text}</span> : null}
      </p>
      {retries && state.failure?.reason !== 'signed-out' ? (
        <Button size="sm" onClick={() => outbox.retry()}>
          {t('retry')}
        </Button>
      ) : null}
      {drafted ? (
        <span className={draft === 'lost' ? 'text-bad' : 'hidden text-faint lg:inline'}>{drafted}</span>
      ) : null}
    </div>
  );
}

/** What needs the person: signing in again, a browser that keeps nothing, and choices to make. */
export function SaveProblems({
  projectId,
  userId,
  tiers,
  outbox,
  state,
  onEdit,
}: {
  projectId: string;
  userId: string;
  tiers: readonly string[];
  outbox: AnnotationOutbox;
  state: OutboxState;
  /** The person wants to merge by hand: this prompt's draft holds what was not taken. */
  onEdit: (promptId: string) => void;
}) {
  const t = useTranslations('annotate');
  const stuck = state.items.filter((item) => item.status !== 'waiting');
  const ConflictChoice = useLoaded(loadChoice, stuck.length > 0);
  usePreloaded(loadChoice);
  const signedOut = state.failure?.reason === 'signed-out' && state.items.length > 0;
  if (!signedOut && stuck.length === 0 && state.storage === 'ok') return null;
  return (
    <div className={classNames('grid gap-2 pt-3', boardWidth)}>
      {signedOut ? (
        <Notice tone="warn">
          {state.failure?.message}{' '}
          {t.rich('signInAgain', {
            link: (words) => (
              <a href="/sign-in" target="_blank" rel="noreferrer" className="font-medium text-accent underline">
                {words}
              </a>
            ),
          })}
        </Notice>
      ) : null}
      {state.storage === 'ok' ? null : (
        <Notice tone="bad">
          {t(state.storage === 'full' ? 'storageFull' : 'storageDenied')}{' '}
          {t(state.items.length > 0 ? 'leaveOpen' : 'leaveWhenSaved')}
        </Notice>
      )}
      {ConflictChoice
        ? stuck.map((item) => (
            <ConflictChoice
              key={item.key}
              projectId={projectId}
              userId={userId}
              tiers={tiers}
              outbox={outbox}
              item={item}
              onEdit={onEdit}
            />
          ))
        : null}
    </div>
  );
}
