import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { annotationsOf, mixes } from '../docs/studies/generate-annotations.mjs';
import type { MeasuredReplay } from './agreement/measure-replay';
import { jsonl, prepareCommandLine, rescue, tempPath } from './rescue-harness';

prepareCommandLine();

function replay(lines: readonly object[], ...more: string[]) {
  writeFileSync(tempPath('annotations.jsonl'), jsonl(lines));
  return rescue('replay', '--data', tempPath('annotations.jsonl'), '--resamples', '40', ...more);
}
const measured = (lines: readonly object[], ...more: string[]): MeasuredReplay => {
  const { status, stdout, stderr } = replay(lines, ...more);
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as MeasuredReplay;
};
const neededBy = ({ orders }: MeasuredReplay, order: string) => orders.find((one) => one.order === order)!.needed;

describe('rescue replay', () => {
  it('finds that reliable people need fewer judgements when the least certain prompts come first', () => {
    const study = annotationsOf({ ...mixes.trained!, prompts: 100 });
    const said = measured(study);
    expect(said).toMatchObject({ prompts: 100, judgements: 500, tiers: 4, repeats: 1 });
    expect(neededBy(said, 'certainty')).toBeLessThan(0.8);
    expect(neededBy(said, 'certainty')).toBeLessThan(neededBy(said, 'random') - 0.05);
    expect(said.hindsight).toBeLessThan(neededBy(said, 'certainty'));
    for (const { curve } of said.orders) {
      expect(curve[0]!.judgements).toBeCloseTo(0.2 + 0.8 * (5 / 100), 9);
      expect(curve.at(-1)).toEqual({ judgements: 1, pairs: 1 });
    }
    expect(said.fixed.map(({ overlap, judgements }) => [overlap, judgements])).toEqual(
      [1, 2, 3, 4, 5].map((k) => [k, k / 5]),
    );
    // A stricter threshold asks for more, and is right about more.
    const spent = said.thresholds.map(({ judgements }) => judgements);
    expect([...spent].sort((a, b) => a - b)).toEqual(spent);
    expect(said.thresholds.at(-1)!.pairs).toBeGreaterThan(0.99);
    const few = annotationsOf({ ...mixes.mixed!, prompts: 20 });
    expect(replay(few).stdout).toBe(replay(few).stdout);
  });

  it('asks no more than once where everybody always says the same', () => {
    const said = measured(annotationsOf({ ...mixes.experts!, people: [1, 1, 1, 1, 1], prompts: 60 }));
    expect(neededBy(said, 'certainty')).toBeLessThan(0.25);
    expect(said.fixed[0]!.pairs).toBe(1);
    expect(said.first_two_agree).toMatchObject({ judgements: 0.4, pairs: 1 });
  });

  it('writes a page with its plot', () => {
    const report = tempPath('replay.md');
    expect(replay(annotationsOf({ ...mixes.experts!, prompts: 30 }), '--report', report).status).toBe(0);
    const page = readFileSync(report, 'utf8');
    for (const words of [
      '# replay',
      '| least certain first |',
      '| when the first two say the same |',
      '## Calibration',
    ]) {
      expect(page).toContain(words);
    }
    expect(page).toContain('(replay.svg)');
    expect(existsSync(tempPath('replay.svg'))).toBe(true);
  });

  it('refuses what it cannot replay', () => {
    for (const [more, words] of [
      [['--sample', '101'], 'it may be 0 to 100'],
      [['--report', 'page.txt'], 'must end in .md'],
      [['--tiers', '2'], 'uses 4'],
    ] as const) {
      const { status, stderr } = replay(annotationsOf({ ...mixes.experts!, prompts: 30 }), ...more);
      expect([status, stderr]).toEqual([2, expect.stringContaining(words)]);
    }
    expect(replay([]).status).toBe(1);
  });
});
