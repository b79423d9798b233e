import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import type { AgreementAnswer } from '@/lib/schemas/agreement';
import { measuredProject } from './measured-project';

/** How far a project's annotators agree. */
export async function getAgreement(actor: Actor, db: Database, projectId: string): Promise<AgreementAnswer> {
  const { project } = await authorizeInProject(db, actor, 'prompts.read', projectId);
  const { work: _, ...answer } = await measuredProject(db, project);
  return answer;
}
