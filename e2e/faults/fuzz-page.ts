/**
 * Runs inside a page of the real server: the real outbox on the browser's own IndexedDB, Web Locks and
 * BroadcastChannel, several tabs' worth of it, over a network that drops, repeats, delays and reorders. One seed, one
 * report. `without` takes one guard out.
 */

import { AnnotationOutbox, type OutboxMessage } from '../../components/annotate/outbox/annotation-outbox';
import { browserOutboxStore } from '../../components/annotate/outbox/browser-database';
import type { OutboxItem } from '../../components/annotate/outbox/outbox-rules';
import { isAnnotation, pendingOn } from '../../components/annotate/outbox/outbox-rules';
import type { OutboxStore } from '../../components/annotate/outbox/outbox-store';
import { exclusively, openChannel } from '../../components/annotate/outbox/tabs';
import { changeRemarks, type RemarkAction } from '../../components/annotate/remarks/board-remarks';
import type { SaveAnnotationRequest } from '../../lib/schemas/annotation';
import type { MarkChange, MarkKind } from '../../lib/schemas/prompt-mark';
import { DEFAULT_ISSUE_TAGS, noRemarks, remarksPart } from '../../lib/schemas/remark-rules';
import type { Remarks } from '../../lib/schemas/remarks';
import { seededRandom } from '../../trainer/data/seeded-random';
import { judgeMarks, judgeRun, type Save } from './fuzz-model';
import { faultyNetwork, readMarks, readServer, sleep } from './fuzz-network';

export { fuzzSession } from './fuzz-session';
export { lateMark } from './late-mark';
export { lateRemoval } from './late-removal';

/**
 * key: each try has another one; store: one array that the last writer wins; chain: newer work waits for nothing;
 * remarks: the queue keeps tiers only.
 */
export type Guard = 'key' | 'store' | 'chain' | 'remarks';

/** Of a response's text, marks are made in so many units at its start: every response has them. */
const MARKED_PART = 6;

export interface FuzzOptions {
  seed: number;
  operations: number;
  /** The project below /api. */
  project: string;
  prompts: { promptId: string; responseIds: string[] }[];
  without?: Guard;
}

export interface FuzzReport {
  problems: string[];
  saves: number;
  marks: number;
  remarks: number;
  requests: number;
  faults: number;
  conflicts: number;
}

