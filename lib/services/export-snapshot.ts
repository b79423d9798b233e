import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { invalid } from '@/lib/auth/refusal';
import { type ExportSource, exportFiles, firstRows } from '@/lib/containers/export-files';
import type { WrittenFile } from '@/lib/containers/zip-files';
import { recordAudit } from '@/lib/db/audit';
import type { Database } from '@/lib/db/client';
import { findProject } from '@/lib/db/projects';
import { recordsAfter, type SnapshotRow } from '@/lib/db/snapshots';
import { namesIn, talliesOfProject } from '@/lib/db/tallies';
import { dataPath } from '@/lib/formats/exports/exporter';
import { chosenColumns, columnsWithout } from '@/lib/formats/exports/readme';
import { exporters } from '@/lib/formats/exports/registry';
import type { ExportPreview, ExportQuery } from '@/lib/schemas/export';
import type { SnapshotRecord } from '@/trainer/contract/record';
import { pseudonym } from './pseudonym';
import { readableSnapshot } from './read-snapshot';
import { snapshotSummary } from './snapshot-summary';
import { createYielder } from './yield-to-event-loop';

/** Records that are read at once. */
const PAGE = 50;
const PREVIEW_ROWS = 3;
/** A text of the preview is cut here. */
const PREVIEW_CHARS = 400;

/** The files of a snapshot in one of the formats; see `exportFiles`. */
export async function exportSnapshotFiles(
  actor: Actor,
  db: Database,
  snapshotId: string,
  query: ExportQuery,
): Promise<{ name: string; hash: string; files: AsyncGenerator<WrittenFile> }> {
  const { snapshot, source } = await readableSource(actor, db, snapshotId, query);
  await recordAudit(db, { kind: 'export', actorId: actor.userId, details: exportAuditDetails(snapshot, query) });
  return { name: `${snapshot.name}-${query.format}`, hash: snapshot.hash, files: exportFiles(source) };
}

/** The first rows of an export. It shows nothing that the export does not hold. */
export async function previewExport(
  actor: Actor,
  db: Database,
  snapshotId: string,
  query: ExportQuery,
): Promise<ExportPreview> {
  const { source } = await readableSource(actor, db, snapshotId, query);
  const rows = await firstRows(source, PREVIEW_ROWS);
  return {
    rows: rows.map((row) => cutTexts(row) as Record<string, unknown>),
    file: dataPath(source.exporter, 'train'),
  };
}

async function readableSource(actor: Actor, db: Database, snapshotId: string, query: ExportQuery) {
  const snapshot = await readableSnapshot(actor, db, snapshotId);
  // Names are what the whole project's answers show anyway, to whoever may read those.
  if (query.people === 'names') await authorizeInProject(db, actor, 'prompts.read', snapshot.projectId);
  return { snapshot, source: await exportSource(db, snapshot, query) };
}

export const exportAuditDetails = ({ name }: SnapshotRow, { format, people }: ExportQuery) => ({
  what: format,
  snapshot: name,
  people,
});

/** @throws Refusal 'invalid' for options that the format does not have */
export async function exportSource(
  db: Database,
  snapshot: SnapshotRow,
  { format, columns, people }: ExportQuery,
): Promise<ExportSource> {
  const exporter = exporters[format];
  const [unknown] = columnsWithout(exporter, columns ?? []);
  if (unknown) throw invalid('exportColumnNotInFormat', { column: unknown, format });
  if (people === 'names' && !exporter.namesPeople) throw invalid('exportNamesNobody', { format });
  const project = await findProject(db, snapshot.projectId);
  const nameOf = people === 'names' ? await namesByPseudonym(db, snapshot.projectId) : new Map<string, string>();
  return {
    exporter,
    about: {
      format,
      projectName: project?.name ?? '',
      header: snapshotSummary(snapshot).header,
      columns: chosenColumns(exporter, columns),
      people,
    },
    records: () => snapshotRecords(db, snapshot.id),
    nameOf: (voter) => nameOf.get(voter) ?? voter,
  };
}

/** A snapshot that was made elsewhere has pseudonyms of nobody here, which stay. */
async function namesByPseudonym(db: Database, projectId: string): Promise<Map<string, string>> {
  const names = namesIn(await talliesOfProject(db, projectId));
  return new Map(Object.entries(names).map(([userId, name]) => [pseudonym(projectId, userId), name]));
}

/** Pages by key, with no cursor open between them. */
export async function* snapshotRecords(db: Database, snapshotId: string): AsyncGenerator<SnapshotRecord> {
  const yieldIfDue = createYielder();
  for (let position = -1; ; ) {
    const page = await recordsAfter(db, snapshotId, position, PAGE);
    if (page.length === 0) return;
    position = page.at(-1)!.position;
    for (const { record } of page) {
      await yieldIfDue();
      yield JSON.parse(record) as SnapshotRecord;
    }
  }
}

function cutTexts(value: unknown): unknown {
  if (typeof value === 'string') return value.length > PREVIEW_CHARS ? `${value.slice(0, PREVIEW_CHARS)}…` : value;
  if (Array.isArray(value)) return value.map(cutTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, cutTexts(part)]));
}
