import { authorizeInProject, requireUuid } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { notFound } from '@/lib/auth/refusal';
import { currentAnnotationsBy } from '@/lib/db/annotations';
import type { Database } from '@/lib/db/client';
import { findAnnotator } from '@/lib/db/imported-annotators';
import { tierNamesByVersion } from '@/lib/db/projects';
import { correctionsOf } from '@/lib/db/prompt-changes';
import { marksOfProject } from '@/lib/db/prompt-marks';
import { everyResponseOf, promptOfProject } from '@/lib/db/prompts';

import { judgedTexts } from '@/lib/ranking/judged-texts';
import type { AnnotatorAnswer } from '@/lib/schemas/annotator-answer';
import type { PromptId } from '@/trainer/contract/ids';
import { toMyMark } from './prompt-marks';

/**
 * One annotator's judgement, remarks and marks of a prompt, for the project's researchers; flags link to it.
 * @throws Refusal 'not_found' when that person has neither judged nor marked the prompt
 */
export async function viewAnnotatorAnswer(
  actor: Actor,
  db: Database,
  projectId: string,
  { promptId, annotatorId }: { promptId: PromptId; annotatorId: string },
): Promise<AnnotatorAnswer> {
  const { project } = await authorizeInProject(db, actor, 'prompts.read', projectId);
  const prompt = await promptOfProject(db, projectId, requireUuid(promptId));
  if (!prompt) throw notFound();
  const [annotation] = await currentAnnotationsBy(db, annotatorId, [promptId]);
  const marks = await marksOfProject(db, projectId, { annotatorId, promptId });
  const annotator = annotation || marks.length > 0 ? await findAnnotator(db, annotatorId) : null;
  if (!annotator) throw notFound();
  const responses = (await everyResponseOf(db, [promptId])).get(promptId) ?? [];
  const judged = annotation
    ? judgedTexts((await correctionsOf(db, [promptId])).get(promptId), annotation.textVersion)
    : { responses: new Map<string, string>(), messages: null };
  const names = await tierNamesByVersion(db, project);
  return {
    promptId,
    externalId: prompt.externalId,
    // As they were judged.
    messages: judged.messages ?? prompt.messages,
    corrected: judged.messages !== null || judged.responses.size > 0,
    counts: prompt.withdrawnAt === null && (annotation === undefined || annotation.textVersion >= prompt.judgedFrom),
    documents: prompt.documents,
    annotator: { id: annotator.id, name: annotator.name },
    responses: responses.map(({ id, externalId, text, source, withdrawnAt }) => ({
      id,
      externalId,
      text: judged.responses.get(id) ?? text,
      source,
      withdrawn: withdrawnAt !== null,
    })),
    annotation: annotation
      ? {
          version: annotation.version,
          allBad: annotation.allBad,
          createdAt: annotation.createdAt.toISOString(),
          tiers: names.get(annotation.tiersVersion) ?? project.tiers,
          placements: annotation.placements,
          remarks: annotation.remarks,
        }
      : null,
    marks: marks.map(({ annotator: _, annotatorId: __, ...mark }) => toMyMark(mark)),
  };
}
