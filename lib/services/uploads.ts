/**
 * Resumable uploads. Each belongs to one person and one destination (a project, or a file of a model that is being
 * added), ends with a check of its SHA-256, and expires when nobody resumes it.
 */
import { authorizeInProject, requireUuid } from '@/lib/auth/in-project';
import { type Actor, authorize } from '@/lib/auth/permissions';
import { conflict, invalid, notFound, tooLarge } from '@/lib/auth/refusal';
import type { Database } from '@/lib/db/client';
import { FileTooLargeError, type WrittenFile } from '@/lib/db/files';
import { uploadsInUse } from '@/lib/db/jobs';
import {
  appendToPartialFile,
  completedPartialFile,
  deletePartialFile,
  freeBytes,
  hashPartialFile,
  OffsetMismatchError,
  partialFilePath,
  partialFileSize,
  readPartialFile,
  sweepOrphanedPartialFiles,
} from '@/lib/db/partial-files';
import {
  deleteUpload,
  deleteUploadsBefore,
  findUpload,
  insertUpload,
  listProjectUploads,
  touchUpload,
  type UploadIdentity,
  type UploadRow,
  uploadById,
  uploadIds,
} from '@/lib/db/uploads';
import { importLimits } from '@/lib/schemas/prompt-import';
import type { StartUpload, UploadState } from '@/lib/schemas/upload';

/** A person's limit of uploads into projects; starting another one deletes the least recently used. */
const MAX_UPLOADS_PER_PERSON = 4;
export const UPLOADS_EXPIRE_AFTER_MS = 3 * 24 * 60 * 60 * 1000;
/** Kept free on the disk, since the database is on the same one. */
const MIN_FREE_BYTES = 256 * 1024 * 1024;

export async function startProjectUpload(
  actor: Actor,
  db: Database,
  projectId: string,
  { name, bytes }: StartUpload,
): Promise<UploadState> {
  await authorizeInProject(db, actor, 'prompts.import', projectId);
  const others = await listProjectUploads(db, actor.userId);
  const wanted = { userId: actor.userId, projectId, modelId: null, name, bytes };
  if (!(await findUpload(db, wanted))) {
    const inUse = await uploadsInUse(db);
    const tooMany = others.slice(0, Math.max(0, others.length + 1 - MAX_UPLOADS_PER_PERSON));
    for (const { id } of tooMany) if (!inUse.has(id)) await removeUpload(db, id);
  }
  return startOrResumeUpload(db, wanted);
}

/** Starts an upload, or resumes that of the same file. */
export async function startOrResumeUpload(db: Database, wanted: UploadIdentity): Promise<UploadState> {
  const row = (await findUpload(db, wanted)) ?? (await insertUpload(db, wanted));
  const state = await uploadState(row);
  if (row.bytes - state.offset > (await freeBytes()) - MIN_FREE_BYTES)
    throw tooLarge('diskFull', { file: wanted.name });
  return state;
}

async function uploadState({ id, bytes, sha256 }: UploadRow): Promise<UploadState> {
  return { id, bytes, offset: await partialFileSize(id), sha256 };
}

/** @throws Refusal 'not_found' for other people's uploads, and when the person may no longer upload there */
async function authorizedUpload(actor: Actor, db: Database, id: string): Promise<UploadRow> {
  const row = await uploadById(db, requireUuid(id));
  if (row?.userId !== actor.userId) throw notFound('noSuchUpload');
  if (row.projectId) await authorizeInProject(db, actor, 'prompts.import', row.projectId);
  else authorize(actor, 'models.manage');
  return row;
}

export async function viewUpload(actor: Actor, db: Database, id: string): Promise<UploadState> {
  return uploadState(await authorizedUpload(actor, db, id));
}

/**
 * Appends bytes; those that arrive before a connection breaks are kept.
 * @throws Refusal 'conflict' when the upload does not continue at `offset`; its details have the right offset
 */
