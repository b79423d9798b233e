import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { agreementReportOf } from '@/lib/db/agreement-reports';
import type { Database } from '@/lib/db/client';
import { goldIds } from '@/lib/db/gold';
import type { ProjectRow } from '@/lib/db/projects';
import { talliesOfProject } from '@/lib/db/tallies';
import { type AgreementAnswer, agreementReportSchema } from '@/lib/schemas/agreement';
import { measureAgreement } from './measure-agreement';

/** After a failure the next look waits this long before it measures again. */
const PAUSE_AFTER_FAILURE_MS = 60_000;

/** Measurements that this server is making, and when one last failed, by project. */
const running = new Map<string, Promise<void>>();
const failures = new Map<string, number>();

/**
 * What was last measured of how a project's annotators agree, at once. Where annotations came since, it is measured
 * anew in the background, once at a time, and a later look finds the result.
 */
export async function getAgreement(actor: Actor, db: Database, projectId: string): Promise<AgreementAnswer> {
  const { project } = await authorizeInProject(db, actor, 'prompts.read', projectId);
  const tallies = await talliesOfProject(db, projectId);
  const versions = tallies.reduce((sum, { tally }) => sum + tally.versions, 0);
  const basis = `${versions} versions, ${(await goldIds(db, projectId)).size} gold`;
  const row = await agreementReportOf(db, projectId);
  // What an earlier version of the app measured may have another shape; then it is measured anew.
  const report = agreementReportSchema.safeParse(row?.report).data ?? null;
  const failedAt = failures.get(projectId) ?? 0;
  const isDue =
    versions > 0 && (report === null || row?.basis !== basis) && Date.now() - failedAt > PAUSE_AFTER_FAILURE_MS;
  if (isDue && !running.has(projectId)) measureInBackground(db, project, basis);
  return {
    report,
    measuredAt: report && row!.measuredAt.toISOString(),
    measuring: running.has(projectId),
    failed: failures.has(projectId),
    names: Object.fromEntries(tallies.map(({ tally, name }) => [tally.annotatorId, name])),
  };
}

function measureInBackground(db: Database, project: ProjectRow, basis: string): void {
  const work = measureAgreement(db, project, basis)
    .then(() => void failures.delete(project.id))
    .catch((error: unknown) => {
      failures.set(project.id, Date.now());
      console.error('Agreement could not be measured.', error);
    })
    .finally(() => running.delete(project.id));
  running.set(project.id, work);
}
