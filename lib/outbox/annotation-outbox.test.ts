import { describe, expect, it } from 'vitest';
import type { SaveAnnotationRequest } from '@/lib/schemas/annotation';
import { AnnotationOutbox, type SendResult } from './annotation-outbox';

const request = (name: string, promptId = name): SaveAnnotationRequest => ({
  promptId,
  idempotencyKey: `key-${name}-00000000`,
  baseVersion: 0,
  allBad: false,
  timeOnTaskMs: 1000,
  placements: [{ responseId: 'r', state: 'placed', tier: 0 }],
});

class MemoryStorage {
  values = new Map<string, string>();
  full = false;
  getItem = (key: string) => this.values.get(key) ?? null;
  setItem = (key: string, value: string) => {
    if (this.full) throw new DOMException('full', 'QuotaExceededError');
    this.values.set(key, value);
  };
  removeItem = (key: string) => void this.values.delete(key);
}

function setUp(answers: SendResult[], storage = new MemoryStorage()) {
  const sent: string[] = [];
  const planned: { run: () => void; ms: number }[] = [];
  const outbox = new AnnotationOutbox({
    key: 'outbox',
    storage,
    send: async (item) => {
      sent.push(item.idempotencyKey);
      return answers.shift() ?? { ok: true };
    },
    schedule: (run, ms) => {
      const entry = { run, ms };
      planned.push(entry);
      return () => planned.splice(planned.indexOf(entry), 1);
    },
  });
  const statuses = () => outbox.getState().items.map((item) => item.status);
  return { outbox, sent, planned, storage, statuses };
}

const lost: SendResult = { ok: false, kind: 'retry', message: 'no answer' };

describe('AnnotationOutbox', () => {
  it('keeps an item until the acknowledgement, and counts it only then', async () => {
    let acknowledge: (result: SendResult) => void = () => {};
    const storage = new MemoryStorage();
    const outbox = new AnnotationOutbox({
      key: 'outbox',
      storage,
      send: () => new Promise((resolve) => (acknowledge = resolve)),
      schedule: () => () => {},
    });
    outbox.add(request('one'), 'p1');
    expect(outbox.getState().items.map((item) => item.status)).toEqual(['sending']);
    expect(storage.values.get('outbox')).toContain('key-one');
    const done = outbox.flush();
    acknowledge({ ok: true });
    await done;
    expect(outbox.getState()).toMatchObject({ items: [], acknowledged: 1 });
    expect(storage.values.has('outbox')).toBe(false);
  });

  it('retries with the same key, later and later, and goes on in order', async () => {
    const { outbox, sent, planned, statuses } = setUp([lost, lost, { ok: true }]);
    outbox.add(request('one'), 'p1');
    outbox.add(request('two'), 'p2');
    await outbox.flush();
    expect(statuses()).toEqual(['failed', 'waiting']);
    expect(planned.map((entry) => entry.ms)).toEqual([1000]);
    await outbox.flush();
    expect(planned.map((entry) => entry.ms)).toEqual([2000]);
    await outbox.flush();
    expect(sent).toEqual(['key-one-00000000', 'key-one-00000000', 'key-one-00000000', 'key-two-00000000']);
    expect(outbox.getState()).toMatchObject({ items: [], acknowledged: 2 });
  });

  it('takes up after a reload what was being sent', async () => {
    const first = setUp([lost]);
    first.outbox.add(request('one'), 'p1');
    await first.outbox.flush();
    const second = setUp([], first.storage);
    expect(second.statuses()).toEqual(['waiting']);
    await second.outbox.flush();
    expect(second.sent).toEqual(['key-one-00000000']);
    expect(first.storage.values.has('outbox')).toBe(false);
  });

  it('lets a conflict and a refusal wait for the person without holding up the rest', async () => {
    const { outbox, statuses } = setUp([
      { ok: false, kind: 'conflict', message: 'newer' },
      { ok: false, kind: 'refused', message: 'not a member' },
      { ok: true },
    ]);
    outbox.add(request('one'), 'p1');
    outbox.add(request('two'), 'p2');
    outbox.add(request('three'), 'p3');
    await outbox.flush();
    expect(statuses()).toEqual(['conflict', 'refused']);
    await outbox.flush();
    expect(statuses()).toEqual(['conflict', 'refused']);
    outbox.discard('key-one-00000000');
    expect(statuses()).toEqual(['refused']);
  });

  it('replaces what waits for the same prompt by the newer judgement', async () => {
    const { outbox, sent } = setUp([lost]);
    outbox.add(request('old', 'p'), 'p');
    await outbox.flush();
    outbox.add(request('new', 'p'), 'p');
    await outbox.flush();
    expect(sent).toEqual(['key-old-00000000', 'key-new-00000000']);
    expect(outbox.getState().items).toEqual([]);
  });

  it('says when the browser cannot keep a copy, and still sends', async () => {
    const { outbox, sent, storage } = setUp([lost]);
    storage.full = true;
    outbox.add(request('one'), 'p1');
    await outbox.flush();
    expect(outbox.getState().durable).toBe(false);
    await outbox.flush();
    expect(sent).toHaveLength(2);
    expect(outbox.getState().items).toEqual([]);
  });

  it('starts empty when the stored text is damaged', () => {
    const storage = new MemoryStorage();
    storage.values.set('outbox', '{not json');
    expect(setUp([], storage).outbox.getState().items).toEqual([]);
  });
});
