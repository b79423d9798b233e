import type { Translator } from '@/lib/i18n/translator';
import type { OutboxItem, OutboxState } from '../outbox/annotation-outbox';
import type { DraftState } from '../outbox/draft-saver';
import { isMark } from '../outbox/outbox-rules';

export type SaveWords = { text: string; tone: 'quiet' | 'good' | 'warn' | 'bad' };

type T = Translator<'annotate'>;

/** What is saved and what is waiting, never more than the server has acknowledged; '' while there is nothing to say. */
export function saveWords(state: OutboxState, online: boolean, t: T): SaveWords {
  const { items, sending, failure, acknowledged, storage } = state;
  const queued = items.filter((item) => item.status === 'waiting');
  const waiting = queued.length;
  const stuck = items.length - waiting;
  const decision = stuck === 0 ? '' : t('save.decision', { stuck });
  if (waiting === 0) {
    if (decision) return { text: decision, tone: 'bad' };
    if (!online) return { text: t('save.offlineKept'), tone: 'warn' };
    return { text: acknowledged > 0 ? t('save.saved') : '', tone: 'good' };
  }
  const count = t('save.waiting', { waiting, marks: marksIn(queued, t), kept: storage === 'ok' ? 'browser' : 'page' });
  const tail = decision ? t('save.tail', { decision }) : '';
  if (!online) return { text: t('save.because.away', { count: `${count}${tail}` }), tone: 'warn' };
  // While a try is under way nobody knows yet whether the trouble is over.
  if (failure) {
    const text = t(`save.because.${failure.reason}`, { count: `${count}${tail}` });
    return { text, tone: storage === 'ok' ? 'warn' : 'bad' };
  }
  if (sending && waiting === 1 && !decision) return { text: t('save.saving'), tone: 'quiet' };
  return { text: `${count}${tail}`, tone: 'quiet' };
}

/** ' (1 skip, 2 flags)', or '' where only judgements wait. */
function marksIn(items: readonly OutboxItem[], t: T): string {
  const marks = items.filter(isMark);
  const words = (['skipped', 'flagged'] as const).flatMap((kind) => {
    const count = marks.filter((item) => item.request.kind === kind).length;
    return count === 0 ? [] : [t(`save.${kind}`, { count })];
  });
  return words.length === 0 ? '' : t('save.marks', { marks: words.join(t('save.comma')) });
}

/** Where the work on screen is kept before it is saved. */
export function draftWords(state: DraftState, t: T): string {
  return state === 'none' ? '' : t(`drafts.${state}`);
}
