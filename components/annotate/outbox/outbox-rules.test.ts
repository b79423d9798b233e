import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oldOutbox } from './old-outbox';
import {
  acknowledgeRule,
  addRule,
  applyChange,
  attemptRule,
  combine,
  discardRule,
  nextToSend,
  type OutboxItem,
  offQueue,
  pendingOn,
  type Rule,
  refuseRule,
} from './outbox-rules';

const submission = (key: string, promptId: string, baseVersion = 0) => ({
  promptId,
  idempotencyKey: key,
  baseVersion,
  allBad: false,
  timeOnTaskMs: 0,
  placements: [],
});
const queueAfter = (...rules: Rule[]) =>
  rules.reduce<OutboxItem[]>((items, rule) => applyChange(items, rule(items)), []);
const add = (key: string, promptId = 'p', base = 0) => addRule('me', submission(key, promptId, base), promptId);
const seen = (items: OutboxItem[]) =>
  items.map(({ key, follows, request }) => [
    key,
    follows,
    'mark' in request ? request.mark !== null : request.baseVersion,
  ]);
const mark = (key: string, on: boolean, kind: 'skipped' | 'flagged' = 'flagged', promptId = 'p') =>
  addRule('me', { promptId, idempotencyKey: key, kind, mark: on ? marks[kind] : null }, promptId);
const marks = {
  flagged: { kind: 'flagged', note: '' },
  skipped: { kind: 'skipped', reason: 'other', note: '' },
} as const;

describe('the rules of the queue', () => {
  it('newer work takes the place of what was never sent', () => {
    expect(seen(queueAfter(add('a'), add('b')))).toEqual([['b', null, 0]]);
  });

  it('newer work waits for what may be under way, and builds on its version', () => {
    const waiting = [add('a'), attemptRule('a'), add('b')];
    expect(seen(queueAfter(...waiting))).toEqual([
      ['a', null, 0],
      ['b', 'a', 0],
    ]);
    expect(nextToSend(queueAfter(...waiting), new Set())?.key).toBe('a');
    expect(nextToSend(queueAfter(...waiting), new Set(['p']))).toBeUndefined();
    expect(seen(queueAfter(...waiting, acknowledgeRule('a', 7)))).toEqual([['b', null, 7]]);
    expect(seen(queueAfter(...waiting, add('c'), acknowledgeRule('a', 7)))).toEqual([['c', null, 7]]);
  });

  it('a conflict of work that newer work was built on is the newer work’s to meet', () => {
    const items = queueAfter(add('a'), attemptRule('a'), add('b'), refuseRule('a', 'conflict', 'newer'));
    expect(seen(items)).toEqual([['b', null, 0]]);
    expect(items[0]!.status).toBe('waiting');
  });

  it('a conflict waits for the person, whose next work on the prompt ends it', () => {
    const items = queueAfter(add('a'), attemptRule('a'), refuseRule('a', 'conflict', 'newer'), add('b', 'p', 3));
    expect(seen(items)).toEqual([['b', null, 3]]);
  });

  it('a mark takes the place of an unsent one of its kind, and waits for one that may be under way', () => {
    expect(seen(queueAfter(mark('on', true), mark('off', false)))).toEqual([['off', null, false]]);
    expect(seen(queueAfter(mark('on', true), attemptRule('on'), mark('off', false)))).toEqual([
      ['on', null, true],
      ['off', 'on', false],
    ]);
  });

  it('marks, their kinds and the judgement of one prompt leave each other alone, and keep their order', () => {
    const items = queueAfter(mark('s', true, 'skipped'), mark('f', true), add('a', 'p', 2));
    expect(seen(items)).toEqual([
      ['s', null, true],
      ['f', null, true],
      ['a', null, 2],
    ]);
    expect(pendingOn(items, 'p')?.key).toBe('a');
    expect(pendingOn(items, 'p', 'skipped')?.key).toBe('s');
    // A skip that the server fails at holds the judgement back: else it would arrive after it.
    expect(nextToSend(items, new Set(['p']))).toBeUndefined();
  });

  it('a prompt is off the queue while it is judged or skipped, not when that was taken back, nor for a flag', () => {
    const items = queueAfter(
      add('a', 'judged'),
      mark('b', true, 'skipped', 'skipped'),
      mark('c', true, 'skipped', 'back'),
      attemptRule('c'),
      mark('d', false, 'skipped', 'back'),
      mark('e', true, 'flagged', 'flagged'),
    );
    expect(offQueue(items)).toEqual(['judged', 'skipped']);
  });

  it('the same submission is taken once', () => {
    expect(queueAfter(add('a'), attemptRule('a'), add('a'))).toHaveLength(1);
  });

  it('two changes at once do what they do one after the other', () => {
    const rules = fc.array(
      fc.tuple(fc.constantFrom('add', 'attempt', 'ack', 'refuse', 'discard'), fc.nat(6), fc.nat(2)),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(rules, rules, (before, then) => {
        const start = queueAfter(...before.map(toRule));
        let items = start;
        let together = { put: [] as OutboxItem[], remove: [] as string[] };
        for (const rule of then.map(toRule)) {
          const change = rule(items);
          together = combine(together, change);
          items = applyChange(items, change);
        }
        expect(applyChange(start, together)).toEqual(items);
      }),
    );
  });

  it('whatever happens: one item a key, nothing follows what is gone, and what was sent is never altered', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('add', 'attempt', 'ack', 'refuse', 'discard'), fc.nat(6), fc.nat(2)), {
          maxLength: 60,
        }),
        (steps) => {
          let items: OutboxItem[] = [];
          for (const step of steps) {
            const next = applyChange(items, toRule(step)(items));
            const keys = next.map((item) => item.key);
            expect(new Set(keys).size).toBe(keys.length);
            for (const item of next) if (item.follows !== null) expect(keys).toContain(item.follows);
            for (const item of items.filter((other) => other.attempted)) {
              const now = next.find((other) => other.key === item.key);
              if (now) expect(now.request).toEqual(item.request);
              else expect(step[0]).not.toBe('attempt');
            }
            // Only an answer, the person's decision or newer work on the same prompt takes anything away.
            const gone = items.filter((item) => !keys.includes(item.key));
            if (step[0] === 'attempt') expect(gone).toEqual([]);
            if (step[0] === 'add')
              for (const item of gone) expect(item.attempted && item.status === 'waiting').toBe(false);
            items = next;
          }
        },
      ),
    );
  });
});

