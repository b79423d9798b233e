import { toError, workerFailure } from '@/components/train/failure';
import type { InspectedModel, ModelAnswer, ModelRequest } from './worker-messages';

/**
 * Inspects a model in a worker. It rejects with a message for people. An abort ends the worker and keeps what was
 * downloaded.
 */
export function inspectModel(
  request: ModelRequest,
  {
    onFound,
    onProgress,
    signal,
  }: { onFound?: (model: InspectedModel) => void; onProgress?: (received: number) => void; signal?: AbortSignal },
): Promise<InspectedModel> {
  const worker = new Worker(new URL('./model-worker.ts', import.meta.url), { type: 'module', name: 'models' });
  return new Promise<InspectedModel>((resolve, reject) => {
    let found: InspectedModel | null = null;
    const stop = () => reject(signal?.reason);
    signal?.addEventListener('abort', stop);
    if (signal?.aborted) stop();
    worker.onerror = (event) => {
      event.preventDefault();
      reject(toError(workerFailure(event.message)));
    };
    worker.onmessage = ({ data }: MessageEvent<ModelAnswer>) => {
      switch (data.type) {
        case 'found':
          found = data.model;
          onFound?.(found);
          return;
        case 'progress':
          onProgress?.(data.received);
          return;
        case 'error':
          reject(toError(data.failure));
          return;
        case 'done':
          if (found) resolve(found);
      }
    };
    worker.postMessage(request);
  }).finally(() => worker.terminate());
}
