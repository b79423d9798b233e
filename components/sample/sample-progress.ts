/** The state of sampling, as a pure reducer over events of the worker, the person and the server. */
import { toError } from '@/components/train/failure';
import type { Translator } from '@/lib/i18n/translator';
import type { AddedResponses, AddResponsesRequest } from '@/lib/schemas/new-responses';
import type { LeftOut, SampledPrompt, SampleEvent } from './sample-messages';

export type SamplePhase = 'loading' | 'sampling' | 'ready' | 'storing' | 'stored' | 'failed';

export interface SampleProgress {
  readonly projectId: string;
  readonly source: string;
  readonly phase: SamplePhase;
  readonly done: number;
  readonly total: number;
  readonly tokens: number;
  readonly backend: string | null;
  readonly prompts: readonly SampledPrompt[];
  readonly leftOut: LeftOut;
  /** Keys (see `responseKey`) of the responses that the person has deselected. */
  readonly dropped: ReadonlySet<string>;
  /** Whether sampling stopped before all prompts were sampled. */
  readonly stopped: boolean;
  readonly stopRequested: boolean;
  readonly result: AddedResponses | null;
  /** What failed, and why. */
  readonly error: { readonly what: 'failed' | 'endedEarly' | 'notStored'; readonly cause: unknown } | null;
}

export type SampleAction =
  | { readonly type: 'worker'; readonly event: SampleEvent }
  | { readonly type: 'stop-requested' }
  | { readonly type: 'toggle'; readonly key: string }
  | { readonly type: 'storing' }
  | { readonly type: 'stored'; readonly result: AddedResponses }
  | { readonly type: 'not-stored'; readonly cause: unknown };

export const initialSampleProgress = (projectId: string, source: string): SampleProgress => ({
  projectId,
  source,
  phase: 'loading',
  done: 0,
  total: 0,
  tokens: 0,
  backend: null,
  prompts: [],
  leftOut: { empty: 0, duplicates: 0, beyond: 0, cut: 0, tooLong: 0, full: 0 },
  dropped: new Set(),
  stopped: false,
  stopRequested: false,
  result: null,
  error: null,
});

export const isBusy = ({ phase }: SampleProgress): boolean =>
  phase === 'loading' || phase === 'sampling' || phase === 'storing';

export const responseKey = (prompt: SampledPrompt, responseId: string): string => `${prompt.promptId}/${responseId}`;

export function reduceSampling(state: SampleProgress, action: SampleAction): SampleProgress {
  switch (action.type) {
    case 'worker':
      return isBusy(state) ? reduceWorkerEvent(state, action.event) : state;
    case 'stop-requested':
      return { ...state, stopRequested: true };
    case 'toggle': {
      const dropped = new Set(state.dropped);
      if (!dropped.delete(action.key)) dropped.add(action.key);
      return { ...state, dropped };
    }
    case 'storing':
      return { ...state, phase: 'storing', error: null };
    case 'stored':
      return { ...state, phase: 'stored', result: action.result };
    case 'not-stored':
      // The samples are kept, so that storing them can be retried.
      return { ...state, phase: 'ready', error: { what: 'notStored', cause: action.cause } };
  }
}

function reduceWorkerEvent(state: SampleProgress, event: SampleEvent): SampleProgress {
  switch (event.type) {
    case 'backend':
      return { ...state, backend: event.description };
    case 'progress': {
      const { done, total, tokens } = event;
      return { ...state, phase: total > 0 ? 'sampling' : 'loading', done, total, tokens };
    }
    case 'prompts':
      return { ...state, prompts: [...state.prompts, ...event.prompts], leftOut: event.leftOut };
    case 'done':
      return { ...state, phase: 'ready', stopped: event.stopped };
    case 'error': {
      const cause = toError(event.failure);
      // After a failure half-way the samples so far can still be viewed and stored.
      if (state.prompts.length === 0) return { ...state, phase: 'failed', error: { what: 'failed', cause } };
      return { ...state, phase: 'ready', stopped: true, error: { what: 'endedEarly', cause } };
    }
  }
}

/** The request that stores the samples, without deselected ones. */
export function toAddResponsesRequest({ source, prompts, dropped }: SampleProgress): AddResponsesRequest {
  return {
    source,
    prompts: prompts.flatMap((prompt) => {
      const responses = prompt.added
        .filter(({ id }) => !dropped.has(responseKey(prompt, id)))
        .map(({ text, label }) => (label === undefined ? { text } : { text, label }));
      return responses.length > 0 ? [{ promptId: prompt.promptId, responses }] : [];
    }),
  };
}

/** Sentences about what was left out; empty when nothing was. */
export function formatLeftOut(leftOut: LeftOut, t: Translator<'sample'>): string[] {
  const kinds = ['duplicates', 'empty', 'beyond', 'cut', 'full', 'tooLong'] as const;
  return kinds.filter((kind) => leftOut[kind] > 0).map((kind) => t(`leftOut.${kind}`, { count: leftOut[kind] }));
}
