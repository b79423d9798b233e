import type { FileRow } from '@/lib/formats/file-row';
import type { FoundColumns, ImportEvents, ParsedImport } from '@/lib/formats/format';
import { allPrompts, needsAllRows, readPrompts } from '@/lib/formats/registry';
import type { Shelves } from '@/lib/formats/shelves';
import type { BadLine } from '@/trainer/contract/message';
import type { ColumnMapping } from '../schemas/column-mapping';
import { issue } from '../schemas/issue';
import { importLimits } from '../schemas/prompt-import';
import type { ByteSource } from './byte-source';
import { readRows } from './read-rows';
import { Reading } from './reading';

/**
 * The prompts in a file of any format that is known, or whose columns are mapped by hand, one after the other, without
 * warnings. It never throws because of the content.
 */
export async function importEvents(
  file: Uint8Array | ByteSource,
  {
    mapping,
    shelves,
    reading = new Reading(),
  }: { mapping?: ColumnMapping | undefined; shelves?: Shelves; reading?: Reading } = {},
): Promise<{ columns: FoundColumns; events: ImportEvents }> {
  const { columns, events } = await readPrompts(readRows(file, reading), {
    mapping,
    warns: false,
    ...(shelves && { shelves }),
  });
  return { columns, events: placed(events, reading) };
}

/** Names the file of an archive of several that a line is in. */
async function* placed(events: ImportEvents, reading: Reading): ImportEvents {
  const inMember = <T extends BadLine>(bad: T): T => {
    const place = reading.memberAt(bad.line);
    return place ? { ...bad, reason: issue('inMember', { ...place, reason: bad.reason }) } : bad;
  };
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value;
    const event = next.value;
    if ('error' in event) yield { error: inMember(event.error) };
    else if ('warning' in event) yield { warning: inMember(event.warning) };
    else yield event;
  }
}

/** What a file begins with: all of a small one, in memory. */
export interface ImportBeginning extends ParsedImport {
  /** The share of the file that was looked at, where that is not all. */
  share?: number;
}

export async function readImport(file: Uint8Array | ByteSource, mapping?: ColumnMapping): Promise<ImportBeginning> {
  const reading = new Reading();
  let rest = false;
  async function* beginning(rows: AsyncIterable<FileRow>) {
    let count = 0;
    let most: number = importLimits.previewRows;
    for await (const row of rows) {
      if (count === 0 && 'value' in row && needsAllRows(row.value)) most = importLimits.rowsInMemory;
      const enough = most === importLimits.previewRows && reading.bytes > importLimits.previewBytes;
      if (++count > most || enough) {
        rest = true;
        return;
      }
      yield row;
    }
  }
  const { columns, events } = await readPrompts(beginning(readRows(file, reading)), { mapping, cutOff: () => rest });
  const parsed = await allPrompts(placed(events, reading));
  return rest ? { ...parsed, columns, share: reading.share } : { ...parsed, columns };
}
