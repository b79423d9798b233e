import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryDelayMs } from '@/components/ui/retry-policy';
import { ReportQueue, type ReportQueueState } from './report-queue';

class Refused extends Error {}
const isRefusal = (error: unknown) => error instanceof Refused;
const noPause = () => Promise.resolve();

describe('report queue', () => {
  it('delivers every item once and in order despite failures (property)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(3), { maxLength: 30 }), async (failuresOf) => {
        const arrived: number[] = [];
        const left = [...failuresOf];
        const queue = new ReportQueue<number>({
          isRefusal,
          pause: noPause,
          send: async (item) => {
            await Promise.resolve();
            if (left[item]! > 0) {
              left[item]!--;
              throw new Error('network');
            }
            arrived.push(item);
          },
        });
        for (let i = 0; i < failuresOf.length; i++) {
          queue.push(i);
          if (i % 3 === 0) await Promise.resolve();
        }
        await queue.drain();
        expect(arrived).toEqual(failuresOf.map((_, i) => i));
      }),
    );
  });

  it('never has two requests under way', async () => {
    let open = 0;
    let most = 0;
    const queue = new ReportQueue<number>({
      isRefusal,
      send: async () => {
        most = Math.max(most, ++open);
        await new Promise((resolve) => setTimeout(resolve, 1));
        open--;
      },
    });
    for (let i = 0; i < 5; i++) queue.push(i);
    await queue.drain();
    expect(most).toBe(1);
  });

  it('merges pending items, never the one being sent, and keeps the order', async () => {
    const sent: string[] = [];
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const queue = new ReportQueue<string>({
      isRefusal,
      merge: (a, b) => (a.startsWith('m') && b.startsWith('m') ? `${a}+${b}` : null),
      send: async (item) => {
        if (sent.length === 0) {
          sent.push(item);
          await gate;
        } else sent.push(item);
      },
    });
    queue.push('m1');
    await Promise.resolve();
    await Promise.resolve();
    queue.push('m2');
    queue.push('m3');
    queue.push('file');
    queue.push('m4');
    release();
    await queue.drain();
    expect(sent).toEqual(['m1', 'm2+m3', 'file', 'm4']);
  });

  it('drops a pending item that a later one replaces, never the one being sent', async () => {
    const sent: string[] = [];
    const queue = new ReportQueue<string>({
      isRefusal,
      replaces: (earlier, later) => earlier.startsWith('checkpoint') && later.startsWith('checkpoint'),
      send: async (item) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        sent.push(item);
      },
    });
    for (const item of ['checkpoint1', 'm1', 'checkpoint2', 'm2', 'checkpoint3']) queue.push(item);
    await queue.drain();
    expect(sent).toEqual(['checkpoint1', 'm1', 'm2', 'checkpoint3']);
  });

  it('stops at a refusal: nothing after it is sent, and drain rejects with it', async () => {
    const sent: number[] = [];
    const queue = new ReportQueue<number>({
      isRefusal,
      send: async (item) => {
        if (item === 1) throw new Refused('409');
        sent.push(item);
      },
    });
    for (const item of [0, 1, 2]) queue.push(item);
    await expect(queue.drain()).rejects.toThrow('409');
    queue.push(3);
    await expect(queue.drain()).rejects.toThrow('409');
    expect(sent).toEqual([0]);
    expect(queue.state.status).toBe('refused');
  });

  it('reports retries and recovery, and retryNow ends the pause', async () => {
    const states: ReportQueueState['status'][] = [];
    let online = false;
    const queue = new ReportQueue<number>({
      isRefusal,
      pause: () => new Promise(() => {}), // only retryNow ends it
      onState: (state) => states.push(state.status),
      send: async () => {
        if (!online) throw new Error('offline');
      },
    });
    queue.push(1);
    while (queue.state.status !== 'retrying') await new Promise((resolve) => setTimeout(resolve, 1));
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(queue.state.failures).toBe(1);
    online = true;
    queue.retryNow();
    await queue.drain();
    expect(queue.state).toMatchObject({ status: 'idle', waiting: 0, failures: 0, lastError: null });
    expect(states).toContain('retrying');
  });

  it('close ends a queue that cannot deliver', async () => {
    const queue = new ReportQueue<number>({
      isRefusal,
      pause: () => new Promise(() => {}),
      send: async () => {
        throw new Error('offline');
      },
    });
    queue.push(1);
    await new Promise((resolve) => setTimeout(resolve, 1));
    queue.close();
    await queue.drain();
    expect(queue.state.waiting).toBe(0);
  });

  it('waits between tries as the retry policy says, beginning anew with each item', async () => {
    const pauses: number[] = [];
    const left = [3, 1];
    const queue = new ReportQueue<number>({
      isRefusal,
      pause: async (milliseconds) => void pauses.push(milliseconds),
      send: async (item) => {
        if (left[item]!-- > 0) throw new Error('offline');
      },
    });
    queue.push(0);
    queue.push(1);
    await queue.drain();
    expect(pauses).toEqual([1, 2, 3, 1].map(retryDelayMs));
  });
});
