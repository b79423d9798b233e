/** A project that is closed: archived, which can be taken back, or deleted, which cannot. */

import { setTimeout as sleep } from 'node:timers/promises';
import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { conflict, invalid } from '@/lib/auth/refusal';
import { countFilesByHash } from '@/lib/db/added-models';
import { recordAudit } from '@/lib/db/audit';
import type { Database } from '@/lib/db/client';
import { removeStoredFile, withFileStoreLock } from '@/lib/db/files';
import { hasRunningJob } from '@/lib/db/jobs';
import { deleteModelOfRun, modelsUsedElsewhere } from '@/lib/db/models';
import { abandonCopies, deleteProjectRow, lockSettings, projectsBeingDeleted, updateProject } from '@/lib/db/projects';
import { unpublish } from '@/lib/db/published';
import { deleteRunFile, listRunFiles, runsOfProject, sweepRun } from '@/lib/db/runs';
import { listSnapshotRows, sweepUnsealed, unsealSnapshots } from '@/lib/db/snapshots';
import { sweepStaged } from '@/lib/db/staging';
import { uploadsOfProject } from '@/lib/db/uploads';
import { MAX_INTEGER } from '@/trainer/contract/numbers';
import { removeUpload } from './uploads';

/**
 * Archives a project, or takes it out of the archive. While it is archived everybody can read it and nobody can write;
 * what annotators have not sent yet stays in their browsers, and goes out afterwards.
 * @throws Refusal 'conflict' while a job is writing
 */
export async function setArchived(actor: Actor, db: Database, projectId: string, archived: boolean): Promise<void> {
  await db.transaction(async (tx) => {
    await authorizeInProject(tx, actor, 'project.close', projectId);
    const { project } = await lockSettings(tx, projectId);
    if ((project.state === 'archived') === archived) return;
    if (await hasRunningJob(tx, projectId)) throw conflict('workGoesOn');
    await updateProject(tx, projectId, { state: archived ? 'archived' : 'active' });
    const kind = archived ? 'project_archived' : 'project_unarchived';
    await recordAudit(tx, { kind, actorId: actor.userId, details: { project: project.name } });
  });
}

/**
 * Hides a project from everybody, for good; `removeDeletedProjects` then deletes its rows and files.
 * @param name the project's, typed to confirm
 * @throws Refusal 'invalid' for another name; 'conflict' while a job is writing, or when runs of other projects started
 * from a model that was trained here
 */
export async function deleteProject(actor: Actor, db: Database, projectId: string, name: string): Promise<void> {
  await db.transaction(async (tx) => {
    await authorizeInProject(tx, actor, 'project.close', projectId);
    const { project } = await lockSettings(tx, projectId);
    if (name.trim().normalize() !== project.name.trim().normalize()) throw invalid('nameOfProject');
    if (await hasRunningJob(tx, projectId)) throw conflict('workGoesOn');
    const [used] = await modelsUsedElsewhere(tx, projectId);
    if (used) throw conflict('projectModelInUse', { model: used.name });
    const by = { actorId: actor.userId };
    for (const { snapshot: row } of await listSnapshotRows(tx, projectId, undefined, MAX_INTEGER)) {
      const { name: snapshot, hash } = row;
      await recordAudit(tx, { ...by, kind: 'snapshot_deleted', details: { project: project.name, snapshot, hash } });
    }
    const details = { project: project.name, prompts: project.promptCount, id: project.id };
    await recordAudit(tx, { ...by, kind: 'project_deleted', details });
    await updateProject(tx, projectId, { state: 'deleting' });
  });
}

/** Called at the start: deletes what a killed server has left of projects that were being deleted or copied. */
export async function removeAbandonedProjects(db: Database, copiesOlderThanMs: number): Promise<void> {
  await abandonCopies(db, copiesOlderThanMs);
  await removeDeletedProjects(db);
}

let removing: Promise<void> = Promise.resolve();

/**
 * Deletes what belongs to deleted projects, in short transactions with pauses, so that nobody waits.
 */
export function removeDeletedProjects(db: Database): Promise<void> {
  const removed = removing.then(async () => {
    for (const projectId of await projectsBeingDeleted(db)) await removeProject(db, projectId);
  });
  removing = removed.catch(() => undefined);
  return removed;
}

async function removeProject(db: Database, projectId: string): Promise<void> {
  const runs = await runsOfProject(db, projectId);
  for (const { id } of runs) await removeFiles(db, id);
  // Newest first: a run may have started from the model of an earlier one.
  for (const { id } of runs.toReversed()) {
    await inSteps(() => sweepRun(db, id));
    await deleteModelOfRun(db, id);
  }
  for (const { id } of await uploadsOfProject(db, projectId)) await removeUpload(db, id);
  // What is not published or sealed is what a killed job has left, so this is deleted in the same way.
  await unsealSnapshots(db, projectId);
  await unpublish(db, projectId);
  await sweepStaged(db, projectId);
  await inSteps(() => sweepUnsealed(db, projectId));
  await deleteProjectRow(db, projectId);
}

/** A file goes before its row, so that a killed server leaves no file behind that nothing refers to. */
async function removeFiles(db: Database, runId: string): Promise<void> {
  for (const { name, sha256 } of await listRunFiles(db, runId)) {
    await withFileStoreLock(async () => {
      if ((await countFilesByHash(db, sha256)) === 1) await removeStoredFile(sha256);
      await deleteRunFile(db, runId, name);
    });
  }
}

/** Pauses for as long as each step took, so that other queries run. */
async function inSteps(step: () => Promise<boolean>): Promise<void> {
  for (let more = true; more; ) {
    const startedAt = performance.now();
    more = await step();
    await sleep(performance.now() - startedAt);
  }
}