export async function appendToUpload(
  actor: Actor,
  db: Database,
  id: string,
  { offset, body }: { offset: number; body: AsyncIterable<Uint8Array> },
): Promise<UploadState> {
  const row = await authorizedUpload(actor, db, id);
  if (row.sha256) throw conflict('uploadOffset', {}, { offset: row.bytes });
  try {
    await appendToPartialFile(id, offset, body, row.bytes);
  } catch (error) {
    if (error instanceof OffsetMismatchError) throw conflict('uploadOffset', {}, { offset: error.offset });
    throw asRefusal(error, row.name);
  } finally {
    await touchUpload(db, id);
  }
  return uploadState(row);
}

/** Translates an error of writing a file into a refusal, where the file or a full disk caused it. */
export function asRefusal(error: unknown, file: string): unknown {
  if (error instanceof FileTooLargeError) return invalid('fileGrew', { file });
  return (error as NodeJS.ErrnoException).code === 'ENOSPC' ? tooLarge('diskFull', { file }) : error;
}

/** Completes an upload; one whose bytes have another hash is refused and deleted. */
export async function finishUpload(
  actor: Actor,
  db: Database,
  id: string,
  sha256: string | null,
): Promise<UploadState> {
  const row = await authorizedUpload(actor, db, id);
  if (!sha256 || !/^[0-9a-f]{64}$/.test(sha256)) throw invalid('shaHeader');
  const received = await partialFileSize(id);
  if (received !== row.bytes) throw conflict('uploadOffset', {}, { offset: received });
  const actual = await hashPartialFile(id);
  if (actual !== sha256) {
    await removeUpload(db, id);
    throw invalid('uploadDamaged', {}, { expected: sha256, actual });
  }
  await touchUpload(db, id, { sha256 });
  return uploadState({ ...row, sha256 });
}

export async function discardUpload(actor: Actor, db: Database, id: string): Promise<void> {
  await removeUpload(db, (await authorizedUpload(actor, db, id)).id);
}

export async function removeUpload(db: Database, id: string): Promise<void> {
  await deleteUpload(db, id);
  await deletePartialFile(id);
}

async function completeUpload(actor: Actor, db: Database, id: string): Promise<UploadRow & { sha256: string }> {
  const row = await authorizedUpload(actor, db, id);
  const { sha256 } = row;
  if (sha256 === null) throw conflict('uploadIncomplete', { files: row.name });
  return { ...row, sha256 };
}

/** Where the bytes of a complete upload lie, which must be for this project. */
export async function locateUpload(actor: Actor, db: Database, id: string, projectId: string) {
  const { projectId: destination, bytes } = await completeUpload(actor, db, id);
  if (destination !== projectId) throw notFound('noSuchUpload');
  return { path: partialFilePath(id), bytes };
}

/** All bytes of a complete upload, which must be for this project, and no longer than a file that is read whole. */
export async function readUpload(actor: Actor, db: Database, id: string, projectId: string) {
  const { bytes } = await locateUpload(actor, db, id, projectId);
  if (bytes > importLimits.snapshotBytes)
    throw tooLarge('tooLarge', { limit: `${importLimits.snapshotBytes / 2 ** 20} MB` });
  return readPartialFile(id);
}

/** A complete upload as a file for the file store; it must be for this model. */
export async function takeUpload(actor: Actor, db: Database, id: string, modelId: string): Promise<WrittenFile> {
  const row = await completeUpload(actor, db, id);
  if (row.modelId !== modelId) throw notFound('noSuchUpload');
  const completed = completedPartialFile(id, row);
  return { ...completed, commit: () => completed.commit().then(() => deleteUpload(db, id)) };
}

/** Deletes expired uploads, and files that belong to no upload. */
export async function sweepUploads(db: Database, now = Date.now()): Promise<void> {
  await deleteUploadsBefore(db, new Date(now - UPLOADS_EXPIRE_AFTER_MS), await uploadsInUse(db));
  await sweepOrphanedPartialFiles(await uploadIds(db));
}
