/** Judgements that come with a file become annotations of imported annotators. */
import { randomUUID } from 'node:crypto';
import { invalid } from '@/lib/auth/refusal';
import { currentAnnotationsOf, insertAnnotations } from '@/lib/db/annotations';
import type { Database } from '@/lib/db/client';
import { addImportedAnnotators, importedAnnotatorIds } from '@/lib/db/imported-annotators';
import { type ProjectRow, tiersForJudging } from '@/lib/db/projects';
import { everyResponseOf, lockPrompts, type PromptRow, promptsByExternalId, type ResponseRow } from '@/lib/db/prompts';
import type { ParsedJudgement } from '@/lib/formats/format';
import type { ImportedKind } from '@/lib/schemas/annotator-kinds';
import { issue } from '@/lib/schemas/issue';
import { importLimits } from '@/lib/schemas/prompt-import';
import { noRemarks } from '@/lib/schemas/remark-rules';
import type { ExternalPromptId } from '@/trainer/contract/ids';
import type { Placement } from '@/trainer/contract/judgement';
import type { BadLine } from '@/trainer/contract/message';
import { foldedText } from '@/trainer/data/response-text';
import { followAnnotations } from './certainty';
import { isSameJudgement, placementsToStore } from './check-placements';
import { noteWhatFollowsOn } from './note-what-follows';
import type { OpenImport } from './open-import';
import type { Job } from './project-job';

/**
 * What is wrong with judgements of prompts that are not in the file: the project must have them, and the responses.
 */
export async function judgementFaults(
  db: Database,
  projectId: string,
  others: readonly ParsedJudgement[],
): Promise<BadLine[]> {
  if (others.length === 0) return [];
  const rows = await promptsByExternalId(db, projectId, [...new Set(others.map(({ promptId }) => promptId))]);
  const responses = await everyResponseOf(
    db,
    [...rows.values()].map(({ id }) => id),
  );
  return others.flatMap(({ line, promptId, levels, cannotJudge = [] }) => {
    const row = rows.get(promptId);
    if (!row) return [{ line, reason: issue('judgedPromptUnknown', { id: promptId }) }];
    const known = new Set<string>(responses.get(row.id)?.map(({ externalId }) => externalId));
    const unknown = [...levels.map(([response]) => response), ...cannotJudge].find((response) => !known.has(response));
    return unknown === undefined
      ? []
      : [{ line, reason: issue('judgedResponseUnknown', { id: promptId, response: unknown }) }];
  });
}

/** How many imported annotators the project would have, with these. */
export async function annotatorsWith(db: Database, projectId: string, names: Iterable<string>): Promise<number> {
  const known = await importedAnnotatorIds(db, projectId);
  return new Set([...known.keys(), ...names]).size;
}

/**
 * The tier of a level. A file says how responses compare and not how good they are, so the best level is the best tier.
 * Where there are more levels than tiers, the best and the worst keep a tier of their own as far as possible, and levels
 * between them share tiers. What is all bad and tied is in the worst.
 */
export function tierOf(level: number, { levelCount, allBad }: ParsedJudgement, tierCount: number): number {
  if (allBad && levelCount === 1) return tierCount - 1;
  if (levelCount <= tierCount) return level;
  return Math.round((level * (tierCount - 1)) / (levelCount - 1));
}

/** Of the file's responses, those that had another's text were left out: their judgement is that of the text. */
type FileTexts = ReadonlyMap<ExternalPromptId, ReadonlyMap<string, string>>;

function toPlacements(
  judgement: ParsedJudgement,
  responses: readonly ResponseRow[],
  texts: ReadonlyMap<string, string> | undefined,
  tierCount: number,
): Placement[] {
  const keys = new Map(judgement.levels);
  const byText = new Map(judgement.levels.map(([id, level]) => [foldedText(texts?.get(id) ?? ''), level]));
  const cannotJudge = new Set(judgement.cannotJudge);
  const placements = responses.map(({ id: responseId, externalId, text }): Placement => {
    const level = keys.get(externalId) ?? (texts && byText.get(foldedText(text)));
    if (level !== undefined) return { responseId, state: 'placed', tier: tierOf(level, judgement, tierCount) };
    return { responseId, state: cannotJudge.has(externalId) ? 'cannot_judge' : 'not_judged', tier: null };
  });
  return placementsToStore(placements, responses);
}

/**
 * Adds the annotators that the project does not have by name, and a version of each annotation that says something new.
 * The prompts must be published. Each step stands by itself: after a stop, the same file imports what is missing.
 * @returns how many annotations were added
 */
