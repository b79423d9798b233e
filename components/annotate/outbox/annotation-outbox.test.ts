import { describe, expect, it } from 'vitest';
import type { SaveAnnotationRequest } from '@/lib/schemas/annotation';
import type { MarkChange } from '@/lib/schemas/prompt-mark';
import { AnnotationOutbox, type SendResult } from './annotation-outbox';
import { addRule, pendingOn } from './outbox-rules';
import { MemoryOutboxStore } from './outbox-store';

const key = (name: string) => `key-${name}-00000000`;
const request = (name: string, promptId = name, baseVersion = 0): SaveAnnotationRequest => ({
  promptId,
  idempotencyKey: key(name),
  baseVersion,
  allBad: false,
  timeOnTaskMs: 1000,
  placements: [{ responseId: 'r', state: 'placed', tier: 0 }],
});

const lost: SendResult = { ok: false, kind: 'retry', reason: 'offline', message: 'no answer' };
const broken: SendResult = { ok: false, kind: 'retry', reason: 'fault', message: 'status 500' };
const saved = (version = 1): SendResult => ({ ok: true, version });

/** A browser: tabs on one store, with a lock and a channel between them. */
function browser({ locks = true } = {}) {
  const store = new MemoryOutboxStore();
  const tabs: AnnotationOutbox[] = [];
  const sent: { key: string; base: number }[] = [];
  const answers: (SendResult | Promise<SendResult>)[] = [];
  const planned: { run: () => void; ms: number }[] = [];
  let lock: Promise<unknown> = Promise.resolve();
  const open = async () => {
    const tab: AnnotationOutbox = new AnnotationOutbox({
      owner: 'person:project',
      store,
      send: async (work) => {
        const base = 'mark' in work ? 0 : work.baseVersion;
        sent.push({ key: work.idempotencyKey, base });
        return answers.shift() ?? saved(base + 1);
      },
      schedule: (run, ms) => {
        const entry = { run, ms };
        planned.push(entry);
        return () => {
          if (planned.includes(entry)) planned.splice(planned.indexOf(entry), 1);
        };
      },
      exclusively: (work) => {
        const turn = locks ? lock.then(work) : work();
        lock = turn.catch(() => undefined);
        return turn;
      },
      broadcast: (message) => {
        for (const other of tabs) if (other !== tab) other.receive(message);
      },
    });
    tabs.push(tab);
    await tab.open();
    return tab;
  };
  return { store, open, sent, answers, planned, keys: () => sent.map((entry) => entry.key) };
}
const labels = (tab: AnnotationOutbox) => tab.getState().items.map((item) => item.label);
const stored = async (store: MemoryOutboxStore) => (await store.read()).map((item) => item.key);

