import { AnnotationOutbox } from '../../components/annotate/outbox/annotation-outbox';
import { browserOutboxStore } from '../../components/annotate/outbox/browser-database';
import type { MarkChange } from '../../lib/schemas/prompt-mark';
import { judgeMarks } from './fuzz-model';

export interface LateMark {
  /** The project below /api. */
  project: string;
  promptId: string;
  /** Takes the guard out: no try says that it is one more try of the same change. */
  newKeyEachTry: boolean;
}

/**
 * Runs in the page: a flag is set, its first try is given up, its second arrives; the flag is taken away; then the first
 * try arrives after all. @returns what is wrong, in words.
 */
export async function lateMark({ project, promptId, newKeyEachTry }: LateMark): Promise<string[]> {
  const owner = `late:${newKeyEachTry}`;
  const held: MarkChange[] = [];
  const post = async (change: MarkChange) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`/api${project}/marks`, { method: 'POST', headers, body: JSON.stringify(change) });
    if (!answer.ok) throw new Error(await answer.text());
  };
  const outbox = new AnnotationOutbox({
    owner,
    store: browserOutboxStore(owner),
    send: async (request) => {
      if (!('mark' in request)) throw new Error('Only marks are sent here.');
      const change = newKeyEachTry ? { ...request, idempotencyKey: crypto.randomUUID() } : request;
      if (held.length > 0) {
        await post(change);
        return { ok: true, version: 0 };
      }
      held.push(change);
      return { ok: false, kind: 'retry', reason: 'offline', message: 'given up' };
    },
    schedule: (run) => {
      const timer = setTimeout(run, 5);
      return () => clearTimeout(timer);
    },
    exclusively: (work) => work(),
    broadcast: () => undefined,
  });
  await outbox.open();
  const changes = new Map<string, MarkChange>();
  for (const mark of [{ kind: 'flagged' as const, note: '' }, null]) {
    const change: MarkChange = { promptId, idempotencyKey: crypto.randomUUID(), kind: 'flagged', mark };
    changes.set(promptId, change);
    await outbox.addMark(change, promptId);
    while (outbox.getState().items.length > 0) await new Promise((done) => setTimeout(done, 5));
  }
  outbox.close();
  for (const change of held) await post(change);
  const { marks } = await (await fetch(`/api${project}/marks/mine`)).json();
  return judgeMarks(changes, new Map(), marks);
}
