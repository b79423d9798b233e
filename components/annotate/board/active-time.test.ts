import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ActiveTime, IDLE_MS } from './active-time';

const second = 1000;

describe('ActiveTime', () => {
  it('goes on from what a draft had, and runs while the page is in sight', () => {
    const time = new ActiveTime(5 * second);
    time.show(100 * second);
    expect(time.read(110 * second)).toBe(15 * second);
  });

  it('does not run while the page is hidden', () => {
    const time = new ActiveTime();
    time.show(0);
    time.hide(10 * second);
    time.sign(20 * second);
    expect(time.read(500 * second)).toBe(10 * second);
    time.show(600 * second);
    expect(time.read(601 * second)).toBe(11 * second);
  });

  it('stops a minute after the last sign of the person, and goes on with the next', () => {
    const time = new ActiveTime();
    time.show(0);
    time.sign(30 * second);
    expect(time.read(3600 * second)).toBe(90 * second);
    time.sign(3600 * second);
    expect(time.read(3605 * second)).toBe(95 * second);
  });

  it('counts the same however often it is asked', () => {
    const [often, once] = [new ActiveTime(), new ActiveTime()];
    for (const time of [often, once]) time.show(0);
    for (let now = 0; now <= 200; now++) often.read(now * second);
    expect(often.read(200 * second)).toBe(once.read(200 * second));
  });

  it('is never more than the time that passed, nor more than a minute after each sign', () => {
    const steps = fc.array(fc.tuple(fc.constantFrom('show', 'hide', 'sign'), fc.nat(300 * second)), { maxLength: 30 });
    fc.assert(
      fc.property(steps, (events) => {
        const time = new ActiveTime();
        let now = 0;
        for (const [event, after] of events) {
          now += after;
          time[event as 'show' | 'hide' | 'sign'](now);
        }
        const total = time.read(now + 1_000_000);
        expect(total).toBeLessThanOrEqual(Math.min(now + 1_000_000, events.length * IDLE_MS));
      }),
    );
  });
});
