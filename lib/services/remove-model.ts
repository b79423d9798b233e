import { requireUuid } from '@/lib/auth/in-project';
import { type Actor, authorize } from '@/lib/auth/permissions';
import { conflict, notFound } from '@/lib/auth/refusal';
import {
  addedModelById,
  countFilesByHash,
  countRunsOfModel,
  deleteAddedModel,
  listAddedModelFiles,
} from '@/lib/db/added-models';
import type { Database } from '@/lib/db/client';
import { removeStoredFile, withFileStoreLock } from '@/lib/db/files';
import { uploadsOfModel } from '@/lib/db/uploads';
import { removeUpload } from './uploads';

/**
 * Removes an added model, complete or not, with the files that were uploaded for it.
 * @throws Refusal 'conflict' when runs started from it, since their adapters are useless without it
 */
export async function removeModel(actor: Actor, db: Database, id: string): Promise<void> {
  authorize(actor, 'models.manage');
  const row = await addedModelById(db, requireUuid(id));
  if (!row) throw notFound('onlyAddedRemoved');
  await withFileStoreLock(async () => {
    const runs = await countRunsOfModel(db, id);
    if (runs > 0) {
      throw conflict('modelInUse', { name: row.name, runs });
    }
    await discardModel(db, id);
  });
}

/** The caller must hold the lock of `exclusively`. */
export async function discardModel(db: Database, id: string): Promise<void> {
  const files = await listAddedModelFiles(db, id);
  for (const upload of await uploadsOfModel(db, id)) await removeUpload(db, upload.id);
  await db.transaction((tx) => deleteAddedModel(tx, id));
  for (const { sha256 } of files) if (sha256) await discardFile(db, sha256);
}

/** Deletes a stored file that nothing refers to any more. The caller must hold the lock of `exclusively`. */
export async function discardFile(db: Database, sha256: string): Promise<void> {
  if ((await countFilesByHash(db, sha256)) === 0) await removeStoredFile(sha256);
}
