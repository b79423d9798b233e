import { createHash } from 'node:crypto';
import { type AgreementReportRow, agreementReportOf } from '@/lib/db/agreement-reports';
import type { Database } from '@/lib/db/client';
import { goldIds } from '@/lib/db/gold';
import type { ProjectRow } from '@/lib/db/projects';
import { newestChange } from '@/lib/db/prompt-changes';
import { namesIn, talliesOfProject } from '@/lib/db/tallies';
import { consensusRuleOf, isSameRule } from '@/lib/ranking/consensus';
import { type AgreementReport, agreementReportSchema } from '@/lib/schemas/agreement';
import type { ImportedKind } from '@/lib/schemas/annotator-kinds';
import { type MeasuredProgress, workReportSchema } from '@/lib/schemas/progress';
import { measureAgreement } from './measure-agreement';

/** After a failure the next look waits this long before it measures again. */
const PAUSE_AFTER_FAILURE_MS = 60_000;

/** Measurements that this server is making, and when one last failed, by project. */
const running = new Map<string, Promise<void>>();
const failures = new Map<string, number>();

export interface MeasuredProject {
  /** Null before the first time. */
  report: AgreementReport | null;
  work: MeasuredProgress | null;
  measuredAt: string | null;
  measuring: boolean;
  failed: boolean;
  names: Record<string, string>;
  /** Of those names, the imported annotators' kinds. */
  kinds: Record<string, ImportedKind>;
}

/**
 * What was last measured of a project, at once. Where annotations came since, it is measured anew in the background, once
 * at a time, and a later look finds the result.
 */
export async function measuredProject(db: Database, project: ProjectRow): Promise<MeasuredProject> {
  const tallies = await talliesOfProject(db, project.id);
  const versions = tallies.reduce((sum, { tally }) => sum + tally.versions, 0);
  const kinds = importedKindsIn(tallies);
  const basis = await basisOf(db, project, versions, kinds);
  const row = await agreementReportOf(db, project.id);
  const { report, work } = readRow(row);
  const rule = consensusRuleOf(project);
  const isCurrent = report !== null && row?.basis === basis && report.rules.some((one) => isSameRule(one, rule));
  const failedAt = failures.get(project.id) ?? 0;
  const isDue = versions > 0 && !isCurrent && Date.now() - failedAt > PAUSE_AFTER_FAILURE_MS;
  if (isDue && !running.has(project.id)) measureInBackground(db, project, basis);
  return {
    report,
    work,
    measuredAt: report && row!.measuredAt.toISOString(),
    measuring: running.has(project.id),
    failed: failures.has(project.id),
    names: namesIn(tallies),
    kinds,
  };
}

/** Stands for all that figures depend on but the rule of consensus, of which a report has several. */
async function basisOf(
  db: Database,
  project: ProjectRow,
  versions: number,
  kinds: Record<string, ImportedKind>,
): Promise<string> {
  const { id, tiers, additions, importedCountIn, modelsCountIn } = project;
  const gold = [...(await goldIds(db, id))].sort();
  const change = await newestChange(db, id);
  return createHash('sha256')
    .update(JSON.stringify([versions, tiers.length, additions, gold, change, kinds, importedCountIn, modelsCountIn]))
    .digest('hex');
}

/** What an earlier version of the app measured may have another shape; then it is measured anew. */
function readRow(row: AgreementReportRow | null): Pick<MeasuredProject, 'report' | 'work'> {
  const report = agreementReportSchema.safeParse(row?.report).data;
  const work = workReportSchema.safeParse(row?.work).data;
  return report && work ? { report, work } : { report: null, work: null };
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

function importedKindsIn(tallies: Awaited<ReturnType<typeof talliesOfProject>>): Record<string, ImportedKind> {
  const entries = tallies.flatMap(({ tally, kind }) => (kind === 'person' ? [] : [[tally.annotatorId, kind] as const]));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