export async function fuzz({ seed, operations, project, prompts, without }: FuzzOptions): Promise<FuzzReport> {
  const random = seededRandom(seed);
  const chance = (share: number) => random() < share;
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  // Every fifth seed is one tab and one machine: there nothing may ever conflict.
  const alone = seed % 5 === 0;
  const owner = `fuzz:${seed}:${without ?? ''}`;
  const slot = { items: [] as OutboxItem[] };
  const saves: Save[] = [];
  const byKey = new Map<string, Save>();
  /** The newest change of each mark, by prompt and kind. */
  const marks = new Map<string, MarkChange>();
  const count = { marks: 0, remarks: 0, requests: 0, faults: 0, conflicts: 0 };
  const network = faultyNetwork({ random, project, byKey, count, newKeyEachTry: without === 'key' });

  // ---------- the tabs ----------

  function store(): OutboxStore {
    if (without === 'store') return lastWriterWins(slot);
    const inner = browserOutboxStore(owner);
    if (without !== 'chain' && without !== 'remarks') return inner;
    const forgetful = (item: OutboxItem): OutboxItem => {
      if (without === 'chain') return { ...item, attempted: false, follows: null };
      return isAnnotation(item) ? { ...item, request: { ...item.request, remarks: undefined } } : item;
    };
    return {
      read: inner.read,
      update: (rule, before) =>
        inner.update((items) => {
          const { put, remove } = rule(items);
          return { put: put.map(forgetful), remove };
        }, before),
    };
  }

  async function openTab(): Promise<AnnotationOutbox> {
    const channel = openChannel<OutboxMessage>(owner, (message) => tab.receive(message));
    const tab: AnnotationOutbox = new AnnotationOutbox({
      owner,
      store: store(),
      send: network.send,
      schedule: (run, ms) => {
        const timer = setTimeout(run, ms / 100);
        return () => clearTimeout(timer);
      },
      exclusively: (work) => exclusively(owner, work),
      broadcast: channel.post,
    });
    await tab.open();
    return tab;
  }

  const tabs = [await openTab()];
  if (!alone) tabs.push(await openTab());

  async function versionOf(promptId: string): Promise<number> {
    const task = await (await fetch(`/api${project}/tasks/${promptId}`)).json();
    return task.annotation?.version ?? 0;
  }

  const anyTiers = (responseIds: string[]) => responseIds.map(() => Math.floor(random() * 4));

  function newSave(promptId: string, { tiers, remarks }: Pick<Save, 'tiers' | 'remarks'>, elsewhere: boolean): Save {
    const key = `fuzz-${seed}-${saves.length}-${crypto.randomUUID()}`;
    const save: Save = {
      key,
      promptId,
      tiers,
      remarks,
      elsewhere,
      sent: false,
      refused: false,
      decided: false,
      versions: new Set(),
    };
    saves.push(save);
    byKey.set(key, save);
    return save;
  }
  const requestOf = (save: Save, baseVersion: number): SaveAnnotationRequest => {
    const { responseIds } = prompts.find((prompt) => prompt.promptId === save.promptId)!;
    return {
      promptId: save.promptId,
      idempotencyKey: save.key,
      baseVersion,
      allBad: false,
      timeOnTaskMs: 1,
      placements: responseIds.map((responseId, i) => ({ responseId, state: 'placed', tier: save.tiers[i]! })),
      ...remarksPart(save.remarks),
    };
  };

  // ---------- what people do ----------

  async function saveHere(): Promise<void> {
    const { promptId, responseIds } = pick(prompts);
    await judge(promptId, { tiers: anyTiers(responseIds), remarks: lastOf(promptId)?.remarks ?? noRemarks });
  }

  /** Says something beside the tiers as they are: a comment, a tag (on or off) or a mark. */
  async function remarkHere(): Promise<void> {
    const { promptId, responseIds } = pick(prompts);
    const known = lastOf(promptId) ?? { tiers: anyTiers(responseIds), remarks: noRemarks };
    const id = pick(responseIds);
    const tag = pick(DEFAULT_ISSUE_TAGS).id;
    const start = Math.floor(random() * MARKED_PART);
    const end = start + 1 + Math.floor(random() * (MARKED_PART - start));
    const action: RemarkAction = pick([
      { type: 'comment', text: `Comment ${count.remarks} 👎` },
      { type: 'toggle-tag', id, tag },
      { type: 'highlight', highlight: { responseId: id, start, end, tag } },
    ]);
    count.remarks += 1;
    await judge(promptId, { tiers: known.tiers, remarks: changeRemarks(known.remarks, action) });
  }

  const lastOf = (promptId: string) => saves.findLast((save) => save.promptId === promptId && !save.elsewhere);

  async function judge(promptId: string, judgement: { tiers: number[]; remarks: Remarks }): Promise<void> {
    const tab = pick(tabs);
    const pending = pendingOn(tab.getState().items, promptId);
    const base = pending ? pending.request.baseVersion : await versionOf(promptId);
    await tab.add(requestOf(newSave(promptId, judgement, false), base), promptId, pending?.key ?? null);
  }

  /** Skips and flags, set and taken back. */
  async function markHere(): Promise<void> {
    // On two prompts only, so that changes of one mark meet each other.
    const { promptId } = pick(prompts.slice(0, 2));
    const kind: MarkKind = chance(0.3) ? 'skipped' : 'flagged';
    const mark = kind === 'skipped' ? { kind, reason: 'other' as const, note: '' } : { kind, note: '' };
    const idempotencyKey = `fuzz-${seed}-mark-${count.marks}-${crypto.randomUUID()}`;
    const change: MarkChange = {
      promptId,
      idempotencyKey,
      kind,
      mark: marks.get(`${promptId} ${kind}`)?.mark ? null : mark,
    };
    count.marks += 1;
    marks.set(`${promptId} ${kind}`, change);
    await pick(tabs).addMark(change, promptId);
  }

  async function saveElsewhere(): Promise<void> {
    const { promptId, responseIds } = pick(prompts);
    const save = newSave(promptId, { tiers: anyTiers(responseIds), remarks: noRemarks }, true);
    for (;;) {
      const answer = await network.post(requestOf(save, await versionOf(promptId)));
      if (answer.ok) return;
    }
  }

  async function decide(tab: AnnotationOutbox): Promise<boolean> {
    const item = tab.getState().items.find((other) => other.status === 'conflict');
    if (!item) return false;
    count.conflicts += 1;
    const save = byKey.get(item.key)!;
    save.decided = true;
    if (chance(0.5)) await tab.discard(item.key);
    else {
      const mine = newSave(save.promptId, save, false);
      await tab.add(requestOf(mine, await versionOf(save.promptId)), save.promptId);
    }
    return true;
  }

  const before = new Map<string, number>();
  for (const { promptId } of prompts) before.set(promptId, await versionOf(promptId));

  for (let n = 0; n < operations; n++) {
    const roll = random();
    if (roll < 0.25) await saveHere();
    else if (roll < 0.4) await remarkHere();
    else if (roll < 0.55) await markHere();
    else if (roll < 0.65) {
      // A tab dies and is opened again.
      const at = Math.floor(random() * tabs.length);
      tabs[at]!.close();
      tabs[at] = await openTab();
    } else if (roll < 0.73) {
      if (!alone) await saveElsewhere();
    } else if (roll < 0.81) network.flip();
    else if (roll < 0.87) pick(tabs).retry();
    else if (roll < 0.95) await decide(pick(tabs));
    else await sleep(random() * 15);
  }

  // ---------- the network is well again ----------

  await network.heal();
  const deadline = performance.now() + (without ? 1_000 : 60_000);
  for (;;) {
    for (const tab of tabs) {
      tab.retry();
      await tab.refresh();
    }
    await sleep(3);
    if (tabs.every((tab) => tab.getState().items.length === 0) || performance.now() > deadline) break;
    await decide(tabs[0]!);
  }
  await network.finish();
  const unsent = tabs.flatMap((tab) => tab.getState().items.map((item) => item.key));
  for (const tab of tabs) tab.close();
  const server = await readServer(project, prompts);
  const problems = judgeRun({ saves, before, server, unsent });
  problems.push(...judgeMarks(marks, server, await readMarks(project)));
  if (alone && count.conflicts > 0) problems.push(`${count.conflicts} conflicts with nobody else there`);
  return { problems, saves: saves.length, ...count };
}

/** What the outbox was before: each tab writes its own whole list into one place. */
function lastWriterWins(slot: { items: OutboxItem[] }): OutboxStore {
  let own = slot.items;
  return {
    read: async () => own,
    update: async (rule) => {
      const { put, remove } = rule(own);
      const keys = new Set([...remove, ...put.map((item) => item.key)]);
      own = [...own.filter((item) => !keys.has(item.key)), ...put].sort((a, b) => a.order - b.order);
      slot.items = own;
      return own;
    },
  };
}
