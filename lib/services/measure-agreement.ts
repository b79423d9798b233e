import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { storeAgreementReport } from '@/lib/db/agreement-reports';
import { type AnnotationWithPlacements, currentAnnotationsOn } from '@/lib/db/annotations';
import type { Database } from '@/lib/db/client';
import { goldIds } from '@/lib/db/gold';
import type { ProjectRow } from '@/lib/db/projects';
import { type PromptRow, promptsAfter, type ResponseRow, responsesOfPrompts } from '@/lib/db/prompts';
import { expandPlacements } from '@/lib/ranking/equal-responses';
import type { JudgedPrompt } from '@/lib/ranking/study';
import { weakOrder } from '@/lib/ranking/tiers';
import type { AgreementReport } from '@/lib/schemas/agreement';
import type { AgreementInput } from './agreement-worker';

const PAGE = 100;
/** Between pages, so that people who annotate on the same database are not kept waiting. */
const PAUSE_MS = 5;
/** The same annotations give the same intervals. */
const BOOTSTRAP = { seed: 0, resamples: 1000 };

const workerFile = () =>
  join(/*turbopackIgnore: true*/ process.env.RESCUE_ROOT ?? process.cwd(), 'dist', 'cli', 'agreement-worker.mjs');

/**
 * Measures the annotations in force and stores the report. Reading takes pages by key and holds no transaction open, so
 * annotations that come meanwhile may count or not; the next time they do.
 * @param basis stands for what there was to measure when this began
 */
export async function measureAgreement(
  db: Database,
  project: Pick<ProjectRow, 'id' | 'tiers'>,
  basis: string,
): Promise<void> {
  const worker = new Worker(/*turbopackIgnore: true*/ workerFile(), {
    workerData: { tierCount: project.tiers.length },
  });
  // Listens from the start: a worker that fails while nobody listens would end the server.
  const ended = new Promise<never>((_, fail) => {
    worker.once('error', fail);
    worker.once('exit', (code) => fail(new Error(`The thread that measures agreement ended with code ${code}.`)));
  });
  ended.catch(() => undefined);
  const ask = async (input: AgreementInput): Promise<unknown> => {
    worker.postMessage(input);
    const [answer] = await Promise.race([once(worker, 'message'), ended]);
    return answer;
  };
  try {
    for await (const prompts of judgedPrompts(db, project.id)) await ask({ prompts });
    const report = (await ask({ finish: BOOTSTRAP })) as AgreementReport;
    await storeAgreementReport(db, project.id, basis, report);
  } finally {
    await worker.terminate();
  }
}

async function* judgedPrompts(db: Database, projectId: string): AsyncGenerator<JudgedPrompt[]> {
  const gold = await goldIds(db, projectId);
  for (let position = -1; ; await sleep(PAUSE_MS)) {
    const page = await promptsAfter(db, projectId, position, PAGE);
    if (page.length === 0) return;
    position = page.at(-1)!.position;
    // Annotators are shown the answers to gold prompts, so what they say of them is not independent.
    const prompts = page.filter(({ id }) => !gold.has(id));
    const ids = prompts.map(({ id }) => id);
    const annotations = new Map<string, AnnotationWithPlacements[]>();
    for (const annotation of await currentAnnotationsOn(db, ids)) {
      const own = annotations.get(annotation.promptId);
      if (own) own.push(annotation);
      else annotations.set(annotation.promptId, [annotation]);
    }
    if (annotations.size === 0) continue;
    const responses = await responsesOfPrompts(db, ids);
    yield prompts.flatMap((prompt) => {
      const own = annotations.get(prompt.id);
      return own ? [judgedPrompt(prompt, responses.get(prompt.id)!, own)] : [];
    });
  }
}

const judgedPrompt = (
  { id }: PromptRow,
  responses: readonly ResponseRow[],
  annotations: readonly AnnotationWithPlacements[],
): JudgedPrompt => ({
  id,
  responses: responses.map(({ id: response, source }) => ({ id: response, source })),
  judgements: annotations.map(({ annotatorId, placements, createdAt }) => ({
    annotator: annotatorId,
    order: weakOrder(placements),
    at: createdAt.getTime(),
  })),
  expanded: annotations.map(({ annotatorId, placements }) => ({
    annotator: annotatorId,
    order: weakOrder(expandPlacements(placements, responses)),
  })),
});
