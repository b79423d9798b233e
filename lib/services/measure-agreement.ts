import { setTimeout as sleep } from 'node:timers/promises';
import { storeAgreementReport } from '@/lib/db/agreement-reports';
import type { Database } from '@/lib/db/client';
import { type ContributionRow, contributionsAfter, storeContributions } from '@/lib/db/contributions';
import { modelAnnotatorIds } from '@/lib/db/imported-annotators';
import { beganKey, beganOn, coverageBetween } from '@/lib/db/judged-prompts';
import type { ProjectRow } from '@/lib/db/projects';
import { type ConsensusSettings, consensusRuleOf } from '@/lib/ranking/consensus';
import { contributionBasis } from '@/lib/ranking/contribution';
import { firstOfEqualTexts } from '@/lib/ranking/equal-responses';
import type { JudgedByModels } from '@/lib/ranking/model-judges';
import type { StudyOptions } from '@/lib/ranking/study';
import { weakOrder } from '@/lib/ranking/tiers';
import type { WorkedPrompt } from '@/lib/ranking/work/work-study';
import type { CountingSettings } from '@/lib/schemas/annotator-kinds';
import type { PromptId } from '@/trainer/contract/ids';
import type { AgreementInput, MeasuredInThread } from './agreement-worker';
import { goldComparisons } from './gold-comparisons';
import { expandedOrders, judgedPages, judgementsOfPrompts, PAUSE_MS, type PromptJudgements } from './judged-prompts';
import { shuffled } from './shuffled';
import { startThread, type Thread } from './thread';

/** The same annotations give the same intervals. */
const BOOTSTRAP = { seed: 0, resamples: 1000 };

/** Contributions that are read at once, and prompts of which they are computed anew at once. */
const PAGE = 1000;
const COMPUTED = 100;

/**
 * Measures the annotations in force, and how people work, and stores the report. Only prompts that changed since the last
 * time are read; of the others, what they add is known. Annotations that come meanwhile may count or not; the next time
 * they do.
 * @param basis stands for what there was to measure when this began
 * @returns how many prompts were read
 */
export async function measureAgreement(
  db: Database,
  project: Pick<ProjectRow, 'id' | 'tiers' | 'promptCount' | keyof ConsensusSettings | keyof CountingSettings>,
  basis: string,
): Promise<number> {
  const options: StudyOptions = { tierCount: project.tiers.length, rule: consensusRuleOf(project) };
  const thread = startThread<AgreementInput>('agreement-worker', options);
  const page = { limit: PAGE, basis: `${contributionBasis(options)} ${await countedBasis(db, project)}` };
  try {
    let computed = 0;
    for (let position = -1; ; await sleep(PAUSE_MS)) {
      const rows = await contributionsAfter(db, project.id, { ...page, position });
      if (rows.length === 0) break;
      position = rows.at(-1)!.position;
      const made = await computeChanged(db, thread, rows, page.basis);
      computed += made.size;
      await thread.ask({ add: rows.map(({ promptId, content }) => content ?? made.get(promptId)!) });
    }
    await addJudges(db, thread, project.id);
    const { report, work } = (await thread.ask({ finish: BOOTSTRAP })) as MeasuredInThread;
    const coverage = await coverageOf(db, project);
    const gold = (await goldComparisons(db, project.id)).map(({ at, ...one }) => ({ day: dayOf(at), ...one }));
    await storeAgreementReport(db, project.id, { basis, report, work: { coverage, gold, ...work } });
    return computed;
  } finally {
    await thread.end();
  }
}

/** Models are measured beside people whether they count or not. Nothing is read where there are none. */
async function addJudges(db: Database, thread: Thread<AgreementInput>, projectId: string): Promise<void> {
  if ((await modelAnnotatorIds(db, projectId)).length === 0) return;
  for await (const page of judgedPages(db, projectId, 'everybody')) {
    const judged = page.map(({ annotations }): JudgedByModels => {
      const orders = (isModel: boolean) =>
        annotations
          .filter(({ kind }) => (kind === 'model') === isModel)
          .map(({ annotatorId, placements }) => ({ annotator: annotatorId, order: weakOrder(placements) }));
      return { models: orders(true), people: orders(false) };
    });
    await thread.ask({ judged: judged.filter(({ models }) => models.length > 0) });
  }
}

/** Stands for whose annotations count, which contributions are made of. */
async function countedBasis(
  db: Database,
  { id, importedCountIn, modelsCountIn }: Pick<ProjectRow, 'id' | keyof CountingSettings>,
): Promise<string> {
  return JSON.stringify([importedCountIn, modelsCountIn, await modelAnnotatorIds(db, id)]);
}

/** Computes and keeps the contributions that are not known, or no longer hold. @returns them, by prompt */
async function computeChanged(
  db: Database,
  thread: Thread<AgreementInput>,
  rows: readonly ContributionRow[],
  basis: string,
): Promise<Map<PromptId, string>> {
  const changed = rows.filter(({ content }) => content === null);
  const contents = new Map<PromptId, string>();
  for (let from = 0; from < changed.length; from += COMPUTED) {
    const part = changed.slice(from, from + COMPUTED);
    const prompts = await workedPrompts(
      db,
      part.map(({ promptId }) => promptId),
    );
    const made = (await thread.ask({ contributionsOf: prompts })) as string[];
    part.forEach(({ promptId }, i) => void contents.set(promptId, made[i]!));
    await storeContributions(
      db,
      basis,
      part.map(({ promptId, revision }, i) => ({ promptId, revision, content: made[i]! })),
    );
    await sleep(PAUSE_MS);
  }
  return contents;
}

/** Prompts whose coverage one statement adds up. */
const COVERAGE_STEP = 20_000;

async function coverageOf(db: Database, { id, promptCount }: Pick<ProjectRow, 'id' | 'promptCount'>) {
  const coverage = { prompts: 0, judged: 0, wanted: 0, done: 0 };
  for (let from = 0; from < promptCount; from += COVERAGE_STEP) {
    const part = await coverageBetween(db, id, from, Math.min(promptCount, from + COVERAGE_STEP));
    for (const name of ['prompts', 'judged', 'wanted', 'done'] as const) coverage[name] += part[name];
    await sleep(PAUSE_MS);
  }
  return coverage;
}

const dayOf = (time: Date) => time.toISOString().slice(0, 10);

async function workedPrompts(db: Database, promptIds: readonly PromptId[]): Promise<WorkedPrompt[]> {
  const began = await beganOn(db, promptIds);
  const judgements = await judgementsOfPrompts(db, promptIds);
  return promptIds.map((id, i) => workedPrompt(id, judgements[i]!, began));
}

function workedPrompt(
  id: PromptId,
  { responses, annotations }: Pick<PromptJudgements, 'responses' | 'annotations'>,
  began: ReadonlyMap<string, Date>,
): WorkedPrompt {
  const cards = firstOfEqualTexts(responses);
  return {
    id,
    responses: responses.map(({ id: response, source, text }) => ({ id: response, source, length: text.length })),
    judgements: annotations.map(({ annotatorId, kind, placements, createdAt }) => {
      const onBoard = new Set(placements.map(({ responseId }) => responseId));
      const shown = shuffled(
        annotatorId,
        id,
        cards.filter((card) => onBoard.has(card.id)),
      );
      return {
        annotator: annotatorId,
        order: weakOrder(placements),
        at: createdAt.getTime(),
        begunAt: kind === 'person' ? (began.get(beganKey(id, annotatorId)) ?? createdAt).getTime() : null,
        shown: shown.map((card) => card.id),
      };
    }),
    expanded: expandedOrders(annotations, responses),
  };
}
