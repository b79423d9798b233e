/** For tests: sessions on a server and a browser that live in memory, and that can be away. */
import { ApiError } from '@/components/ui/api';
import type { SaveAnnotationRequest, Task } from '@/lib/schemas/annotation';
import type { Draft } from '@/lib/schemas/draft';
import { noRemarks } from '@/lib/schemas/remark-rules';
import type { Placement } from '@/trainer/contract/judgement';
import { AnnotationOutbox, type OutboxRequest, type SendResult } from '../outbox/annotation-outbox';
import { MemoryOutboxStore } from '../outbox/outbox-store';
import { AnnotationSession } from './annotation-session';

export const RESPONSES = ['a', 'b', 'c'];

/** Lets everything happen that waits for nothing but its turn. */
export async function settled(): Promise<void> {
  for (let n = 0; n < 60; n++) await Promise.resolve();
}

export function workplace(prompts: number) {
  const tasks = new Map<string, Task>();
  for (let n = 0; n < prompts; n++) {
    const promptId = `p${n}`;
    const responses = RESPONSES.map((id) => ({ id: `${promptId}${id}`, text: id }));
    const task = {
      promptId,
      externalId: promptId,
      messages: [],
      documents: [],
      textVersion: 1,
      withdrawn: false,
      responses,
    };
    tasks.set(promptId, { ...task, annotation: null, flagged: false, sentBack: null, draft: null });
  }
  const stored = new Map<string, number>();
  const skipped = new Set<string>();
  const local = new Map<string, Draft>();
  const world = {
    online: true,
    cached: null as unknown,
    gate: null as Promise<void> | null,
    forgetting: null as Promise<void> | null,
  };
  const sent: OutboxRequest[] = [];
  const asked: { count: number; exclude: readonly string[] }[] = [];
  const planned: { run: () => void; ms: number }[] = [];
  const schedule = (run: () => void, ms: number) => {
    const entry = { run, ms };
    planned.push(entry);
    return () => {
      const at = planned.indexOf(entry);
      if (at >= 0) planned.splice(at, 1);
    };
  };

  const isDone = ({ annotation, responses }: Task) => {
    const judged = new Set(annotation?.placements.map(({ responseId }) => responseId));
    return annotation !== null && responses.every(({ id }) => judged.has(id));
  };

  function save(request: SaveAnnotationRequest): SendResult {
    const known = stored.get(request.idempotencyKey);
    if (known !== undefined) return { ok: true, version: known };
    const task = tasks.get(request.promptId)!;
    const current = task.annotation?.version ?? 0;
    if (request.baseVersion !== current) return { ok: false, kind: 'conflict', message: 'newer' };
    const { allBad, placements, remarks = noRemarks } = request;
    const annotation = { version: current + 1, allBad, placements, remarks };
    tasks.set(request.promptId, { ...task, annotation, draft: null });
    skipped.delete(request.promptId);
    stored.set(request.idempotencyKey, annotation.version);
    return { ok: true, version: annotation.version };
  }

  const outbox = new AnnotationOutbox({
    owner: 'person:project',
    store: new MemoryOutboxStore(),
    send: async (request) => {
      sent.push(request);
      await world.gate;
      if (!world.online) return { ok: false, kind: 'retry', reason: 'offline', message: 'no answer' };
      if (!('mark' in request)) return save(request);
      if (request.kind === 'skipped') skipped[request.mark ? 'add' : 'delete'](request.promptId);
      return { ok: true, version: 0 };
    },
    schedule,
    exclusively: (work) => work(),
    broadcast: () => undefined,
  });

  let keys = 0;
  const saved: string[] = [];
  function session(task: Task | null = null): AnnotationSession {
    return new AnnotationSession(
      {
        outbox,
        tierCount: () => 4,
        fetchTasks: async (count, exclude) => {
          asked.push({ count, exclude });
          if (!world.online) return new ApiError(0, 'network', 'no answer');
          const open = [...tasks.values()].filter((one) => !isDone(one) && !skipped.has(one.promptId));
          const next = open.filter(({ promptId }) => !exclude.includes(promptId)).slice(0, count);
          return { tasks: next, progress: { done: tasks.size - open.length, total: tasks.size } };
        },
        fetchTask: async (promptId) => tasks.get(promptId) ?? null,
        cache: {
          read: async () => world.cached,
          write: async (queue) => {
            world.cached = queue;
          },
        },
        drafts: {
          load: async (promptId) => local.get(promptId) ?? null,
          store: async (promptId, draft) => void local.set(promptId, draft),
          remove: async (promptId, sequence) => {
            await world.forgetting;
            if ((local.get(promptId)?.sequence ?? 0) <= sequence) local.delete(promptId);
          },
          send: async (promptId, draft) => {
            if (!world.online) return 'unreachable';
            const known = tasks.get(promptId)!;
            if (draft.baseVersion !== (known.annotation?.version ?? 0)) return { refused: 'stale' };
            if (known.draft && known.draft.sequence >= draft.sequence) {
              return { refused: 'older', sequence: known.draft.sequence };
            }
            tasks.set(promptId, { ...known, draft });
            return 'stored';
          },
        },
        schedule,
        newKey: () => `key-${keys++}`,
        onSaved: () => void saved.push('saved'),
      },
      task,
    );
  }

  /** Runs what was planned for later. */
  async function later(): Promise<void> {
    for (const { run } of planned.splice(0)) run();
    await settled();
  }

  return { session, outbox, tasks, local, world, sent, asked, planned, saved, later };
}

let clock = 0;
/** A press of the save button that is meant as one. */
export const press = () => {
  clock += 10_000;
  return { clicks: 1, at: clock };
};
/** The second click of a double click. */
export const echo = () => ({ clicks: 2, at: clock + 80 });

/** Puts the responses of the prompt on screen into these tiers. */
export function place(session: AnnotationSession, ...tiers: number[]): void {
  const { responseIds } = session.getState().open!.board;
  tiers.forEach((tier, i) => {
    session.act({ type: 'place', id: responseIds[i]!, place: tier }, 1_000);
  });
}

export const onScreen = (session: AnnotationSession) => session.getState().open?.task.promptId ?? null;

/** The tiers on screen; null where a response was not touched. */
export const tiersOn = (session: AnnotationSession) => Object.values(session.getState().open!.board.places);

export const tiersIn = (placements: readonly Placement[] | undefined) => placements?.map(({ tier }) => tier);
