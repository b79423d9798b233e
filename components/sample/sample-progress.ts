/** What sampling looks like at a moment: a pure reducer over what the worker, the person and the server say. */
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
  /** Keys (see responseKey) of what the person does not want. */
  readonly dropped: ReadonlySet<string>;
  /** Stopped before all prompts were asked. */
  readonly stopped: boolean;
  readonly stopRequested: boolean;
  readonly result: AddedResponses | null;
  /** Why sampling failed, or why nothing was stored. */
  readonly error: string | null;
}

export type SampleAction =
  | { readonly type: 'worker'; readonly event: SampleEvent }
  | { readonly type: 'stop-requested' }
  | { readonly type: 'toggle'; readonly key: string }
  | { readonly type: 'storing' }
  | { readonly type: 'stored'; readonly result: AddedResponses }
  | { readonly type: 'not-stored'; readonly error: string };

export const startSampling = (projectId: string, source: string): SampleProgress => ({
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
      return isBusy(state) ? hear(state, action.event) : state;
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
      // What was sampled stays, to be sent again.
      return { ...state, phase: 'ready', error: `Nothing was stored: ${action.error}` };
  }
}

function hear(state: SampleProgress, event: SampleEvent): SampleProgress {
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
    case 'error':
      // A failure half-way leaves what there is to look at and to store.
      if (state.prompts.length === 0) return { ...state, phase: 'failed', error: event.message };
      return { ...state, phase: 'ready', stopped: true, error: `Sampling ended early: ${event.message}` };
  }
}

/** What will be stored, without what the person dropped. */
export function requestOf({ source, prompts, dropped }: SampleProgress): AddResponsesRequest {
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

/** What came to nothing, as sentences; empty where all went well. */
export function leftOutInWords({ empty, duplicates, beyond, cut, tooLong, full }: LeftOut): string[] {
  const say = (count: number, one: string, many: string) =>
    count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  return [
    ...say(duplicates, 'answer said what was there already', 'answers said what was there already'),
    ...say(empty, 'answer was empty', 'answers were empty'),
    ...say(beyond, 'answer had no room', 'answers had no room'),
    ...say(cut, 'response was cut off at its longest', 'responses were cut off at their longest'),
    ...say(full, 'prompt was full', 'prompts were full'),
    ...say(tooLong, 'prompt was too long for the model', 'prompts were too long for the model'),
  ];
}
