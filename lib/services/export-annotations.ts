import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { allAnnotationsOn } from '@/lib/db/annotations';
import { recordAudit } from '@/lib/db/audit';
import type { Database } from '@/lib/db/client';
import { type ProjectRow, tierNamesByVersion } from '@/lib/db/projects';
import { type PromptRow, promptsAfter, type ResponseRow, responsesOfPrompts } from '@/lib/db/prompts';
import type { AnnotationWriter } from '@/lib/formats/format';
import { expandPlacements } from '@/lib/ranking/equal-responses';
import type { AnnotationLine } from '@/lib/schemas/annotation-line';

const PAGE = 50;

/**
 * Everybody's annotations in all versions, in import order of the prompts. It reads pages by key and keeps no cursor
 * open.
 */
export async function exportAnnotations(
  actor: Actor,
  db: Database,
  projectId: string,
  format: AnnotationWriter,
): Promise<{ name: string; lines: AsyncGenerator<string> }> {
  const { project } = await authorizeInProject(db, actor, 'prompts.read', projectId);
  const details = { what: 'annotations', project: project.name };
  await recordAudit(db, { kind: 'export', actorId: actor.userId, details });
  return { name: project.name, lines: exportLines(db, project, format) };
}

async function* exportLines(db: Database, project: ProjectRow, format: AnnotationWriter): AsyncGenerator<string> {
  const tierNames = await tierNamesByVersion(db, project);
  for (let position = -1; ; ) {
    const prompts = await promptsAfter(db, project.id, position, PAGE);
    if (prompts.length === 0) return;
    position = prompts.at(-1)!.position;
    const ids = prompts.map(({ id }) => id);
    const responses = await responsesOfPrompts(db, ids);
    const annotations = await allAnnotationsOn(db, ids);
    for (const prompt of prompts) {
      const versions = annotations.filter(({ promptId }) => promptId === prompt.id);
      const lines = versions.map((annotation, i) => {
        const inForce = versions[i + 1]?.annotatorId !== annotation.annotatorId;
        const tiers = tierNames.get(annotation.tiersVersion) ?? project.tiers;
        const { issueTags } = project;
        return format.write(
          toAnnotationLine({ tiers, issueTags }, prompt, responses.get(prompt.id)!, annotation, inForce),
        );
      });
      if (lines.length > 0) yield `${lines.join('\n')}\n`;
    }
  }
}

type Annotation = Awaited<ReturnType<typeof allAnnotationsOn>>[number];

function toAnnotationLine(
  /** `tiers` are the names that they had when the annotation was made. */
  { tiers, issueTags }: Pick<ProjectRow, 'tiers' | 'issueTags'>,
  prompt: PromptRow,
  responses: readonly ResponseRow[],
  annotation: Annotation,
  inForce: boolean,
): AnnotationLine {
  const byId = new Map(responses.map((response) => [response.id, response]));
  const externalIdOf = (id: string) => byId.get(id)!.externalId;
  const tagWithName = (id: string) => ({ id, name: issueTags.find((tag) => tag.id === id)?.name ?? id });
  const placements = expandPlacements(annotation.placements, responses);
  const storedPlacements = new Map(placements.map((placement) => [placement.responseId, placement]));
  return {
    prompt: prompt.externalId,
    annotator: { id: annotation.annotatorId, name: annotation.annotatorName },
    version: annotation.version,
    in_force: inForce,
    extra: annotation.extra,
    created_at: annotation.createdAt.toISOString(),
    time_on_task_ms: annotation.timeOnTaskMs,
    all_bad: annotation.allBad,
    placements: responses.flatMap((response) => {
      const place = storedPlacements.get(response.id);
      if (!place) return [];
      const tierName = place.tier === null ? null : (tiers[place.tier] ?? null);
      return [
        {
          response: response.externalId,
          source: response.source,
          state: place.state,
          tier: place.tier,
          tier_name: tierName,
        },
      ];
    }),
    comment: annotation.remarks.comment,
    tags: annotation.remarks.tags.map(({ responseId, tag }) => ({
      response: externalIdOf(responseId),
      tag: tagWithName(tag),
    })),
    marks: annotation.remarks.marks.map(({ responseId, start, end, tag }) => ({
      response: externalIdOf(responseId),
      start,
      end,
      text: byId.get(responseId)!.text.slice(start, end),
      tag: tagWithName(tag),
    })),
  };
}