describe('AnnotationOutbox', () => {
  it('stores an item before it sends it, and keeps it until the acknowledgement', async () => {
    const { open, store, answers } = browser();
    const tab = await open();
    let acknowledge: (result: SendResult) => void = () => {};
    answers.push(new Promise((resolve) => (acknowledge = resolve)));
    const added = tab.add(request('one'), 'p1');
    expect(labels(tab)).toEqual(['p1']);
    await added;
    expect(await stored(store)).toEqual([key('one')]);
    const done = tab.flush();
    acknowledge(saved());
    await done;
    expect(tab.getState()).toMatchObject({ items: [], acknowledged: 1, sending: false, failure: null });
    expect(tab.getState().versions.get(key('one'))).toBe(1);
    expect(await stored(store)).toEqual([]);
  });

  it('retries with the same key, later and later, and goes on in order', async () => {
    const { open, keys, answers, planned } = browser();
    const tab = await open();
    answers.push(lost, lost);
    await tab.add(request('one'), 'p1');
    await tab.flush();
    expect(tab.getState().failure).toMatchObject({ reason: 'offline' });
    expect(planned.map((entry) => entry.ms)).toEqual([1000]);
    await tab.flush();
    expect(planned.map((entry) => entry.ms)).toEqual([2000]);
    await tab.add(request('two'), 'p2');
    await tab.flush();
    expect(keys()).toEqual([key('one'), key('one'), key('one'), key('two')]);
    expect(tab.getState()).toMatchObject({ items: [], acknowledged: 2, failure: null });
    expect(planned).toEqual([]);
  });

  it('takes up after a crash what was being sent, with its key', async () => {
    // A browser gives the lock of a dead tab to the next one.
    const { open, keys, answers, store } = browser({ locks: false });
    const first = await open();
    answers.push(new Promise(() => {}));
    await first.add(request('one'), 'p1');
    await expect.poll(keys).toEqual([key('one')]);
    first.close();
    const second = await open();
    await second.flush();
    expect(keys()).toEqual([key('one'), key('one')]);
    expect(await stored(store)).toEqual([]);
  });

  it('lets a conflict and a refusal wait for the person without holding up the rest', async () => {
    const { open, answers, sent } = browser();
    const tab = await open();
    answers.push({ ok: false, kind: 'conflict', message: 'newer' }, { ok: false, kind: 'refused', message: 'no' });
    await tab.add(request('one'), 'p1');
    await tab.add(request('two'), 'p2');
    await tab.add(request('three'), 'p3');
    await tab.flush();
    expect(tab.getState().items.map((item) => item.status)).toEqual(['conflict', 'refused']);
    await tab.flush();
    expect(sent).toHaveLength(3);
    await tab.discard(key('one'));
    expect(tab.getState().items.map((item) => item.status)).toEqual(['refused']);
    await tab.sendAgain(key('two'));
    await tab.flush();
    expect(tab.getState()).toMatchObject({ items: [], acknowledged: 2 });
  });

  it('does not let one item that the server fails at hold up the others', async () => {
    const { open, keys, answers } = browser();
    const tab = await open();
    answers.push(broken);
    await tab.add(request('one'), 'p1');
    await tab.add(request('two'), 'p2');
    await tab.flush();
    expect(keys()).toEqual([key('one'), key('two')]);
    expect(labels(tab)).toEqual(['p1']);
    expect(tab.getState().failure).toMatchObject({ reason: 'fault' });
  });

  it('replaces what was never sent by the newer judgement', async () => {
    const { open, keys, answers } = browser();
    const tab = await open();
    answers.push(lost);
    await tab.add(request('first'), 'p1');
    await tab.flush();
    await tab.add(request('old', 'p'), 'p');
    await tab.add(request('new', 'p'), 'p');
    await tab.flush();
    expect(keys()).toEqual([key('first'), key('first'), key('new')]);
  });

  it('builds newer work on an older one whose answer never came, instead of dropping either', async () => {
    const { open, sent, answers } = browser();
    const tab = await open();
    answers.push(lost);
    await tab.add(request('old', 'p'), 'p');
    await tab.flush();
    await tab.add(request('new', 'p'), 'p');
    await tab.flush();
    expect(sent).toEqual([
      { key: key('old'), base: 0 },
      { key: key('old'), base: 0 },
      { key: key('new'), base: 1 },
    ]);
  });

  it('builds on the version that the work on screen became while the person was editing it', async () => {
    const { open, sent } = browser();
    const tab = await open();
    await tab.add(request('old', 'p'), 'p');
    await tab.flush();
    // The page was opened before the acknowledgement, so it still believes in version 0.
    await tab.add(request('new', 'p'), 'p', key('old'));
    await tab.flush();
    expect(sent.at(-1)).toEqual({ key: key('new'), base: 1 });
  });

  it('counts as loaded only when it also has what is to be adopted', async () => {
    const { open } = browser();
    const tab = await open();
    expect(tab.getState().loaded).toBe(true);
    const states: string[] = [];
    const fresh = new AnnotationOutbox({
      owner: 'o',
      store: new MemoryOutboxStore(),
      send: () => new Promise(() => {}),
      schedule: () => () => {},
      exclusively: (work) => work(),
      broadcast: () => {},
    });
    fresh.subscribe(() => states.push(`${fresh.getState().loaded} ${fresh.getState().items.length}`));
    await fresh.open(addRule('o', request('old'), 'p1'));
    expect(states).not.toContain('true 0');
    expect(states).toContain('true 1');
  });

  it('says when the browser cannot keep a copy, still sends, and keeps one as soon as it can', async () => {
    const { open, store, answers } = browser();
    const tab = await open();
    store.refusal = new DOMException('full', 'QuotaExceededError');
    answers.push(lost);
    await tab.add(request('one'), 'p1');
    await tab.flush();
    expect(tab.getState()).toMatchObject({ storage: 'full', items: [{ key: key('one') }] });
    expect(await stored(store)).toEqual([]);
    store.refusal = null;
    answers.push(lost);
    await tab.add(request('two'), 'p2');
    expect(await stored(store)).toEqual([key('one'), key('two')]);
    expect(tab.getState().storage).toBe('ok');
    await tab.flush();
    await tab.flush();
    expect(tab.getState()).toMatchObject({ items: [], acknowledged: 2 });
  });

  it('does not send again what was acknowledged, when the store cannot even forget', async () => {
    const { open, store, sent } = browser();
    const tab = await open();
    await tab.add(request('one'), 'p1');
    const update = store.update;
    store.update = () => Promise.reject(new Error('blocked'));
    await tab.flush();
    await tab.flush();
    expect(sent).toHaveLength(1);
    expect(tab.getState().items).toEqual([]);
    store.update = update;
    await tab.add(request('two'), 'p2');
    await tab.flush();
    expect(await stored(store)).toEqual([]);
  });
});

