import type { Actor } from '@/lib/auth/permissions';
import { conflict, invalid, notFound, tooLarge } from '@/lib/auth/refusal';
import { countFilesByHash } from '@/lib/db/added-models';
import type { Database } from '@/lib/db/client';
import {
  FileTooLargeError,
  openFile,
  removeStoredFile,
  storedFilePath,
  withFileStoreLock,
  writeTemporaryFile,
} from '@/lib/db/files';
import { findRunFile, upsertRunFile } from '@/lib/db/runs';
import { MAX_RUN_FILE_BYTES, runFileNameSchema } from '@/lib/schemas/run';
import { messageOfIssue } from '@/trainer/contract/issues';
import { acceptsFiles } from '@/trainer/contract/run-status';
import type { FileContent } from './read-model-file';
import { accessibleRun } from './run-access';

/**
 * Stores a file of a run. It is streamed to disk and synced before its row is written. A file of the same name is
 * replaced, and its bytes are deleted when nothing else refers to them.
 * @param sha256 the hash in hex that the sender computed; a body with another hash is refused
 */
export async function storeRunFile(
  actor: Actor,
  db: Database,
  runId: string,
  { name, sha256, body }: { name: string; sha256: string | null; body: AsyncIterable<Uint8Array> },
): Promise<{ name: string; sha256: string; bytes: number }> {
  const run = await accessibleRun(actor, db, 'runs.manage', runId);
  if (!acceptsFiles(run.status)) throw conflict('runFilesStay');
  const parsed = runFileNameSchema.safeParse(name);
  if (!parsed.success) throw invalid('fileName', { reason: messageOfIssue(parsed.error.issues[0]!) });
  if (!sha256 || !/^[0-9a-f]{64}$/.test(sha256)) throw invalid('shaHeader');
  const written = await writeTemporaryFile(body, MAX_RUN_FILE_BYTES).catch((error: unknown) => {
    if (error instanceof FileTooLargeError)
      throw tooLarge('runFileTooLarge', { megabytes: MAX_RUN_FILE_BYTES / 1024 / 1024 });
    throw error;
  });
  try {
    if (written.sha256 !== sha256) {
      throw invalid(
        'shaOfOther',
        {},
        {
          expected: sha256,
          actual: written.sha256,
        },
      );
    }
    return await withFileStoreLock(async () => {
      await written.commit();
      const before = await findRunFile(db, runId, name);
      const row = await upsertRunFile(db, { runId, name, sha256, bytes: written.bytes });
      if (before && before.sha256 !== sha256 && (await countFilesByHash(db, before.sha256)) === 0) {
        await removeStoredFile(before.sha256);
      }
      return { name: row.name, sha256: row.sha256, bytes: row.bytes };
    });
  } finally {
    await written.discard();
  }
}

export async function readRunFile(
  actor: Actor,
  db: Database,
  runId: string,
  name: string,
): Promise<FileContent & { sha256: string }> {
  await accessibleRun(actor, db, 'runs.read', runId);
  const file = await findRunFile(db, runId, name);
  const content = file && (await openFile(storedFilePath(file.sha256)));
  if (!content) throw notFound('noSuchRunFile');
  return { ...content, sha256: file.sha256 };
}
