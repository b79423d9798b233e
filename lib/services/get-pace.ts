import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { countBegunSince } from '@/lib/db/pace';
import { medianActiveMs, sumTallies } from '@/lib/db/tallies';
import type { Pace } from '@/lib/schemas/pace';

/** The actor's pace, for the line above the board. */
export async function getPace(actor: Actor, db: Database, projectId: string, since: Date): Promise<Pace> {
  const { project } = await authorizeInProject(db, actor, 'work.read', projectId);
  return {
    today: await countBegunSince(db, projectId, actor.userId, since),
    judgedByAnyone: (await sumTallies(db, [projectId])).get(projectId)?.judgedPrompts ?? 0,
    total: project.promptCount,
    medianActiveMs: (await medianActiveMs(db, projectId, actor.userId)).get(actor.userId) ?? null,
  };
}
