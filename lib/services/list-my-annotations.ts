import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { annotationOverviews } from '@/lib/db/annotations';
import type { Database } from '@/lib/db/client';
import { pageOf } from '@/lib/db/newest-first';
import { answersSentBackTo } from '@/lib/db/sent-back-answers';
import type { MyAnnotation, MyAnnotationsPage } from '@/lib/schemas/annotation';
import { type MomentPlace, momentCursor } from '@/lib/schemas/cursor';
import type { IssueTag, Remarks } from '@/lib/schemas/remarks';

const PAGE = 200;

/** A page of the actor's annotations in a project, newest first, with what was sent back before the first one; `after` is where the previous page ended. */
export async function listMyAnnotations(
  actor: Actor,
  db: Database,
  projectId: string,
  after?: MomentPlace,
): Promise<MyAnnotationsPage> {
  const { project } = await authorizeInProject(db, actor, 'work.read', projectId);
  const rows = await annotationOverviews(db, projectId, actor.userId, { after, limit: PAGE + 1 });
  const { shown, end } = pageOf(rows, PAGE, ({ micros, promptId }) => ({ micros, id: promptId }));
  const place = { projectId, annotatorId: actor.userId };
  const sentBack = after === undefined ? await answersSentBackTo(db, place, PAGE) : [];
  return {
    sentBack: sentBack.map(({ at, ...answer }) => ({ ...answer, at: at.toISOString() })),
    annotations: shown.map(({ promptId, externalId, version, createdAt, remarks, micros: _, ...summary }) => ({
      promptId,
      externalId,
      version,
      createdAt: createdAt.toISOString(),
      summary,
      remarks: summarised(remarks, project.issueTags),
    })),
    next: end && momentCursor.next(end),
  };
}

function summarised({ comment, tags, marks }: Remarks, known: readonly IssueTag[]): MyAnnotation['remarks'] {
  const used = new Set([...tags, ...marks].map(({ tag }) => tag));
  return { comment, tags: known.filter(({ id }) => used.has(id)).map(({ name }) => name), marks: marks.length };
}
