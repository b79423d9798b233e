import { describe, expect, it } from 'vitest';
import type { Task } from '@/lib/schemas/annotation';
import { isOpen, nextRequest, READY_AHEAD } from './queue-plan';

const ids = (count: number, name = 'p') => Array.from({ length: count }, (_, n) => `${name}${n}`);

describe('nextRequest', () => {
  it('asks for little first, then fills up until at least twenty stand ready behind the one on screen', () => {
    let held = 0;
    const counts: number[] = [];
    for (let request = nextRequest([], []); request; request = nextRequest(ids(held), [])) {
      counts.push(request.count);
      held += request.count;
    }
    expect(counts).toEqual([2, 10, 10]);
    expect(held - 1).toBeGreaterThanOrEqual(READY_AHEAD);
  });

  it('refills as soon as fewer stand ready', () => {
    expect(nextRequest(ids(21), [])).toBeNull();
    expect(nextRequest(ids(20), [])).toMatchObject({ count: 5 });
  });

  it('names what is held first, then what the server does not know to be done, each once and not too many', () => {
    expect(nextRequest(['a'], ['b', 'a'])!.exclude).toEqual(['a', 'b']);
    const { exclude } = nextRequest(ids(10), ids(500, 'u'))!;
    expect(exclude).toHaveLength(300);
    expect(exclude.slice(0, 10)).toEqual(ids(10));
  });
});

describe('isOpen', () => {
  const offered = (responses: string[], judged: string[] | null) =>
    ({
      promptId: 'p',
      responses: responses.map((id) => ({ id, text: id })),
      annotation: judged && { version: 1, placements: judged.map((responseId) => ({ responseId })) },
    }) as Task;
  const submitted = new Map([['p', new Set(['a', 'b'])]]);

  it('takes what was not submitted here, judged at another time or not', () => {
    expect(isOpen(offered(['a'], null), new Map())).toBe(true);
    expect(isOpen(offered(['a', 'b'], ['a']), new Map())).toBe(true);
  });

  it('takes a submitted prompt again when its board did not show every response', () => {
    expect(isOpen(offered(['a', 'b', 'c'], ['a', 'b']), submitted)).toBe(true);
    expect(isOpen(offered(['a', 'b'], ['a', 'b']), submitted)).toBe(false);
  });

  it('takes a submitted prompt again when its answer was sent back', () => {
    const task = { ...offered(['a', 'b'], ['a', 'b']), sentBack: { note: 'Why?', at: '2026-01-01T00:00:00Z' } };
    expect(isOpen(task, submitted)).toBe(true);
  });

  it('leaves out an answer from before the submission arrived', () => {
    expect(isOpen(offered(['a', 'b', 'c'], null), submitted)).toBe(false);
    expect(isOpen(offered(['a', 'b', 'c'], ['a']), submitted)).toBe(false);
  });

  it('leaves a skipped prompt alone', () => {
    expect(isOpen(offered(['a', 'b', 'c'], ['a']), new Map([['p', null]]))).toBe(false);
  });
});
