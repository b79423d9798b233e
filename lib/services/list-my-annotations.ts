import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { annotationOverviews } from '@/lib/db/annotations';
import type { Database } from '@/lib/db/client';
import type { MyAnnotation } from '@/lib/schemas/annotation';

/** The actor's own work in a project, newest first. */
export async function listMyAnnotations(actor: Actor, db: Database, projectId: string): Promise<MyAnnotation[]> {
  await authorizeInProject(db, actor, 'annotate', projectId);
  const rows = await annotationOverviews(db, projectId, actor.userId, 1000);
  return rows.map(({ promptId, externalId, version, createdAt, ...summary }) => ({
    promptId,
    externalId,
    version,
    createdAt: createdAt.toISOString(),
    summary,
  }));
}
