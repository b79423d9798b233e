import { jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import type { AgreementReport } from '../../lib/schemas/agreement';
import type { MeasuredProgress } from '../../lib/schemas/progress';
import { projectReference } from './references';

/** What was last measured of each project's agreement, since measuring takes longer than anybody waits for a page. */
export const agreementReports = pgTable('agreement_reports', {
  projectId: projectReference().primaryKey(),
  /** Stands for what there was to measure; where a project has another, the report is out of date. */
  basis: text('basis').notNull(),
  report: jsonb('report').$type<AgreementReport>().notNull(),
  /** How people work; null where an earlier version of the app measured. */
  work: jsonb('work').$type<MeasuredProgress>(),
  measuredAt: timestamp('measured_at', { withTimezone: true }).notNull().defaultNow(),
});
