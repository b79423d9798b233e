import { eq, sql } from 'drizzle-orm';
import { agreementReports } from '@/drizzle/schema';
import type { AgreementReport } from '@/lib/schemas/agreement';
import type { MeasuredProgress } from '@/lib/schemas/progress';
import type { Database } from './client';

export type AgreementReportRow = typeof agreementReports.$inferSelect;

export async function agreementReportOf(db: Database, projectId: string): Promise<AgreementReportRow | null> {
  const [row] = await db.select().from(agreementReports).where(eq(agreementReports.projectId, projectId));
  return row ?? null;
}

/** Replaces what was measured before. */
export async function storeAgreementReport(
  db: Database,
  projectId: string,
  { basis, report, work }: { basis: string; report: AgreementReport; work: MeasuredProgress },
): Promise<void> {
  await db
    .insert(agreementReports)
    .values({ projectId, basis, report, work })
    .onConflictDoUpdate({
      target: agreementReports.projectId,
      set: { basis, report, work, measuredAt: sql`now()` },
    });
}
