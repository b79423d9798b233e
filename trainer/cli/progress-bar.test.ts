import { describe, expect, it } from 'vitest';
import { duration, ProgressBar } from './progress-bar';

function recorder(isTTY: boolean) {
  const written: string[] = [];
  let clock = 0;
  const bar = new ProgressBar('train', { write: (text) => written.push(text), isTTY, columns: 60 }, () => clock);
  return { written, bar, wait: (ms: number) => (clock += ms) };
}

describe('ProgressBar', () => {
  it('redraws one line of a terminal, never wider than it, and ends it', () => {
    const { written, bar, wait } = recorder(true);
    for (let step = 1; step <= 10; step++) {
      wait(500);
      bar.update(step, 10, 'loss 1.000 and a note that is far too long for the line');
    }
    expect(written).toHaveLength(10);
    for (const text of written) {
      expect(text.startsWith('\r')).toBe(true);
      expect(text.replace('\r', '').replace('\x1b[K', '').trimEnd().length).toBeLessThan(60);
    }
    expect(written.join('').split('\n')).toHaveLength(2);
  });

  it('estimates the time left from the work of this process alone', () => {
    const { written, bar, wait } = recorder(true);
    wait(1000);
    bar.update(51, 100);
    wait(1000);
    bar.update(52, 100);
    expect(written.at(-1)).toContain('48 s left');
  });

  it('writes a log file a line now and then, and the end', () => {
    const { written, bar, wait } = recorder(false);
    for (let step = 1; step <= 100; step++) {
      wait(1000);
      bar.update(step, 100);
    }
    expect(written.length).toBeLessThan(10);
    expect(written.at(-1)).toBe('train 100%  100/100  took 1 min 40 s\n');
    expect(written.join('')).not.toContain('\r');
  });
});

it.each([
  [0.4, '0 s'],
  [59.4, '59 s'],
  [185, '3 min 05 s'],
  [7800, '2 h 10 min'],
])('duration of %d seconds is %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
