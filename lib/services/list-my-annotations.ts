import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { annotationOverviews, type OverviewCursor } from '@/lib/db/annotations';
import type { Database } from '@/lib/db/client';
import type { MyAnnotation, MyAnnotationsPage } from '@/lib/schemas/annotation';
import type { IssueTag, Remarks } from '@/lib/schemas/remarks';

const PAGE = 200;

/** A page of the actor's annotations in a project, newest first; `before` is the `next` of the previous page. */
export async function listMyAnnotations(
  actor: Actor,
  db: Database,
  projectId: string,
  before: OverviewCursor | null = null,
): Promise<MyAnnotationsPage> {
  const { project } = await authorizeInProject(db, actor, 'annotate', projectId);
  const rows = await annotationOverviews(db, projectId, actor.userId, { before, limit: PAGE });
  const last = rows.at(-1);
  return {
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
