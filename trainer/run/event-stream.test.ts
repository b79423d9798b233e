import { describe, expect, it } from 'vitest';
import { type EventSink, eventStream, ReaderLeftError } from './event-stream';

const later = () => new Promise((resolve) => setTimeout(resolve, 1));

describe('work as a stream of what it says', () => {
  it('gives every event in order, those of one moment and those of later ones', async () => {
    const work = async ({ send }: EventSink<number>) => {
      send(1);
      send(2);
      await later();
      send(3);
    };
    const heard: number[] = [];
    for await (const event of eventStream(work, () => {})) heard.push(event);
    expect(heard).toEqual([1, 2, 3]);
  });

  it('throws what the work throws, after what it said before', async () => {
    const heard: number[] = [];
    const work = async ({ send }: EventSink<number>) => {
      send(1);
      throw new Error('broken');
    };
    const reading = async () => {
      for await (const event of eventStream(work, () => {})) heard.push(event);
    };
    await expect(reading()).rejects.toThrow('broken');
    expect(heard).toEqual([1]);
  });

  it('lets the work wait until the reader is done with what it was sent', async () => {
    const log: string[] = [];
    const work = async ({ send, drained }: EventSink<string>) => {
      send('a');
      send('b');
      await drained();
      log.push('caught up');
      send('c');
    };
    for await (const event of eventStream(work, () => {})) {
      await later();
      log.push(event);
    }
    expect(log).toEqual(['a', 'b', 'caught up', 'c']);
  });

  it('a reader that leaves cancels the work, and goes on when that has ended', async () => {
    const stop = new AbortController();
    const log: string[] = [];
    const work = async ({ send, drained }: EventSink<number>) => {
      try {
        for (let i = 0; !stop.signal.aborted; i++) {
          send(i);
          await later();
        }
        await drained();
      } catch (error) {
        log.push((error as Error).name);
        throw error;
      } finally {
        log.push('work ended');
      }
    };
    for await (const event of eventStream(work, () => stop.abort())) if (event === 2) break;
    log.push('reader went on');
    expect(log).toEqual([ReaderLeftError.name, 'work ended', 'reader went on']);
  });

  it('work that waits for a reader who then leaves does not wait for ever', async () => {
    let ended = false;
    const work = async ({ send, drained }: EventSink<number>) => {
      send(1);
      await drained().finally(() => {
        ended = true;
      });
    };
    for await (const _ of eventStream(work, () => {})) break;
    expect(ended).toBe(true);
  });
});
