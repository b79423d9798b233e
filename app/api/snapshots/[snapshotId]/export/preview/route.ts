import { parse, route } from '@/lib/http/route';
import { exportQuerySchema } from '@/lib/schemas/export';
import { previewExport } from '@/lib/services/export-snapshot';

/** The first rows of an export. */
export const GET = route<{ snapshotId: string }>(({ actor, db, params, url }) =>
  previewExport(actor, db, params.snapshotId, parse(exportQuerySchema, Object.fromEntries(url.searchParams))),
);
