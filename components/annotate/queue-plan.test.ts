import { describe, expect, it } from 'vitest';
import { nextRequest, READY_AHEAD } from './queue-plan';

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
