'use client';

import { useEffect, useRef, useState } from 'react';
import type { TrainConfig } from '@/trainer/contract/train-config';
import { type Failure, workerFailure } from './failure';
import type { ForecastAnswer, ForecastRequest } from './forecast-worker';
import { modelUrl, snapshotRecordsUrl } from './run-api';

const PAUSE_MS = 200;

export type Forecast =
  | { readonly state: 'waiting' }
  | ({ readonly state: 'known' } & Extract<ForecastAnswer, { forecast: unknown }>)
  | ({ readonly state: 'failed' } & Extract<ForecastAnswer, { failure: Failure }>);

/** The memory forecast, updated shortly after the settings change. Null while they are invalid. */
export function useForecast(
  snapshotId: string,
  modelId: string,
  config: TrainConfig | null,
  gpuBytes: number,
): Forecast | null {
  const [answer, setAnswer] = useState<{ readonly key: string; readonly forecast: Forecast } | null>(null);
  const worker = useRef<Worker | null>(null);
  const asked = useRef({ id: 0, key: '' });
  const key = JSON.stringify([snapshotId, modelId, config, gpuBytes]);

  useEffect(() => {
    const newWorker = new Worker(new URL('./forecast-worker.ts', import.meta.url), {
      type: 'module',
      name: 'forecast',
    });
    const onAnswer = (found: ForecastAnswer) => {
      if (found.id !== asked.current.id) return;
      const forecast: Forecast = 'forecast' in found ? { state: 'known', ...found } : { state: 'failed', ...found };
      setAnswer({ key: asked.current.key, forecast });
    };
    newWorker.onmessage = ({ data }: MessageEvent<ForecastAnswer>) => onAnswer(data);
    newWorker.onerror = (event) => {
      event.preventDefault();
      onAnswer({ id: asked.current.id, failure: workerFailure(event.message), blocks: false });
    };
    worker.current = newWorker;
    return () => newWorker.terminate();
  }, []);

  useEffect(() => {
    const [snapshot, model, settings, bytes] = JSON.parse(key) as [string, string, TrainConfig | null, number];
    if (settings === null || snapshot === '' || model === '') return;
    const timer = setTimeout(() => {
      asked.current = { id: asked.current.id + 1, key };
      const request: ForecastRequest = {
        id: asked.current.id,
        modelUrl: modelUrl(model),
        snapshotUrl: snapshotRecordsUrl(snapshot),
        config: settings,
        gpuBytes: bytes,
      };
      worker.current?.postMessage(request);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [key]);

  if (config === null) return null;
  return answer?.key === key ? answer.forecast : { state: 'waiting' };
}
