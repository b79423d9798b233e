import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { ImportBeginning } from '@/lib/containers/read-import';
import { threadFile } from '@/lib/db/installation';
import type { ParsedPrompts } from '@/lib/formats/format';
import type { ColumnMapping } from '@/lib/schemas/column-mapping';
import { fileParsers, type ParsedFile, type ParserName } from './file-parsers';
import { type ImportFile, isPacked, SMALL_BYTES } from './import-file';

/** Parses a file without blocking the event loop. It never throws because of the file's content. */
export async function parseFile<R extends ParserName>(
  reading: R,
  file: ImportFile,
  mapping?: ColumnMapping,
): Promise<ParsedFile<R>> {
  if (file instanceof Uint8Array && file.length <= SMALL_BYTES && !isPacked(file))
    return (await fileParsers[reading](file, mapping)) as ParsedFile<R>;
  const worker = new Worker(/*turbopackIgnore: true*/ threadFile('parse-file-worker'), {
    workerData: { reading, file, mapping },
  });
  try {
    // A worker that fails emits 'error', which once() throws.
    const [{ rest, count }] = (await once(worker, 'message')) as [{ rest: unknown; count: number }];
    const items: unknown[] = [];
    while (items.length < count) {
      worker.postMessage('next');
      const [slice] = (await once(worker, 'message')) as [unknown[]];
      for (const item of slice) items.push(item);
      await nextTurn();
    }
    return { items, rest } as ParsedFile<R>;
  } finally {
    await worker.terminate();
  }
}

/** The prompts and judgements that an import file begins with. */
export async function parseImport(file: ImportFile, mapping?: ColumnMapping): Promise<ImportBeginning> {
  const { items, rest } = await parseFile('prompts', file, mapping);
  const prompts: ParsedPrompts['prompts'] = [];
  const judgements: ParsedPrompts['judgements'] = [];
  for (const item of items) {
    if ('prompt' in item) prompts.push(item);
    else judgements.push(item);
  }
  return { prompts, judgements, ...rest };
}
