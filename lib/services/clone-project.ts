import { randomUUID } from 'node:crypto';
import { authorizeInProject } from '@/lib/auth/in-project';
import { type Actor, authorize } from '@/lib/auth/permissions';
import { recordAudit } from '@/lib/db/audit';
import type { Database } from '@/lib/db/client';
import { insertCopies } from '@/lib/db/copies';
import { goldAmong } from '@/lib/db/gold';
import { currentGuidelines } from '@/lib/db/guidelines';
import { copyMembers, upsertMember } from '@/lib/db/members';
import { insertProject, type ProjectRow, updateProject } from '@/lib/db/projects';
import { setPromptWithdrawn } from '@/lib/db/prompt-changes';
import { countPrompts, everyResponseOf, promptsAfter } from '@/lib/db/prompts';
import { publish } from '@/lib/db/published';
import { settingsOf } from '@/lib/db/settings-versions';
import type { CloneProjectRequest } from '@/lib/schemas/account';
import type { Project } from '@/lib/schemas/project';
import type { PromptId, ResponseId } from '@/trainer/contract/ids';
import { removeDeletedProjects } from './close-project';
import { appendGuidelines } from './guidelines';
import { runProjectJob } from './project-job';
import { toProject } from './projects';

/** Prompts per step of the job, which takes some tens of milliseconds. */
const STEP = 100;

/**
 * Makes a new project with the settings and guidelines of this one, and, if wanted, with its prompts and responses, its
 * gold prompts and its members. Nothing that people have judged, begun or flagged goes along, nor snapshots and runs.
 * The copy is hidden until all of it is there, and deleted if it never is.
 * @param jobId by which the client follows the job
 */
export async function cloneProject(
  actor: Actor,
  db: Database,
  projectId: string,
  { name, scope }: CloneProjectRequest,
  jobId?: string,
): Promise<Project> {
  const { project: source } = await authorizeInProject(db, actor, 'prompts.read', projectId);
  authorize(actor, 'projects.create');
  // Imports and additions wait for this job, so what is copied stays as it is meanwhile.
  return runProjectJob(actor, db, projectId, jobId, async (job) => {
    const copy = await db.transaction((tx) => beginCopy(actor, tx, source, { name, scope }));
    try {
      const count = scope === 'settings' ? 0 : await countPrompts(db, projectId);
      await job.setTotal(count);
      let responses = 0;
      let done = 0;
      for (let position = -1; done < count; ) {
        const page = await promptsAfter(db, projectId, position, STEP);
        position = page.at(-1)!.position;
        done += page.length;
        await job.step(done, async (tx) => {
          responses += await copyPrompts(tx, copy.id, page, scope === 'everything');
        });
      }
      return await job.publish(async (tx) => {
        await publish(tx, copy.id, { prompts: done, responses, additions: 0 });
        const details = { project: source.name, copy: name, what: scope };
        await recordAudit(tx, { kind: 'project_cloned', actorId: actor.userId, details });
        return toProject((await updateProject(tx, copy.id, { state: 'active' }))!);
      });
    } catch (error) {
      await updateProject(db, copy.id, { state: 'deleting' });
      await removeDeletedProjects(db);
      throw error;
    }
  });
}

async function beginCopy(
  actor: Actor,
  tx: Database,
  source: ProjectRow,
  { name, scope }: CloneProjectRequest,
): Promise<ProjectRow> {
  const guidelines = await currentGuidelines(tx, source.id);
  const settings = { ...settingsOf(source), name, tiers: source.tiers };
  const copy = await insertProject(tx, { ...settings, state: 'copying', createdBy: actor.userId });
  await upsertMember(tx, { projectId: copy.id, userId: actor.userId, role: 'researcher' });
  if (scope === 'everything') await copyMembers(tx, source.id, copy.id);
  if (guidelines) await appendGuidelines(actor, tx, copy, guidelines, null);
  return copy;
}

/** @returns the number of responses */
async function copyPrompts(
  tx: Database,
  projectId: string,
  rows: Awaited<ReturnType<typeof promptsAfter>>,
  withGold: boolean,
): Promise<number> {
  const ids = rows.map(({ id }) => id);
  const responses = [...(await everyResponseOf(tx, ids)).values()].flat();
  const newIds = new Map([...ids, ...responses.map(({ id }) => id)].map((id) => [id as string, randomUUID()]));
  const renamed = <Id extends PromptId | ResponseId>(id: Id) => newIds.get(id) as Id;
  const gold = withGold ? [...(await goldAmong(tx, ids)).values()] : [];
  await insertCopies(tx, {
    // The copy begins with the texts as they are; earlier ones stay with what was said of them.
    prompts: rows.map((row) => ({
      ...row,
      id: renamed(row.id),
      projectId,
      textVersion: 1,
      judgedFrom: 1,
      withdrawnAt: null,
    })),
    // There is nothing yet that a response could have been added to.
    responses: responses.map((row) => ({
      ...row,
      id: renamed(row.id),
      promptId: renamed(row.promptId),
      addedAt: null,
      addition: null,
    })),
    gold: gold.map((row) => ({
      ...row,
      promptId: renamed(row.promptId),
      projectId,
      expected: Object.fromEntries(
        Object.entries(row.expected).map(([id, tier]) => [renamed(id as ResponseId), tier] as const),
      ),
    })),
  });
  // Only a change is noted by what is kept of withdrawn prompts.
  for (const { id, withdrawnAt } of rows) if (withdrawnAt) await setPromptWithdrawn(tx, renamed(id), true);
  return responses.length;
}
