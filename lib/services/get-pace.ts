import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { countBegunSince, countJudgedByAnyone, medianActiveMs } from '@/lib/db/pace';
import { countPrompts } from '@/lib/db/prompts';
import type { Pace } from '@/lib/schemas/pace';

/** How the actor's work goes, for the line above the board. */
export async function getPace(actor: Actor, db: Database, projectId: string, since: Date): Promise<Pace> {
  await authorizeInProject(db, actor, 'annotate', projectId);
  return {
    today: await countBegunSince(db, projectId, actor.userId, since),
    judgedByAnyone: await countJudgedByAnyone(db, projectId),
    total: await countPrompts(db, projectId),
    medianActiveMs: await medianActiveMs(db, projectId, actor.userId),
  };
}