export async function storeJudgements(
  job: Job,
  db: Database,
  project: ProjectRow,
  {
    open,
    judged,
    isBad,
    kind,
  }: { open: OpenImport; judged: number; isBad: (line: number) => boolean; kind: ImportedKind },
): Promise<number> {
  await job.setTotal(judged);
  let done = 0;
  let added = 0;
  for (let read = await open.judgements(); read; read = await open.judgements()) {
    const byPrompt = new Map<ExternalPromptId, ParsedJudgement[]>();
    const texts = new Map<ExternalPromptId, ReadonlyMap<string, string>>();
    for (const one of read) {
      for (const judgement of one.judgements.filter(({ line }) => !isBad(line))) {
        const { promptId } = judgement;
        byPrompt.set(promptId, [...(byPrompt.get(promptId) ?? []), judgement]);
        if (one.texts) texts.set(promptId, new Map(one.texts));
      }
    }
    done += read.length;
    let more = 0;
    await job.step(done, async (tx) => {
      await addAnnotators(tx, project.id, byPrompt, kind);
      const annotatorIds = await importedAnnotatorIds(tx, project.id);
      const rows = [...(await promptsByExternalId(tx, project.id, [...byPrompt.keys()])).values()];
      more = await appendVersions(tx, project, { rows, byPrompt, texts, annotatorIds });
    });
    added += more;
  }
  followAnnotations(db, project);
  return added;
}

async function addAnnotators(
  tx: Database,
  projectId: string,
  byPrompt: ReadonlyMap<string, readonly ParsedJudgement[]>,
  kind: ImportedKind,
): Promise<void> {
  const judgements = [...byPrompt.values()].flat();
  for (const one of ['imported', 'model'] as const) {
    const names = judgements.filter((judgement) => (judgement.kind ?? kind) === one).map(({ annotator }) => annotator);
    await addImportedAnnotators(tx, projectId, names, one);
  }
}

export async function refuseTooManyAnnotators(db: Database, projectId: string, names: Iterable<string>): Promise<void> {
  const annotators = await annotatorsWith(db, projectId, names);
  if (annotators > importLimits.annotators) {
    throw invalid('tooManyAnnotators', { annotators, most: importLimits.annotators });
  }
}

async function appendVersions(
  tx: Database,
  project: ProjectRow,
  {
    rows,
    byPrompt,
    texts,
    annotatorIds,
  }: {
    rows: readonly PromptRow[];
    byPrompt: ReadonlyMap<ExternalPromptId, ParsedJudgement[]>;
    texts: FileTexts;
    annotatorIds: ReadonlyMap<string, string>;
  },
): Promise<number> {
  const ids = rows.map(({ id }) => id);
  await lockPrompts(tx, ids);
  const { tiers, tiersVersion } = await tiersForJudging(tx, project.id);
  const responses = await everyResponseOf(tx, ids);
  const judging = new Set(
    rows.flatMap(({ externalId }) => byPrompt.get(externalId)!.map(({ annotator }) => annotator)),
  );
  const known = await currentAnnotationsOf(
    tx,
    [...judging].map((name) => annotatorIds.get(name)!),
    ids,
  );
  const current = new Map(known.map((one) => [`${one.promptId} ${one.annotatorId}`, one]));
  const added = rows.flatMap((prompt) =>
    byPrompt.get(prompt.externalId)!.flatMap((judgement) => {
      const own = responses.get(prompt.id) ?? [];
      const annotatorId = annotatorIds.get(judgement.annotator)!;
      const placed = toPlacements(judgement, own, texts.get(prompt.externalId), tiers.length);
      const before = current.get(`${prompt.id} ${annotatorId}`);
      const said = { promptId: prompt.id, allBad: judgement.allBad, remarks: noRemarks, placements: placed };
      if (before && isSameJudgement(before, said, own)) return [];
      const version = (before?.version ?? 0) + 1;
      const annotation = {
        id: randomUUID(),
        projectId: project.id,
        promptId: prompt.id,
        annotatorId,
        version,
        idempotencyKey: `import-${prompt.id}-${version}`,
        allBad: judgement.allBad,
        tiersVersion,
        // A file has the texts that the prompt was imported with, which are its first.
        textVersion: Math.min(judgement.textVersion ?? 1, prompt.textVersion),
      };
      return [{ annotation, placed }];
    }),
  );
  if (added.length === 0) return 0;
  await insertAnnotations(tx, added);
  await noteWhatFollowsOn(tx, project, [...new Set(added.map(({ annotation }) => annotation.promptId))]);
  return added.length;
}
