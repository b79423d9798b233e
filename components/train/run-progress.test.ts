import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunMetric } from '@/trainer/contract/run-event';
import {
  mergeMetrics,
  type RunAction,
  type RunProgress,
  reduceRun,
  startProgress,
  tokensPerSecond,
  trainingTimeLeft,
  withFinalAccuracy,
  withMetric,
} from './run-progress';
import type { WorkerEvent } from './worker-messages';

const metric = (step: number, loss = 1): RunMetric => ({
  step,
  epoch: step / 10,
  sftLoss: loss,
  rankLoss: 0,
  loss,
  learningRate: 1e-3,
  gradNorm: 1,
  heldOutAccuracy: null,
  elapsedMs: step * 100,
});
const worker = (event: WorkerEvent, atMs = 0): RunAction => ({ type: 'worker', event, atMs });
const step = (at: number, totalSteps = 10, tokens: number | null = 200): WorkerEvent => ({
  type: 'metric',
  metric: metric(at),
  totalSteps,
  tokens,
});
const play = (...actions: RunAction[]): RunProgress => actions.reduce(reduceRun, startProgress('run', 'project'));

describe('run progress', () => {
  it('goes through the phases and counts steps, time left and tokens a second', () => {
    const training = play(
      worker({ type: 'phase', phase: 'loading', done: 0, total: 0 }),
      worker({ type: 'phase', phase: 'scoring-before', done: 3, total: 48 }),
      worker({ type: 'phase', phase: 'training', done: 0, total: 0 }, 10_000),
      worker(step(1), 10_100),
      worker(step(2), 10_200),
    );
    expect(training).toMatchObject({ phase: 'training', step: 2, totalSteps: 10 });
    expect(trainingTimeLeft(training)).toBeCloseTo(800, 6);
    expect(tokensPerSecond(training)).toBeCloseTo(2000, 6);
    const saving = reduceRun(training, worker({ type: 'phase', phase: 'saving', done: 0, total: 0 }));
    expect(trainingTimeLeft(saving)).toBeNull();
  });

  it('shows no speed if the trainer reports no tokens', () => {
    const training = play(
      worker({ type: 'phase', phase: 'training', done: 0, total: 0 }),
      worker(step(1, 10, null), 100),
      worker(step(2, 10, null), 200),
    );
    expect(tokensPerSecond(training)).toBeNull();
  });

  it('a resumed run replaces the steps it repeats, keeps order and never counts backwards', () => {
    const again = play(worker(step(4)), worker(step(5)), worker(step(4)));
    expect(again.metrics.map((m) => m.step)).toEqual([4, 5]);
    expect(again.step).toBe(5);
  });

  it('ignores events after its end, and the end clears connection problems', () => {
    const ended = play(
      { type: 'connection', trouble: 'noAnswer' },
      { type: 'ended', phase: 'stopped', error: null },
      worker(step(9)),
      { type: 'ended', phase: 'failed', error: 'late' },
    );
    expect(ended).toMatchObject({ phase: 'stopped', step: 0, error: null, connectionTrouble: null });
  });

  it('ends only when all reports have arrived, not when the worker is done', () => {
    expect(
      play(worker({ type: 'done', status: 'finished', steps: 2, totalSteps: 10, evaluation: null, heldOutIds: [] }))
        .phase,
    ).toBe('reporting');
  });

  it('metrics stay sorted and unique in any order of arrival (property)', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), (steps) => {
        let metrics: readonly RunMetric[] = [];
        steps.forEach((at, i) => {
          metrics = withMetric(metrics, metric(at, i));
        });
        expect(metrics.map((m) => m.step)).toEqual([...new Set(steps)].sort((a, b) => a - b));
        for (const m of metrics) expect(m.loss).toBe(steps.lastIndexOf(m.step));
      }),
    );
  });

  it("the server's and this tab's metrics are one curve, this tab's win", () => {
    const merged = mergeMetrics([metric(1, 1), metric(2, 1), metric(3, 1)], [metric(2, 9), metric(4, 9)]);
    expect(merged.map((m) => [m.step, m.loss])).toEqual([
      [1, 1],
      [2, 9],
      [3, 1],
      [4, 9],
    ]);
  });

  it('the final accuracy is assigned to the last step, so that curve and result agree', () => {
    const evaluation = { heldOut: { before: null, after: { accuracy: 0.49, pairs: 9, prompts: 3, interval: null } } };
    const curve = withFinalAccuracy([metric(1, 1), metric(2, 1)], evaluation);
    expect(curve.map(({ heldOutAccuracy }) => heldOutAccuracy)).toEqual([null, 0.49]);
  });

  it('nothing is added where nothing was measured or no step was taken', () => {
    const before = [metric(0, 1)];
    const evaluation = { heldOut: { before: null, after: { accuracy: 0.5, pairs: 9, prompts: 3, interval: null } } };
    expect(withFinalAccuracy(before, evaluation)).toBe(before);
    expect(withFinalAccuracy([], evaluation)).toEqual([]);
    const steps = [metric(1, 1)];
    expect(withFinalAccuracy(steps, null)).toBe(steps);
  });
});
