/** Mappings of columns by hand: what is proposed for a file, and what is remembered of it. */
import { createHash } from 'node:crypto';
import type { Database } from '@/lib/db/client';
import { rememberedMapping, rememberMapping } from '@/lib/db/column-mappings';
import type { FileColumns } from '@/lib/formats/file-columns';
import type { FoundColumns } from '@/lib/formats/format';
import { guessColumns } from '@/lib/formats/guess-columns';
import type { ColumnMapping } from '@/lib/schemas/column-mapping';
import type { ImportPreview } from '@/lib/schemas/import-preview';
import { canonicalJson } from '@/trainer/contract/canonical-json';

/** Stands for a set of columns, whatever their order and whatever the file is called. */
const keyOf = ({ list, more }: FileColumns): string =>
  createHash('sha256')
    .update(canonicalJson([list.map(({ name }) => name).sort(), more]))
    .digest('hex');

/** The mapping that is given, else the one that was last used for these columns, else a guess. */
export async function proposedMapping(
  db: Database,
  projectId: string,
  { needed, list, more }: FoundColumns,
  given: ColumnMapping | undefined,
): Promise<NonNullable<ImportPreview['columns']>> {
  const remembered = given ? null : await rememberedMapping(db, projectId, keyOf({ list, more }));
  return {
    needed,
    list,
    more,
    mapping: given ?? remembered ?? guessColumns(list),
    remembered: remembered !== null,
  };
}

export const rememberColumns = (tx: Database, projectId: string, columns: FileColumns, mapping: ColumnMapping) =>
  rememberMapping(tx, projectId, { columns: keyOf(columns), mapping });
