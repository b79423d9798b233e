import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { notFound } from '@/lib/auth/refusal';
import type { Database } from '@/lib/db/client';
import type { JobRow } from '@/lib/db/jobs';
import { publishedCounts } from '@/lib/db/published';
import { sweepStaged, sweepStagedResponses } from '@/lib/db/staging';
import { findUser } from '@/lib/db/users';
import type { Role } from '@/lib/schemas/account';
import type { ImportResult } from '@/lib/schemas/prompt-import';
import { READING, runImport } from './import-prompts';
import { resumeProjectJob } from './project-job';
import { locateUpload } from './uploads';

/**
 * Goes on with an import whose server died, from the last batch that it stored: its file is read again, which gives the
 * same prompts in the same order, and those that are stored are passed over. Where this server reads files otherwise than
 * that one did, it begins anew.
 * @throws Refusal when the person may no longer import, or the upload is gone; what was stored is deleted then
 */
export async function resumeImport(db: Database, row: JobRow): Promise<ImportResult> {
  const input = row.input!;
  const sameReading = input.reading === READING;
  return resumeProjectJob(db, { ...row, items: sameReading ? row.items : 0 }, async (job) => {
    const actor = await actorOf(db, row.createdBy);
    const { project } = await authorizeInProject(db, actor, 'prompts.import', row.projectId);
    const file = await locateUpload(actor, db, input.upload, row.projectId);
    const { additions } = await publishedCounts(db, row.projectId);
    if (sameReading) await sweepStagedResponses(db, row.projectId, additions);
    else await sweepStaged(db, row.projectId);
    return runImport(job, db, project, file, input);
  });
}

async function actorOf(db: Database, userId: string): Promise<Actor> {
  const user = await findUser(db, userId);
  if (!user || user.deactivatedAt) throw notFound();
  return { userId, role: user.role as Role };
}