function toRule([name, n, prompt]: [string, number, number]): Rule {
  const key = `k${n}-${prompt}`;
  if (name === 'add' && n % 3 === 0) return mark(key, n === 0, 'flagged', `p${prompt}`);
  if (name === 'add') return addRule('me', submission(key, `p${prompt}`), 'x');
  if (name === 'attempt') return attemptRule(key);
  if (name === 'ack') return acknowledgeRule(key, n + 1);
  return name === 'refuse' ? refuseRule(key, 'conflict', '') : discardRule(key);
}

describe('oldOutbox', () => {
  const storage = (text: string | null) => {
    let value = text;
    const removeItem = () => {
      value = null;
    };
    return { getItem: () => value, removeItem, left: () => value };
  };

  it('takes over in order what an earlier version kept, once, with its keys', () => {
    const kept = storage(
      JSON.stringify([
        { request: submission('a', 'p'), label: 'A', status: 'sending', message: null },
        { request: submission('b', 'q'), label: 'B', status: 'conflict', message: 'newer' },
      ]),
    );
    const old = oldOutbox(kept, 'me')!;
    const items = queueAfter(old.rule, old.rule);
    expect(items.map(({ key, label, status, attempted }) => [key, label, status, attempted])).toEqual([
      ['a', 'A', 'waiting', true],
      ['b', 'B', 'conflict', true],
    ]);
    expect(kept.left()).not.toBeNull();
    old.forget();
    expect(kept.left()).toBeNull();
  });

  it('finds nothing in nothing, and nothing in damaged text', () => {
    for (const text of [null, '[]', '{not json', '{"a":1}', '[null, {}]']) {
      expect(oldOutbox(storage(text), 'me')).toBeNull();
    }
  });
});
