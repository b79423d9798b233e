/**
 * Runs inside a page of the real server: the annotation session itself, on the real outbox and the browser's own
 * IndexedDB, with drafts, several tabs' worth of it, over the same network as fuzz-page.ts. One seed, one report.
 */

import { placesOf, untouchedIds } from '../../components/annotate/board/board-state';
import {
  AnnotationOutbox,
  type OutboxMessage,
  type OutboxRequest,
} from '../../components/annotate/outbox/annotation-outbox';
import { browserOutboxStore } from '../../components/annotate/outbox/browser-database';
import type { DraftAnswer } from '../../components/annotate/outbox/draft-saver';
import { exclusively, openChannel } from '../../components/annotate/outbox/tabs';
import { AnnotationSession, type SessionHost } from '../../components/annotate/session/annotation-session';
import { loadDraft, removeDraft, storeDraft } from '../../components/annotate/session/draft-store';
import { queueStatus } from '../../components/annotate/session/session-state';
import { ApiError } from '../../components/ui/api';
import type { SaveAnnotationRequest, Task } from '../../lib/schemas/annotation';
import type { Draft } from '../../lib/schemas/draft';
import type { MarkChange } from '../../lib/schemas/prompt-mark';
import { DEFAULT_ISSUE_TAGS, noRemarks } from '../../lib/schemas/remark-rules';
import { seededRandom } from '../../trainer/data/seeded-random';
import { judgeMarks, judgeRun, type Save } from './fuzz-model';
import { faultyNetwork, readMarks, readServer, sleep } from './fuzz-network';

/** version: nobody says what an acknowledged save became; draft: the browser keeps none. */
export type SessionGuard = 'version' | 'draft';

export interface SessionFuzz {
  seed: number;
  operations: number;
  /** The project below /api. */
  project: string;
  prompts: { promptId: string; responseIds: string[] }[];
  without?: SessionGuard;
}

export interface SessionReport {
  problems: string[];
  saves: number;
  marks: number;
  returns: number;
  drafts: number;
  requests: number;
  faults: number;
  conflicts: number;
}

type Tab = { outbox: AnnotationOutbox; session: AnnotationSession; close: () => void };

const TIERS = 4;
/** Of a response's text, marks are made in so many units at its start: every response has them. */
const MARKED_PART = 6;

