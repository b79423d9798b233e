import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { notFound } from '@/lib/auth/refusal';
import { recordAudit } from '@/lib/db/audit';
import type { Database } from '@/lib/db/client';
import { placePrompts } from '@/lib/db/coverage';
import { listImported, setKindOfImported } from '@/lib/db/imported-annotators';
import { lockSettings } from '@/lib/db/projects';
import type { ImportedAnnotator, PutImportedAnnotatorRequest } from '@/lib/schemas/people';
import { followCounting } from './note-what-follows';

export async function listImportedAnnotators(
  actor: Actor,
  db: Database,
  projectId: string,
): Promise<{ annotators: ImportedAnnotator[] }> {
  await authorizeInProject(db, actor, 'prompts.read', projectId);
  return { annotators: await listImported(db, projectId) };
}

/** Says whether an imported annotator is a model. What its judgements count in follows. @returns all of them */
export async function setImportedKind(
  actor: Actor,
  db: Database,
  projectId: string,
  { userId, kind }: PutImportedAnnotatorRequest,
): Promise<{ annotators: ImportedAnnotator[] }> {
  const annotators = await db.transaction(async (tx) => {
    const { project } = await authorizeInProject(tx, actor, 'members.manage', projectId);
    await lockSettings(tx, projectId);
    if (!(await setKindOfImported(tx, projectId, userId, kind))) throw notFound('nobodyByThisName');
    await placePrompts(tx, projectId);
    const details = { kind, project: project.name };
    await recordAudit(tx, { kind: 'imported_annotator_kind_set', actorId: actor.userId, subjectId: userId, details });
    return listImported(tx, projectId);
  });
  followCounting(db, projectId);
  return { annotators };
}
