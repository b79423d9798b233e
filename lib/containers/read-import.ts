import type { ParsedImport } from '@/lib/formats/format';
import { readPrompts } from '@/lib/formats/registry';
import type { ColumnMapping } from '../schemas/column-mapping';
import { readRows } from './read-rows';

/**
 * The prompts in a file of any format that is known, or whose columns are mapped by hand. It never throws because of the
 * content.
 */
export const readImport = (file: Uint8Array, mapping?: ColumnMapping): Promise<ParsedImport> =>
  readPrompts(readRows(file), mapping);
