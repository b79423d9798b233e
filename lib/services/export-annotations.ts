import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { allAnnotationsOn } from '@/lib/db/annotations';
import { recordAudit } from '@/lib/db/audit';
import type { Database } from '@/lib/db/client';
import { type CoverageRow, coverageOf } from '@/lib/db/coverage';
import { decisionsOn } from '@/lib/db/decisions';
import { type ProjectRow, tierNamesByVersion } from '@/lib/db/projects';
import { correctionsOf } from '@/lib/db/prompt-changes';
import { everyResponseOf, type PromptRow, promptsAfter, type ResponseRow } from '@/lib/db/prompts';
import type { AnnotationWriter } from '@/lib/formats/format';
import { expandPlacements } from '@/lib/ranking/equal-responses';
import { judgedTexts } from '@/lib/ranking/judged-texts';
import type { AnnotationLine } from '@/lib/schemas/annotation-line';
import { certaintyIn, isAdaptive } from './certainty';

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
    const responses = await everyResponseOf(db, ids);
    const annotations = await allAnnotationsOn(db, ids);
    const decisions = await decisionsOn(db, ids);
    const corrections = await correctionsOf(db, ids);
    const coverage = isAdaptive(project) ? await coverageOf(db, ids) : new Map<string, CoverageRow>();
    for (const prompt of prompts) {
      const versions = annotations.filter(({ promptId }) => promptId === prompt.id);
      const judged = versions.map((annotation, i): Judgement => {
        const { annotatorId: id, annotatorName: name, kind, ...stored } = annotation;
        const inForce =
          versions[i + 1]?.annotatorId !== id &&
          prompt.withdrawnAt === null &&
          annotation.textVersion >= prompt.judgedFrom;
        return { ...stored, role: 'annotator', by: { id, name, kind }, inForce };
      });
      const decided = decisions
        .filter(({ promptId }) => promptId === prompt.id)
        .map((decision, i): Judgement => {
          const { reviewerId: id, reviewerName: name } = decision;
          return {
            ...decision,
            role: 'reviewer',
            by: { id, name },
            inForce: i === 0 && prompt.withdrawnAt === null,
            extra: false,
          };
        })
        // That a decision was withdrawn shows in that none is in force.
        .filter((_, i, all) => all[i]!.kind !== 'withdrawn')
        .reverse();
      const lines = [...judged, ...decided].map((judgement) => {
        const tiers = tierNames.get(judgement.tiersVersion) ?? project.tiers;
        const { issueTags } = project;
        const corrected = judgedTexts(corrections.get(prompt.id), judgement.textVersion ?? prompt.textVersion);
        return format.write(
          toAnnotationLine(
            { tiers, issueTags, corrected, certainty: certaintyOfLine(project, coverage.get(prompt.id)) },
            prompt,
            responses.get(prompt.id)!,
            judgement,
          ),
        );
      });
      if (lines.length > 0) yield `${lines.join('\n')}\n`;
    }
  }
}

function certaintyOfLine(project: ProjectRow, coverage: CoverageRow | undefined): AnnotationLine['certainty'] {
  const known = coverage && certaintyIn(project, coverage);
  return known ? { share: known.share, judged: coverage.judged, most: known.most, closed: known.isClosed } : undefined;
}

type Annotation = Awaited<ReturnType<typeof allAnnotationsOn>>[number];
/** An annotation, or a decision of a reviewer. */
interface Judgement
  extends Pick<
    Annotation,
    'version' | 'createdAt' | 'timeOnTaskMs' | 'allBad' | 'tiersVersion' | 'placements' | 'remarks'
  > {
  role: AnnotationLine['role'];
  by: AnnotationLine['annotator'];
  inForce: boolean;
  extra: boolean;
  kind?: 'decided' | 'withdrawn';
  /** Of annotations alone. */
  textVersion?: number;
}

function toAnnotationLine(
  /** `tiers` are the names that they had when the annotation was made. */
  {
    tiers,
    issueTags,
    corrected,
    certainty,
  }: Pick<ProjectRow, 'tiers' | 'issueTags'> &
    Pick<AnnotationLine, 'certainty'> & { corrected: ReturnType<typeof judgedTexts> },
  prompt: PromptRow,
  responses: readonly ResponseRow[],
  annotation: Judgement,
): AnnotationLine {
  const byId = new Map<string, ResponseRow>(responses.map((response) => [response.id, response]));
  const externalIdOf = (id: string) => byId.get(id)!.externalId;
  const tagWithName = (id: string) => ({ id, name: issueTags.find((tag) => tag.id === id)?.name ?? id });
  const placements = expandPlacements(annotation.placements, responses);
  const storedPlacements = new Map(placements.map((placement) => [placement.responseId, placement]));
  return {
    prompt: prompt.externalId,
    role: annotation.role,
    annotator: annotation.by,
    version: annotation.version,
    in_force: annotation.inForce,
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
          ...(response.withdrawnAt ? { withdrawn: true as const } : {}),
        },
      ];
    }),
    ...(certainty ? { certainty } : {}),
    ...(annotation.textVersion === undefined ? {} : { text_version: annotation.textVersion }),
    ...(corrected.messages || corrected.responses.size > 0
      ? {
          judged_texts: {
            ...(corrected.messages ? { prompt: corrected.messages } : {}),
            responses: [...corrected.responses].map(([id, text]) => ({ response: externalIdOf(id), text })),
          },
        }
      : {}),
    comment: annotation.remarks.comment,
    tags: annotation.remarks.tags.map(({ responseId, tag }) => ({
      response: externalIdOf(responseId),
      tag: tagWithName(tag),
    })),
    marks: annotation.remarks.marks.map(({ responseId, start, end, tag }) => ({
      response: externalIdOf(responseId),
      start,
      end,
      text: (corrected.responses.get(responseId) ?? byId.get(responseId)!.text).slice(start, end),
      tag: tagWithName(tag),
    })),
  };
}
