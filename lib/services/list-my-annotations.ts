import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { annotationOverviews, type OverviewCursor } from '@/lib/db/annotations';
import type { Database } from '@/lib/db/client';
import { answersSentBackTo } from '@/lib/db/sent-back-answers';
import type { MyAnnotation, MyAnnotationsPage } from '@/lib/schemas/annotation';
import type { IssueTag, Remarks } from '@/lib/schemas/remarks';

const PAGE = 200;

/** A page of the actor's annotations in a project, newest first, with what was sent back before the first one; `before` is the `next` of the previous page. */
export async function listMyAnnotations(
  actor: Actor,
  db: Database,
  projectId: string,
  before: OverviewCursor | null = null,
): Promise<MyAnnotationsPage> {
  const { project } = await authorizeInProject(db, actor, 'work.read', projectId);
  const rows = await annotationOverviews(db, projectId, actor.userId, { before, limit: PAGE });
  const last = rows.at(-1);
  const place = { projectId, annotatorId: actor.userId };
  const sentBack = before === null ? await answersSentBackTo(db, place, PAGE) : [];
  return {
    sentBack: sentBack.map(({ at, ...answer }) => ({ ...answer, at: at.toISOString() })),
    annotations: rows.map(({ promptId, externalId, version, createdAt, remarks, micros: _, ...summary }) => ({
      promptId,
      externalId,
      version,
      createdAt: createdAt.toISOString(),
      summary,
      remarks: summarised(remarks, project.issueTags),
    })),
    next: rows.length === PAGE ? `${last!.micros}.${last!.promptId}` : null,
  };
}

function summarised({ comment, tags, marks }: Remarks, known: readonly IssueTag[]): MyAnnotation['remarks'] {
  const used = new Set([...tags, ...marks].map(({ tag }) => tag));
  return { comment, tags: known.filter(({ id }) => used.has(id)).map(({ name }) => name), marks: marks.length };
}
