/**
 * Estimates the memory that a run needs, for the form. It tokenizes the snapshot in a worker, without loading the
 * weights, and caches what it read while only settings change.
 */

import type { SnapshotRecord } from '@/trainer/contract/record';
import type { TrainConfig } from '@/trainer/contract/train-config';
import {
  type DeviceSurvey,
  type ForecastInput,
  forecastTraining,
  readForecastInput,
  readModelText,
  surveyDevice,
  type TrainingForecast,
} from '@/trainer/index';
import type { Failure } from './failure';
import { fetchBytes } from './fetch-with-progress';
import { findModel } from './load-model';
import { recordsOfSnapshot } from './snapshot-records';
import { failureOf } from './worker-failure';

export interface ForecastRequest {
  readonly id: number;
  readonly modelUrl: string;
  readonly snapshotUrl: string;
  readonly config: TrainConfig;
  /** The GPU memory that is assumed. */
  readonly gpuBytes: number;
}

export type ForecastAnswer =
  | { readonly id: number; readonly device: DeviceSurvey; readonly forecast: TrainingForecast }
  /** `blocks`: the run would fail with this error. */
  | { readonly id: number; readonly failure: Failure; readonly blocks: boolean };

const scope = self as unknown as {
  onmessage: ((message: MessageEvent<ForecastRequest>) => void) | null;
  postMessage(answer: ForecastAnswer): void;
};

let latestId = 0;
scope.onmessage = ({ data }) => {
  latestId = data.id;
  void answer(data);
};

async function answer({ id, modelUrl, snapshotUrl, config, gpuBytes }: ForecastRequest): Promise<void> {
  let blocks = false;
  try {
    const [{ files, weightBytes }, records, device] = await Promise.all([
      modelText(modelUrl),
      recordsOf(snapshotUrl),
      surveyDevice({ gpuBytes }),
    ]);
    if (id !== latestId) return;
    blocks = true;
    const { lambdaHuman, lambdaModel, maxLength } = config;
    const key = JSON.stringify([modelUrl, snapshotUrl, lambdaHuman, lambdaModel, maxLength]);
    if (encoded?.key !== key) encoded = { key, input: readForecastInput(files, records, config, weightBytes) };
    scope.postMessage({ id, device, forecast: forecastTraining(encoded.input, config, device) });
  } catch (error) {
    scope.postMessage({ id, failure: failureOf(error), blocks });
  }
}

let encoded: { readonly key: string; readonly input: ForecastInput } | null = null;

const modelText = cached(async (url: string) => {
  const { source, weightBytes } = await findModel(url, () => {}, new AbortController().signal);
  return { files: await readModelText(source), weightBytes };
});

const recordsOf = cached(async (url: string): Promise<SnapshotRecord[]> => {
  return recordsOfSnapshot(await fetchBytes(url, 'snapshot', () => {}, new AbortController().signal));
});

/** Caches the last result; after a failure the next call tries again. */
function cached<T>(load: (url: string) => Promise<T>): (url: string) => Promise<T> {
  let last: { readonly url: string; readonly value: Promise<T> } | null = null;
  return (url) => {
    if (last?.url !== url) {
      const value = load(url);
      const mine = { url, value };
      last = mine;
      value.catch(() => {
        if (last === mine) last = null;
      });
    }
    return last.value;
  };
}