export async function fuzzSession({
  seed,
  operations,
  project,
  prompts,
  without,
}: SessionFuzz): Promise<SessionReport> {
  const random = seededRandom(seed);
  const chance = (share: number) => random() < share;
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)]!;
  // Every fifth seed is one tab and one machine: there nothing may ever conflict.
  const alone = seed % 5 === 0;
  const owner = `session-fuzz:${seed}:${without ?? ''}`;
  const saves: Save[] = [];
  const byKey = new Map<string, Save>();
  /** The newest change of each mark, by prompt and kind. */
  const marks = new Map<string, MarkChange>();
  const problems: string[] = [];
  const count = { marks: 0, returns: 0, drafts: 0, requests: 0, faults: 0, conflicts: 0 };
  const network = faultyNetwork({ random, project, byKey, count, newKeyEachTry: false });
  let keys = 0;
  const newKey = () => `session-${seed}-${keys++}-${crypto.randomUUID()}`;
  /** What was handed over and is not stored yet. */
  const storing = new Set<Promise<unknown>>();
  const stored = async () => {
    while (storing.size > 0) await Promise.all(storing);
  };
  const wait = <T>(work: Promise<T>): Promise<T> => {
    const done = work.finally(() => storing.delete(done));
    storing.add(done);
    return done;
  };

  // ---------- what is handed over is noted, for the judge ----------

  function noteSave(request: SaveAnnotationRequest, elsewhere: boolean): void {
    const { responseIds } = prompts.find(({ promptId }) => promptId === request.promptId)!;
    const places = placesOf(request.placements);
    const save: Save = {
      key: request.idempotencyKey,
      promptId: request.promptId,
      tiers: responseIds.map((id) => Number(places[id] ?? -1)),
      remarks: request.remarks ?? noRemarks,
      elsewhere,
      sent: false,
      refused: false,
      decided: false,
      versions: new Set(),
    };
    saves.push(save);
    byKey.set(save.key, save);
  }

  function watch(outbox: AnnotationOutbox): void {
    const [add, addMark, getState] = [outbox.add.bind(outbox), outbox.addMark.bind(outbox), outbox.getState];
    outbox.add = (request, label, builtOn) => {
      noteSave(request, false);
      return wait(add(request, label, without === 'version' ? null : builtOn));
    };
    outbox.addMark = (change, label) => {
      count.marks += 1;
      marks.set(`${change.promptId} ${change.kind}`, change);
      return wait(addMark(change, label));
    };
    if (without === 'version') outbox.getState = () => ({ ...getState(), versions: new Map() });
  }

  // ---------- the tabs ----------

  const fetchTask = async (promptId: string): Promise<Task> => (await fetch(`/api${project}/tasks/${promptId}`)).json();

  async function sendDraft(promptId: string, draft: Draft): Promise<DraftAnswer> {
    if (!network.isUp() || chance(0.2)) return 'unreachable';
    const answer = await fetch(`/api${project}/drafts/${promptId}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(draft),
    });
    if (answer.ok) return 'stored';
    const { error } = await answer.json();
    if (answer.status !== 409) problems.push(`a draft of ${promptId} met ${answer.status} ${JSON.stringify(error)}`);
    const sequence: number | undefined = error.details?.sequence;
    return sequence === undefined ? { refused: 'stale' } : { refused: 'older', sequence };
  }

  const hostOf = (outbox: AnnotationOutbox): SessionHost => ({
    outbox,
    tierCount: () => TIERS,
    // Each page is offered every prompt once, judged before or not, as if it had been given responses since.
    fetchTasks: async (limit, exclude) => {
      if (!network.isUp()) return new ApiError(0, 'network', '');
      const open = prompts.filter(({ promptId }) => !exclude.includes(promptId)).slice(0, limit);
      const tasks = await Promise.all(open.map(({ promptId }) => fetchTask(promptId)));
      return { tasks, progress: { done: 0, total: prompts.length } };
    },
    fetchTask,
    cache: { read: async () => null, write: async () => undefined },
    drafts: {
      load: (promptId) => loadDraft(owner, promptId),
      store: (promptId, draft) => {
        count.drafts += 1;
        return without === 'draft' ? Promise.resolve() : wait(storeDraft(owner, promptId, draft));
      },
      remove: (promptId, sequence) => wait(removeDraft(owner, promptId, sequence)),
      send: sendDraft,
    },
    schedule,
    newKey,
  });

  async function openTab(): Promise<Tab> {
    const channel = openChannel<OutboxMessage>(owner, (message) => outbox.receive(message));
    const outbox: AnnotationOutbox = new AnnotationOutbox({
      owner,
      store: browserOutboxStore(owner),
      send: (request: OutboxRequest) => network.send(request),
      schedule,
      exclusively: (work) => exclusively(owner, work),
      broadcast: channel.post,
    });
    watch(outbox);
    await outbox.open();
    const session = new AnnotationSession(hostOf(outbox));
    return { outbox, session, close: session.open() };
  }

  /** Settles when there is a prompt on the board, or none to come. */
  async function shown({ session }: Tab): Promise<boolean> {
    for (let n = 0; n < 40; n++) {
      const { open, queue } = session.getState();
      if (open) return true;
      if (queue.failure || (!queue.request && queueStatus(queue) === 'finished')) return false;
      await sleep(3);
    }
    return false;
  }

  // ---------- what people do ----------

  let clock = 0;
  const act = ({ session }: Tab, action: Parameters<AnnotationSession['act']>[0]) => session.act(action, 1);

  function place(tab: Tab): void {
    const { board } = tab.session.getState().open!;
    act(tab, { type: 'place', id: pick(board.responseIds), place: below(TIERS) });
  }

  /** Says something beside the tiers: a comment, a tag (on or off) or a mark. */
  function remark(tab: Tab): void {
    const id = pick(tab.session.getState().open!.board.responseIds);
    const tag = pick(DEFAULT_ISSUE_TAGS).id;
    const start = below(MARKED_PART);
    const end = start + 1 + below(MARKED_PART - start);
    const roll = below(3);
    if (roll === 0) act(tab, { type: 'comment', text: `Comment ${keys} 👎` });
    else if (roll === 1) act(tab, { type: 'toggle-tag', id, tag });
    else act(tab, { type: 'highlight', highlight: { responseId: id, start, end, tag } });
  }

  /** Everything is placed and saved, often with a second click in the same moment. */
  function save(tab: Tab): void {
    const { session } = tab;
    const { board, task } = session.getState().open!;
    for (const id of untouchedIds(board)) act(tab, { type: 'place', id, place: below(TIERS) });
    const before = saves.length;
    clock += 10_000;
    session.save({ clicks: 1, at: clock }, 1, 1);
    if (chance(0.3)) session.save({ clicks: 2, at: clock + 50 }, 1, 1);
    // Of any prompt: the second click must not save the next one either.
    const made = saves.slice(before).map(({ promptId }) => promptId);
    if (made.join() !== task.promptId) problems.push(`saves of [${made}] for one press on ${task.promptId}`);
  }

  async function answered({ outbox }: Tab): Promise<void> {
    for (let n = 0; n < 100 && network.isUp() && outbox.getState().items.length > 0; n++) await sleep(10);
  }

  async function saveElsewhere(): Promise<void> {
    const { promptId, responseIds } = pick(prompts);
    const idempotencyKey = newKey();
    const placements = responseIds.map((responseId) => ({ responseId, state: 'placed' as const, tier: below(TIERS) }));
    for (let isNew = true; ; isNew = false) {
      const baseVersion = (await fetchTask(promptId)).annotation?.version ?? 0;
      const request = { promptId, idempotencyKey, baseVersion, allBad: false, timeOnTaskMs: 1, placements };
      if (isNew) noteSave(request, true);
      if ((await network.post(request)).ok) return;
    }
  }

  async function decide({ outbox }: Tab): Promise<void> {
    const item = outbox.getState().items.find((other) => other.status === 'conflict');
    if (!item || 'mark' in item.request) return;
    count.conflicts += 1;
    byKey.get(item.key)!.decided = true;
    if (chance(0.5)) return outbox.discard(item.key);
    const baseVersion = (await fetchTask(item.request.promptId)).annotation?.version ?? 0;
    await outbox.add({ ...item.request, idempotencyKey: newKey(), baseVersion }, item.label);
  }

  /** A tab is left and another one opened; what was begun there is still there, if nobody else came in between. */
  async function reopen(at: number): Promise<void> {
    const { session, outbox, close } = tabs[at]!;
    const { open } = session.getState();
    await stored();
    close();
    outbox.close();
    tabs[at] = await openTab();
    const isBegun = open && open.board.past.length > 0;
    if (!alone || !isBegun) return;
    await stored();
    const task = await fetchTask(open.task.promptId);
    if ((task.annotation?.version ?? 0) !== open.version) return;
    const again = new AnnotationSession(hostOf(tabs[at]!.outbox), task);
    const end = again.open();
    for (let n = 0; n < 100 && !again.getState().open; n++) await sleep(3);
    const now = again.getState().open?.board;
    end();
    if (JSON.stringify(now?.places) !== JSON.stringify(open.board.places)) {
      problems.push(`what was begun on ${open.task.promptId} is gone`);
    }
  }

  const tabs = [await openTab()];
  if (!alone) tabs.push(await openTab());
  const before = new Map<string, number>();
  for (const { promptId } of prompts) before.set(promptId, (await fetchTask(promptId)).annotation?.version ?? 0);

  for (let n = 0; n < operations; n++) {
    const at = below(tabs.length);
    const tab = tabs[at]!;
    const roll = random();
    if (roll < 0.06) await reopen(at);
    else if (roll < 0.14) {
      if (!alone) await saveElsewhere();
    } else if (roll < 0.21) network.flip();
    else if (roll < 0.25) {
      tab.outbox.retry();
      tab.session.retry();
    } else if (roll < 0.32) await decide(tab);
    else if (roll < 0.36) await sleep(random() * 15);
    else if (roll < 0.45) {
      // What the control is to find needs an answer that came before the way back.
      if (without === 'version') await answered(tab);
      count.returns += tab.session.getState().past.length > 0 ? 1 : 0;
      tab.session.back();
    } else if (!(await shown(tab))) {
      if (chance(0.5)) await reopen(at);
    } else if (roll < 0.63) place(tab);
    else if (roll < 0.72) remark(tab);
    else if (roll < 0.76) act(tab, { type: chance(0.6) ? 'undo' : 'redo' });
    else if (roll < 0.82) tab.session.skip('other', '');
    else if (roll < 0.87) tab.session.flag(tab.session.isFlagged(tab.session.getState().open!.task) ? null : '');
    else save(tab);
    // What two tabs do in the same moment has no order: here one is done when the other begins.
    await stored();
  }

  // ---------- the network is well again ----------

  for (const { close } of tabs) close();
  await network.heal();
  const deadline = performance.now() + 60_000;
  const waits = () => tabs.some(({ outbox }) => outbox.getState().items.length > 0);
  do {
    for (const { outbox } of tabs) {
      outbox.retry();
      await outbox.refresh();
    }
    await sleep(3);
    await decide(tabs[0]!);
  } while (waits() && performance.now() < deadline);
  await network.finish();
  const left = tabs.flatMap(({ outbox }) => outbox.getState().items.map(({ key }) => key));
  for (const { outbox } of tabs) outbox.close();
  const server = await readServer(project, prompts);
  problems.push(...judgeRun({ saves, before, server, unsent: left }));
  problems.push(...judgeMarks(marks, server, await readMarks(project)));
  if (alone && count.conflicts > 0) problems.push(`${count.conflicts} conflicts with nobody else there`);
  return { problems, saves: saves.length, ...count };
}

function schedule(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms / 100);
  return () => clearTimeout(timer);
}
