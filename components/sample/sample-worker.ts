/**
 * The Web Worker that samples: it fetches the model and prompts, generates responses, and posts the new ones to the
 * page.
 */

import { fetchBytes } from '@/components/train/fetch-with-progress';
import { findModel, openModel } from '@/components/train/load-model';
import { failureOf } from '@/components/train/worker-failure';
import type { PromptsToSamplePage, PromptToSample } from '@/lib/schemas/new-responses';
import { importLimits } from '@/lib/schemas/prompt-import';
import { createBackend, type Model, newResponses, sampleResponses } from '@/trainer/index';
import type { LeftOut, SampledPrompt, SampleEvent, SampleRequest } from './sample-messages';

type StartRequest = Extract<SampleRequest, { type: 'start' }>;

/** The worker's global scope, which the DOM library types as a window. */
const scope = self as unknown as {
  onmessage: ((message: MessageEvent<SampleRequest>) => void) | null;
  postMessage(event: SampleEvent): void;
};

const stopRequested = new AbortController();

scope.onmessage = ({ data }) => {
  if (data.type === 'stop') stopRequested.abort();
  else
    void run(data).catch((error: unknown) =>
      scope.postMessage(
        stopRequested.signal.aborted ? { type: 'done', stopped: true } : { type: 'error', failure: failureOf(error) },
      ),
    );
};

async function run(request: StartRequest): Promise<void> {
  const { source, settings } = request;
  scope.postMessage({ type: 'progress', done: 0, total: 0, tokens: 0 });
  const [model, prompts] = await Promise.all([load(request), readPrompts(request)]);
  const most = importLimits.maxResponses;
  const open = prompts.filter(({ responses }) => responses.length < most);
  const remaining = { empty: 0, duplicates: 0, beyond: 0, cut: 0, tooLong: 0, full: prompts.length - open.length };
  const byId = new Map(open.map((prompt) => [prompt.promptId, prompt]));
  const answeredCount = sampleResponses({
    model,
    prompts: open.map(({ promptId, messages, documents }) => ({ id: promptId, prompt: messages, documents })),
    ...settings,
    signal: stopRequested.signal,
    onSkip: () => remaining.tooLong++,
    onProgress: (progress) => {
      postPrompts(remaining);
      scope.postMessage({ type: 'progress', ...progress });
    },
  });
  for await (const { promptId, samples } of answeredCount) {
    const prompt = byId.get(promptId)!;
    const { added, ...counts } = newResponses(prompt.responses, samples, { source, most });
    for (const key of ['empty', 'duplicates', 'beyond', 'cut'] as const) remaining[key] += counts[key];
    if (added.length > 0) pendingPrompts.push({ ...shown(prompt), added });
  }
  postPrompts(remaining);
  scope.postMessage({ type: 'done', stopped: false });
}

/** Samples that are posted with the next progress, a batch of prompts at a time. */
const pendingPrompts: SampledPrompt[] = [];
function postPrompts(leftOut: LeftOut): void {
  scope.postMessage({ type: 'prompts', prompts: pendingPrompts.splice(0), leftOut: { ...leftOut } });
}

const shown = ({ promptId, externalId, messages }: PromptToSample) => ({
  promptId,
  externalId,
  question: messages.findLast(({ role }) => role === 'user')?.content ?? messages.at(-1)!.content,
});

async function load({ modelUrl }: StartRequest): Promise<Model> {
  const download = await findModel(modelUrl, () => {}, stopRequested.signal);
  const backend = await createBackend();
  scope.postMessage({ type: 'backend', description: backend.description });
  return openModel(download, backend, { frozen: true });
}

/** The chosen prompts in import order. */
async function readPrompts({ promptsUrl, prompts: choice, settings }: StartRequest): Promise<PromptToSample[]> {
  const limit = settings.limit || Number.POSITIVE_INFINITY;
  const chosen: PromptToSample[] = [];
  let url: string | null = promptsUrl;
  while (url !== null && chosen.length < limit) {
    const bytes = await fetchBytes(url, 'prompts', () => {}, stopRequested.signal);
    const page = JSON.parse(new TextDecoder().decode(bytes)) as PromptsToSamplePage;
    for (const prompt of page.prompts) if (choice === 'all' || !prompt.annotated) chosen.push(prompt);
    url = page.next && `${promptsUrl}?after=${page.next}`;
  }
  return chosen.slice(0, limit);
}
