import type { OutboxItem, OutboxState } from '@/lib/outbox/annotation-outbox';
import type { DraftState } from '@/lib/outbox/draft-keeper';
import { isMark } from '@/lib/outbox/outbox-rules';

export type SaveWords = { text: string; tone: 'quiet' | 'good' | 'warn' | 'bad' };

const because = {
  offline: 'No answer from the server',
  'signed-out': 'Signed out',
  busy: 'The server is busy',
  fault: 'The server failed',
} as const;

/** What is saved and what is waiting, never more than the server has acknowledged; '' while there is nothing to say. */
export function saveWords(state: OutboxState, online: boolean): SaveWords {
  const { items, sending, failure, acknowledged, kept } = state;
  const queued = items.filter((item) => item.status === 'waiting');
  const waiting = queued.length;
  const stuck = items.length - waiting;
  const decision = stuck === 0 ? '' : stuck === 1 ? '1 needs your decision' : `${stuck} need your decision`;
  if (waiting === 0) {
    if (decision) return { text: decision, tone: 'bad' };
    if (!online) return { text: 'Offline: what you save is kept in this browser', tone: 'warn' };
    return { text: acknowledged > 0 ? 'Saved' : '', tone: 'good' };
  }
  const where = kept === 'yes' ? 'kept in this browser' : 'kept in this page only';
  const count = `${waiting} waiting to be sent${marksIn(queued)}, ${where}`;
  const tail = decision ? `; ${decision}` : '';
  if (!online) return { text: `Offline: ${count}${tail}`, tone: 'warn' };
  // While a try is under way nobody knows yet whether the trouble is over.
  if (failure) return { text: `${because[failure.reason]}: ${count}${tail}`, tone: kept === 'yes' ? 'warn' : 'bad' };
  if (sending && waiting === 1 && !decision) return { text: 'Saving…', tone: 'quiet' };
  return { text: `${count}${tail}`, tone: 'quiet' };
}

/** ' (1 skip, 2 flags)', or '' where only judgements wait. */
function marksIn(items: readonly OutboxItem[]): string {
  const marks = items.filter(isMark);
  const words = (['skipped', 'flagged'] as const).flatMap((kind) => {
    const count = marks.filter((item) => item.request.kind === kind).length;
    const word = kind === 'skipped' ? 'skip' : 'flag';
    return count === 0 ? [] : [count === 1 ? `1 ${word}` : `${count} ${word}s`];
  });
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}

/** Where the work on screen is kept before it is saved. */
export function draftWords(state: DraftState): string {
  return {
    none: '',
    local: 'Draft kept in this browser',
    server: 'Draft kept on the server',
    lost: 'This browser cannot keep the draft',
  }[state];
}
