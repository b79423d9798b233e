import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { dataDir } from '@/lib/db/client';
import type { FoundColumns } from '@/lib/formats/format';
import type { ColumnMapping } from '@/lib/schemas/column-mapping';
import { type ImportFile, isPacked, SMALL_BYTES } from './import-file';
import { type ImportBatch, ImportReading, type ReadJudgements } from './import-reading';
import { startThread } from './thread';

/** What waits of larger ones waits on the disk. */
const IN_MEMORY_BYTES = 8 * 1024 * 1024;

/** Much of what the thread makes is garbage at once; room for it is memory that the server does not have back. */
const MEMORY = { maxYoungGenerationSizeMb: 32, maxOldGenerationSizeMb: 1024 };

export interface OpenImport {
  /** The next batch, which is read while the one before is stored; null at the end. */
  next(): Promise<ImportBatch | null>;
  columns(): Promise<FoundColumns>;
  /** The judgements of some prompts, once everything is read; null at the end. */
  judgements(): Promise<ReadJudgements[] | null>;
  close(): Promise<void>;
}

const importsFolder = () => join(/*turbopackIgnore: true*/ dataDir(), 'imports');

/** Deletes what waited for imports of servers that died, if it is older than this. */
export async function sweepImportFolders(olderThanMs: number): Promise<void> {
  for (const name of await readdir(importsFolder()).catch((): string[] => [])) {
    const path = join(/*turbopackIgnore: true*/ importsFolder(), name);
    const info = await stat(path).catch(() => null);
    if (info && info.mtimeMs <= Date.now() - olderThanMs) await rm(path, { recursive: true, force: true });
  }
}

/** @param jobId names the folder in which things wait */
export async function openImport(
  file: ImportFile,
  mapping: ColumnMapping | undefined,
  jobId: string,
): Promise<OpenImport> {
  const isSmall = file instanceof Uint8Array && file.length <= IN_MEMORY_BYTES && !isPacked(file);
  const folder = isSmall ? null : join(importsFolder(), jobId);
  const order = { file, mapping, folder };
  if (isSmall && file.length <= SMALL_BYTES) {
    const reading = await ImportReading.open(order);
    return {
      next: () => reading.next(),
      columns: async () => reading.columns,
      judgements: () => reading.judgements(),
      close: () => reading.close(),
    };
  }
  const thread = startThread('import-reading-worker', order, MEMORY);
  let ahead: Promise<unknown> | null = null;
  return {
    async next() {
      const batch = (await (ahead ?? thread.ask('next'))) as ImportBatch | null;
      ahead = batch && thread.ask('next');
      // Nobody may have asked for it when the thread fails; the next call then throws it.
      ahead?.catch(() => undefined);
      return batch;
    },
    columns: async () => (await thread.ask('columns')) as FoundColumns,
    judgements: async () => (await thread.ask('judgements')) as ReadJudgements[] | null,
    async close() {
      await thread.end();
      if (folder !== null) await rm(folder, { recursive: true, force: true });
    },
  };
}
