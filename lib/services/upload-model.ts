import { requireUuid } from '@/lib/auth/in-project';
import { type Actor, authorize } from '@/lib/auth/permissions';
import { conflict, invalid, notFound, Refusal } from '@/lib/auth/refusal';
import {
  type AddedModelFileRow,
  type AddedModelRow,
  addedModelById,
  deleteAddedModelFile,
  insertAddedModel,
  listAddedModelFiles,
  listAddedModelRows,
  setStoredHash,
} from '@/lib/db/added-models';
import type { Database } from '@/lib/db/client';
import { storedFilePath, type WrittenFile, withFileStoreLock, writeTemporaryFile } from '@/lib/db/files';
import { modelById, upsertModel } from '@/lib/db/models';
import type { ModelSummary, UploadModelRequest, UploadPlan } from '@/lib/schemas/model';
import type { UploadState } from '@/lib/schemas/upload';
import { checkFiles } from './check-files';
import { modelSummary } from './list-models';
import { uniqueModelName } from './model-names';
import { discardFile, discardModel } from './remove-model';
import { asRefusal, startOrResumeUpload, takeUpload } from './uploads';

/** Starts the upload of a model's folder, or resumes it when name, sizes and modification times are the same. */
export async function beginModelUpload(actor: Actor, db: Database, request: UploadModelRequest): Promise<UploadPlan> {
  authorize(actor, 'models.manage');
  return withFileStoreLock(async () => {
    for (const row of await listAddedModelRows(db)) {
      if (row.source !== 'folder' || row.address !== request.folder || (await modelById(db, row.id))) continue;
      const files = await listAddedModelFiles(db, row.id);
      if (fingerprint(files) === fingerprint(request.files)) return { id: row.id, missing: missingNames(files) };
    }
    const { folder, files } = request;
    return db.transaction(async (tx) => {
      const name = await uniqueModelName(tx, request.name);
      const row = await insertAddedModel(tx, { name, source: 'folder', address: folder, addedBy: actor.userId }, files);
      return { id: row.id, missing: files.map((file) => file.name) };
    });
  });
}

const missingNames = (files: readonly AddedModelFileRow[]) =>
  files.filter(({ sha256 }) => sha256 === null).map(({ name }) => name);

function fingerprint(files: readonly { name: string; bytes: number; modified?: number | null }[]): string {
  return JSON.stringify(files.map(({ name, bytes, modified }) => [name, bytes, modified]).sort());
}

async function requireOpenUpload(actor: Actor, db: Database, id: string): Promise<AddedModelRow> {
  authorize(actor, 'models.manage');
  const row = await addedModelById(db, requireUuid(id));
  if (row?.source !== 'folder') throw notFound('noSuchUpload');
  if (await modelById(db, id)) throw conflict('modelComplete');
  return row;
}

/** Starts or resumes the chunked upload of one file. */
export async function startModelFile(actor: Actor, db: Database, id: string, name: string): Promise<UploadState> {
  const { bytes } = await expectedFile(actor, db, id, name);
  return startOrResumeUpload(db, { userId: actor.userId, projectId: null, modelId: id, name, bytes });
}

async function expectedFile(actor: Actor, db: Database, id: string, name: string): Promise<AddedModelFileRow> {
  await requireOpenUpload(actor, db, id);
  const expected = (await listAddedModelFiles(db, id)).find((file) => file.name === name);
  if (!expected) throw notFound('noSuchUploadFile');
  return expected;
}

/**
 * Stores one file, from the request's body or from a complete chunked upload. It counts as uploaded once all its bytes
 * are on disk and synced.
 */
export async function storeModelFile(
  actor: Actor,
  db: Database,
  id: string,
  file: { name: string } & ({ body: AsyncIterable<Uint8Array> } | { uploadId: string }),
): Promise<{ missing: string[] }> {
  const { name } = file;
  const expected = await expectedFile(actor, db, id, name);
  const written =
    'uploadId' in file ? await takeUpload(actor, db, file.uploadId, id) : await writeModelFile(file.body, expected);
  try {
    if (written.bytes !== expected.bytes) {
      throw invalid('fileCutOff', { file: name, received: written.bytes, expected: expected.bytes });
    }
    return await withFileStoreLock(async () => {
      await requireOpenUpload(actor, db, id);
      await written.commit();
      await setStoredHash(db, id, name, written.sha256);
      if (expected.sha256 && expected.sha256 !== written.sha256) await discardFile(db, expected.sha256);
      return { missing: missingNames(await listAddedModelFiles(db, id)) };
    });
  } finally {
    await written.discard();
  }
}

function writeModelFile(body: AsyncIterable<Uint8Array>, { name, bytes }: AddedModelFileRow): Promise<WrittenFile> {
  return writeTemporaryFile(body, bytes).catch((error: unknown) => {
    throw asRefusal(error, name);
  });
}

/** Checks the uploaded files and makes them a model. Files that are no usable model are refused and deleted. */
export async function finishModelUpload(actor: Actor, db: Database, id: string): Promise<ModelSummary> {
  const row = await requireOpenUpload(actor, db, id);
  const files = await listAddedModelFiles(db, id);
  const missing = missingNames(files);
  if (missing.length > 0) throw conflict('uploadIncomplete', { files: missing.join(', ') });
  const paths = new Map(files.map(({ name, sha256 }) => [name, storedFilePath(sha256!)]));
  try {
    const checked = await checkFiles(paths);
    return await withFileStoreLock(async () => {
      const needed = new Set(checked.files.map(({ name }) => name));
      for (const { name, sha256 } of files.filter((file) => !needed.has(file.name))) {
        await deleteAddedModelFile(db, id, name);
        await discardFile(db, sha256!);
      }
      const { parameters } = checked;
      return modelSummary(await upsertModel(db, { id, name: row.name, kind: 'added', parameters }));
    });
  } catch (error) {
    if (error instanceof Refusal && error.code === 'invalid') await withFileStoreLock(() => discardModel(db, id));
    throw error;
  }
}
