/** The real routes of the server behind a network that drops, repeats, delays and reorders. Runs in the page. */
import type { OutboxRequest, SendResult } from '../../components/annotate/outbox/annotation-outbox';
import type { Task } from '../../lib/schemas/annotation';
import type { MarkChange, MyMark } from '../../lib/schemas/prompt-mark';
import { noRemarks } from '../../lib/schemas/remark-rules';
import type { Remarks } from '../../lib/schemas/remarks';
import type { Run, Save } from './fuzz-model';

export interface NetworkCounts {
  requests: number;
  faults: number;
}

export const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));

const headers = { 'content-type': 'application/json' };

export function faultyNetwork({
  random,
  project,
  byKey,
  count,
  newKeyEachTry,
}: {
  random: () => number;
  /** The project below /api. */
  project: string;
  byKey: Map<string, Save>;
  count: NetworkCounts;
  /** Takes a guard out: no try says that it is one more try of the same save. */
  newKeyEachTry: boolean;
}) {
  const chance = (share: number) => random() < share;
  const stray: Promise<unknown>[] = [];
  /** Those of marks may come when all is over: half of them do, however slow the machine is. */
  const late: Promise<unknown>[] = [];
  let end = () => {};
  const over = new Promise<void>((done) => {
    end = done;
  });
  let state: 'up' | 'down' | 'healed' = 'up';

  /** Straight to the server. */
  async function post(request: OutboxRequest): Promise<SendResult> {
    count.requests += 1;
    if ('mark' in request) return postMark(request);
    const answer = await fetch(`/api${project}/annotations`, {
      method: 'POST',
      headers,
      body: JSON.stringify(request),
    });
    const body = await answer.json();
    const save = byKey.get(request.idempotencyKey);
    if (answer.ok) {
      save?.versions.add(body.version);
      return { ok: true, version: body.version };
    }
    if (answer.status !== 409) throw new Error(`${answer.status} ${JSON.stringify(body)}`);
    if (save) save.refused = true;
    return { ok: false, kind: 'conflict', message: body.error.message };
  }

  async function postMark(change: MarkChange): Promise<SendResult> {
    const answer = await fetch(`/api${project}/marks`, { method: 'POST', headers, body: JSON.stringify(change) });
    // 409: judged in the meantime, so there is nothing left to skip; the page takes it so too.
    if (answer.ok || (answer.status === 409 && change.kind === 'skipped')) return { ok: true, version: 0 };
    throw new Error(`${answer.status} ${await answer.text()}`);
  }

  async function send(original: OutboxRequest): Promise<SendResult> {
    const lost: SendResult = { ok: false, kind: 'retry', reason: 'offline', message: 'lost' };
    let request = original;
    if (!('mark' in original)) byKey.get(original.idempotencyKey)!.sent = true;
    if (newKeyEachTry && !('mark' in original)) {
      request = { ...original, idempotencyKey: crypto.randomUUID() };
      byKey.set(request.idempotencyKey, byKey.get(original.idempotencyKey)!);
    }
    if (state === 'down') return lost;
    if (state === 'healed' || !chance(0.4)) return post(request);
    count.faults += 1;
    switch (Math.floor(random() * 4)) {
      case 0: // Lost on the way there.
        return lost;
      case 1: // Lost on the way back.
        await post(request);
        return lost;
      case 2: {
        // Repeated, both at once.
        const [answer] = await Promise.all([post(request), post(request)]);
        return answer;
      }
      default: // Given up here, and arrives after later ones.
        if ('mark' in request) late.push((chance(0.5) ? over : sleep(random() * 300)).then(() => post(request)));
        else stray.push(sleep(random() * 40).then(() => post(request)));
        return lost;
    }
  }

  return {
    post,
    send,
    isUp: () => state !== 'down',
    flip: () => {
      state = state === 'up' ? 'down' : 'up';
    },
    /** From here on every request arrives, once. Settles when the late saves have. */
    heal: async () => {
      state = 'healed';
      await Promise.all(stray);
    },
    /** Settles when the last late mark has arrived. */
    finish: async () => {
      end();
      await Promise.all(late);
    },
  };
}

type Prompt = { promptId: string; responseIds: string[] };

/** What the server holds of each prompt: its version, the tier of each response, and the remarks. */
export async function readServer(project: string, prompts: readonly Prompt[]): Promise<Run['server']> {
  const server = new Map<string, { version: number; tiers: number[]; remarks: Remarks }>();
  for (const { promptId, responseIds } of prompts) {
    const { annotation }: Task = await (await fetch(`/api${project}/tasks/${promptId}`)).json();
    const placed = new Map(annotation?.placements.map(({ responseId, tier }) => [responseId as string, tier]));
    server.set(promptId, {
      version: annotation?.version ?? 0,
      tiers: responseIds.map((id) => placed.get(id) ?? -1),
      remarks: annotation?.remarks ?? noRemarks,
    });
  }
  return server;
}

export async function readMarks(project: string): Promise<MyMark[]> {
  const { marks } = await (await fetch(`/api${project}/marks/mine`)).json();
  return marks;
}