describe('marks', () => {
  const flag = (name: string, on: boolean): MarkChange => ({
    promptId: 'p',
    idempotencyKey: key(name),
    kind: 'flagged',
    mark: on ? { kind: 'flagged', note: '' } : null,
  });

  it('wait and go out in order among the judgements, each with its key through every retry', async () => {
    const { open, keys, answers } = browser();
    const tab = await open();
    answers.push(lost);
    await tab.addMark(flag('on', true), 'p');
    await tab.flush();
    await tab.add(request('one'), 'p1');
    await tab.addMark(flag('off', false), 'p');
    await tab.flush();
    expect(keys()).toEqual(['on', 'on', 'one', 'off'].map(key));
  });

  it('the last one said is known, sent or not, after a reload as long as it waits', async () => {
    const { open, answers } = browser();
    const tab = await open();
    answers.push(lost);
    await tab.addMark(flag('on', true), 'p');
    await tab.flush();
    const later = await open();
    expect(later.lastMark('p', 'flagged')?.mark).not.toBeNull();
    expect(later.lastMark('p', 'skipped')).toBeUndefined();
    await tab.addMark(flag('off', false), 'p');
    await tab.flush();
    expect(tab.getState().items).toEqual([]);
    expect(tab.lastMark('p', 'flagged')?.mark).toBeNull();
    expect(pendingOn(tab.getState().items, 'p')).toBeUndefined();
  });
});

describe('two tabs', () => {
  it('never overwrite each other’s items', async () => {
    const { open, answers } = browser();
    const [a, b] = [await open(), await open()];
    answers.push(lost, lost, lost, lost);
    await Promise.all([a.add(request('one'), 'p1'), b.add(request('two'), 'p2')]);
    expect(labels(await open())).toEqual(['p1', 'p2']);
  });

  it('send one at a time and each item once; the other one hears of it', async () => {
    const { open, keys } = browser();
    const [a, b] = [await open(), await open()];
    await Promise.all(['a', 'b', 'c', 'd'].map((name, i) => (i % 2 ? a : b).add(request(name), name)));
    await Promise.all([a.flush(), b.flush()]);
    expect([...keys()].sort()).toEqual(['a', 'b', 'c', 'd'].map(key));
    expect([labels(a), labels(b)]).toEqual([[], []]);
    expect([a, b].map((tab) => tab.getState().versions.get(key('a')))).toEqual([1, 1]);
  });

  it('control: without the lock both send the same item', async () => {
    const { open, keys } = browser({ locks: false });
    const [a, b] = [await open(), await open()];
    await Promise.all(['a', 'b', 'c', 'd'].map((name, i) => (i % 2 ? a : b).add(request(name), name)));
    await Promise.all([a.flush(), b.flush()]);
    expect(keys().length).toBeGreaterThan(4);
  });

  it('never send what newer work of the other one has just replaced', async () => {
    const { open, store, keys, answers } = browser();
    const [a, b] = [await open(), await open()];
    answers.push(lost);
    await a.add(request('first'), 'p1');
    await a.flush();
    await a.add(request('old', 'p'), 'p');
    await a.flush();
    // The other tab’s work comes in between the look at the queue and the mark.
    const update = store.update.bind(store);
    let came = false;
    store.update = async (rule, before) => {
      const marks = rule([{ ...(await store.read())[0]!, key: key('old2'), attempted: false }]).put.length > 0;
      if (!came && marks && (await stored(store)).includes(key('old2'))) {
        came = true;
        await update(addRule('person:project', request('new', 'p2'), 'p2'), before);
      }
      return update(rule, before);
    };
    answers.push(lost);
    await b.add(request('old2', 'p2'), 'p2');
    await a.flush();
    await b.flush();
    await expect.poll(() => a.getState().items.length + b.getState().items.length).toBe(0);
    expect(came).toBe(true);
    expect(keys()).not.toContain(key('old2'));
    expect(keys()).toContain(key('new'));
  });

  it('look after what a closed one left', async () => {
    const { open, answers, planned } = browser();
    const [a, b] = [await open(), await open()];
    answers.push(new Promise(() => {}));
    await a.add(request('one'), 'p1');
    a.close();
    await expect.poll(() => planned.length).toBe(1);
    expect(labels(b)).toEqual(['p1']);
  });
});
