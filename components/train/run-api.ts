/**
 * The client of the runs API: answers, addresses, and the requests of a run in this tab.
 */

import { ApiError, api, apiResponse } from '@/components/ui/api';
import { retryReason } from '@/components/ui/retry-policy';
import { MAX_SCORES_PER_REQUEST, type RunFinish, type RunReport, type RunScoresRequest } from '@/lib/schemas/run';
import type { CreatedRunAnswer, ReportedRun } from '@/lib/schemas/run-answers';
import type { RunScore, ScoreStage } from '@/trainer/contract/run-event';
import type { RunStatus } from '@/trainer/contract/run-status';
import type { TrainConfig } from '@/trainer/contract/train-config';
import type { ReportQueueOptions } from './report-queue';
import { sha256Hex } from './sha256';
import type { RunFile } from './worker-messages';

export const runPath = (runId: string) => `/runs/${runId}`;
export const runsPath = (projectId: string) => `/projects/${projectId}/runs`;
export const runFileUrl = (runId: string, name: string) => `/api/runs/${runId}/files/${encodeURIComponent(name)}`;
export const modelUrl = (modelId: string) => `/api/models/${encodeURIComponent(modelId)}`;
export const snapshotRecordsUrl = (snapshotId: string) => `/api/snapshots/${snapshotId}/records`;

export function createRun(
  projectId: string,
  request: { snapshotId: string; modelId: string; config: TrainConfig },
  once: string,
): Promise<CreatedRunAnswer> {
  return api(runsPath(projectId), { method: 'POST', json: request, once });
}

/** Stops a run that trains in another tab: its worker is notified and reports its results so far. */
export function stopRunElsewhere(runId: string): Promise<unknown> {
  return api(`${runPath(runId)}/finish`, { method: 'POST', json: { status: 'stopped' } satisfies RunFinish });
}

/** One request of a run in this tab. */
export type RunRequest =
  | { readonly kind: 'report'; readonly report: RunReport }
  | { readonly kind: 'scores'; readonly request: RunScoresRequest }
  | { readonly kind: 'file'; readonly file: RunFile }
  | { readonly kind: 'finish'; readonly finish: RunFinish };

const METRICS_PER_REQUEST = 1000;

/** Sends one request; `onStatus` is called with the run's status from the answer to a report. */
export async function sendRunRequest(
  runId: string,
  request: RunRequest,
  onStatus: (status: RunStatus) => void,
): Promise<void> {
  const path = runPath(runId);
  switch (request.kind) {
    case 'report': {
      const answer = await api<ReportedRun>(`${path}/report`, { method: 'POST', json: request.report });
      onStatus(answer.status);
      return;
    }
    case 'scores':
      await api(`${path}/scores`, { method: 'POST', json: request.request });
      return;
    case 'file': {
      const { name, bytes } = request.file;
      await apiResponse(`${path}/files/${encodeURIComponent(name)}`, {
        method: 'PUT',
        body: bytes,
        headers: { 'content-type': 'application/octet-stream', 'x-sha256': await sha256Hex(bytes) },
      });
      return;
    }
    case 'finish':
      await api(`${path}/finish`, { method: 'POST', json: request.finish });
  }
}

/** Merges two pending reports into one: the later step and status, with all metrics. */
export function mergeRunRequests(earlier: RunRequest, later: RunRequest): RunRequest | null {
  if (earlier.kind !== 'report' || later.kind !== 'report') return null;
  const metrics = [...earlier.report.metrics, ...later.report.metrics];
  if (metrics.length > METRICS_PER_REQUEST) return null;
  return { kind: 'report', report: { ...earlier.report, ...later.report, metrics } };
}

/** A newer file replaces an older one of the same name, so that checkpoints do not pile up while offline. */
export function replacesRunRequest(earlier: RunRequest, later: RunRequest): boolean {
  return earlier.kind === 'file' && later.kind === 'file' && earlier.file.name === later.file.name;
}

/** Whether the request is refused permanently: a 4xx that neither time nor signing in again will change. */
export const isRefusal: ReportQueueOptions<RunRequest>['isRefusal'] = (error) => {
  if (!(error instanceof ApiError)) return true;
  return retryReason(error.status) === null;
};

/** Splits scores into requests that are within the server's limit. */
export function scoreRequests(stage: ScoreStage, scores: readonly RunScore[]): RunRequest[] {
  const requests: RunRequest[] = [];
  for (let start = 0; start < scores.length; start += MAX_SCORES_PER_REQUEST) {
    const page = scores.slice(start, start + MAX_SCORES_PER_REQUEST);
    requests.push({ kind: 'scores', request: { stage, scores: page } });
  }
  return requests;
}
