import { describe, expect, it } from 'vitest';
import { ApiError } from '@/components/ui/api';
import { MAX_SCORES_PER_REQUEST } from '@/lib/schemas/run';
import type { RunMetric } from '@/trainer/contract/run-event';
import { isRefusal, mergeRunRequests, type RunRequest, replacesRunRequest, scoreRequests } from './run-api';

const metric = (step: number): RunMetric => ({
  step,
  epoch: 0,
  sftLoss: 1,
  rankLoss: 1,
  loss: 1,
  learningRate: 1,
  gradNorm: 1,
  heldOutAccuracy: null,
  elapsedMs: 0,
});
const report = (...steps: number[]): RunRequest => ({
  kind: 'report',
  report: { step: steps.at(-1) ?? 0, totalSteps: 9, metrics: steps.map(metric) },
});
const file = (name: string): RunRequest => ({ kind: 'file', file: { name, bytes: new Uint8Array() } });

describe('run requests', () => {
  it('merges pending reports: every metric in order, the later step, and a backend that was reported once', () => {
    const first: RunRequest = { kind: 'report', report: { backend: 'wasm', step: 0, totalSteps: 0, metrics: [] } };
    const merged = [report(1), report(2, 3)].reduce((a, b) => mergeRunRequests(a, b)!, first);
    expect(merged).toEqual({
      kind: 'report',
      report: { backend: 'wasm', step: 3, totalSteps: 9, metrics: [metric(1), metric(2), metric(3)] },
    });
  });

  it('merges only reports, up to the server’s limit', () => {
    expect(mergeRunRequests(report(1), file('a'))).toBeNull();
    expect(mergeRunRequests(file('a'), file('a'))).toBeNull();
    const many = report(...Array.from({ length: 999 }, (_, i) => i + 1));
    expect(mergeRunRequests(many, report(1000))).not.toBeNull();
    expect(mergeRunRequests(many, report(1000, 1001))).toBeNull();
  });

  it('a newer checkpoint replaces an older one, other files stay', () => {
    expect(replacesRunRequest(file('checkpoint'), file('checkpoint'))).toBe(true);
    expect(replacesRunRequest(file('checkpoint'), file('config.json'))).toBe(false);
    expect(replacesRunRequest(report(1), file('checkpoint'))).toBe(false);
  });

  it.each([
    [0, false],
    [401, false],
    [408, false],
    [429, false],
    [500, false],
    [503, false],
    [400, true],
    [403, true],
    [404, true],
    [409, true],
    [413, true],
  ])('status %d is a refusal: %s', (status, refused) => {
    expect(isRefusal(new ApiError(status, 'code', 'message'))).toBe(refused);
  });

  it('pages scores and loses none', () => {
    const scores = Array.from({ length: MAX_SCORES_PER_REQUEST * 2 + 1 }, (_, i) => ({
      promptId: `p${i}`,
      responseId: 'r',
      score: -i,
      heldOut: false,
    }));
    const requests = scoreRequests('after', scores);
    expect(requests).toHaveLength(3);
    expect(requests.flatMap((r) => (r.kind === 'scores' ? r.request.scores : []))).toEqual(scores);
    expect(scoreRequests('before', [])).toEqual([]);
  });
});
