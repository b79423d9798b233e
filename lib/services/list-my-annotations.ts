import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { annotationOverviews } from '@/lib/db/annotations';
import type { Database } from '@/lib/db/client';
import type { MyAnnotation } from '@/lib/schemas/annotation';
import type { IssueTag, Remarks } from '@/lib/schemas/remarks';

/** The actor's own work in a project, newest first. */
export async function listMyAnnotations(actor: Actor, db: Database, projectId: string): Promise<MyAnnotation[]> {
  const { project } = await authorizeInProject(db, actor, 'annotate', projectId);
  const rows = await annotationOverviews(db, projectId, actor.userId, 1000);
  return rows.map(({ promptId, externalId, version, createdAt, remarks, ...summary }) => ({
    promptId,
    externalId,
    version,
    createdAt: createdAt.toISOString(),
    summary,
    remarks: summarised(remarks, project.issueTags),
  }));
}

function summarised({ comment, tags, marks }: Remarks, known: readonly IssueTag[]): MyAnnotation['remarks'] {
  const used = new Set([...tags, ...marks].map(({ tag }) => tag));
  return { comment, tags: known.filter(({ id }) => used.has(id)).map(({ name }) => name), marks: marks.length };
}
