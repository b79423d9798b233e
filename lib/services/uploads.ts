/**
 * Uploads that go on at the byte where they broke. Each belongs to its person and to one place (a project, or a file of
 * a model that is being added), ends with a check of its SHA-256, and expires when nobody goes on with it.
 */
import { authorizeInProject, requireUuid } from '@/lib/auth/in-project';
import { type Actor, authorize } from '@/lib/auth/permissions';
import { conflict, invalid, notFound, tooLarge } from '@/lib/auth/refusal';
import type { Database } from '@/lib/db/client';
import { FileTooLarge, type WrittenFile } from '@/lib/db/files';
import {
  appendPartial,
  freeBytes,
  hashPartial,
  partialSize,
  readPartial,
  removePartial,
  sweepPartials,
  WrongOffset,
  wholePartial,
} from '@/lib/db/partial-files';
import {
  deleteUpload,
  deleteUploadsBefore,
  insertUpload,
  projectUploadsOf,
  sameUpload,
  touchUpload,
  type UploadOf,
  type UploadRow,
  uploadById,
  uploadIds,
} from '@/lib/db/uploads';
import type { StartUpload, UploadState } from '@/lib/schemas/upload';

/** Of one person, into projects: beginning another one gives up the one that was left alone the longest. */
const MOST_OF_ONE_PERSON = 4;
export const UPLOADS_EXPIRE_AFTER_MS = 3 * 24 * 60 * 60 * 1000;
/** The database lies on the same disk and must be able to go on. */
const KEPT_FREE = 256 * 1024 * 1024;

export async function startProjectUpload(
  actor: Actor,
  db: Database,
  projectId: string,
  { name, bytes }: StartUpload,
): Promise<UploadState> {
  await authorizeInProject(db, actor, 'prompts.import', projectId);
  const others = await projectUploadsOf(db, actor.userId);
  const wanted = { userId: actor.userId, projectId, modelId: null, name, bytes };
  if (!(await sameUpload(db, wanted))) {
    for (const old of others.slice(0, Math.max(0, others.length + 1 - MOST_OF_ONE_PERSON)))
      await dropUpload(db, old.id);
  }
  return start(db, wanted);
}

/** Begins, or goes on with the same file. */
export async function start(db: Database, wanted: UploadOf): Promise<UploadState> {
  const row = (await sameUpload(db, wanted)) ?? (await insertUpload(db, wanted));
  const state = await stateOf(row);
  if (row.bytes - state.offset > (await freeBytes()) - KEPT_FREE) throw tooLarge('diskFull', { file: wanted.name });
  return state;
}

async function stateOf({ id, bytes, sha256 }: UploadRow): Promise<UploadState> {
  return { id, bytes, offset: await partialSize(id), sha256 };
}

/** @throws Refusal 'not_found' to everybody but the person whose upload it is, while he or she may use it */
async function ownUpload(actor: Actor, db: Database, id: string): Promise<UploadRow> {
  const row = await uploadById(db, requireUuid(id));
  if (row?.userId !== actor.userId) throw notFound('noSuchUpload');
  if (row.projectId) await authorizeInProject(db, actor, 'prompts.import', row.projectId);
  else authorize(actor, 'models.manage');
  return row;
}

export async function viewUpload(actor: Actor, db: Database, id: string): Promise<UploadState> {
  return stateOf(await ownUpload(actor, db, id));
}

/**
 * Appends bytes; those that came before a connection broke are kept.
 * @throws Refusal 'conflict' when the upload goes on elsewhere than at `offset`; its details say where
 */
export async function appendToUpload(
  actor: Actor,
  db: Database,
  id: string,
  { offset, body }: { offset: number; body: AsyncIterable<Uint8Array> },
): Promise<UploadState> {
  const row = await ownUpload(actor, db, id);
  if (row.sha256) throw conflict('uploadOffset', {}, { offset: row.bytes });
  try {
    await appendPartial(id, offset, body, row.bytes);
  } catch (error) {
    if (error instanceof WrongOffset) throw conflict('uploadOffset', {}, { offset: error.offset });
    throw asRefusal(error, row.name);
  } finally {
    await touchUpload(db, id);
  }
  return stateOf(row);
}

/** What kept a file from being written as a refusal, where that is the file's or the disk's fault. */
export function asRefusal(error: unknown, file: string): unknown {
  if (error instanceof FileTooLarge) return invalid('fileGrew', { file });
  return (error as NodeJS.ErrnoException).code === 'ENOSPC' ? tooLarge('diskFull', { file }) : error;
}

/** Ends an upload. One whose bytes are others than were sent is thrown away. */
export async function finishUploading(
  actor: Actor,
  db: Database,
  id: string,
  sha256: string | null,
): Promise<UploadState> {
  const row = await ownUpload(actor, db, id);
  if (!sha256 || !/^[0-9a-f]{64}$/.test(sha256)) throw invalid('shaHeader');
  const received = await partialSize(id);
  if (received !== row.bytes) throw conflict('uploadOffset', {}, { offset: received });
  const actual = await hashPartial(id);
  if (actual !== sha256) {
    await dropUpload(db, id);
    throw invalid('uploadDamaged', {}, { expected: sha256, actual });
  }
  await touchUpload(db, id, { sha256 });
  return stateOf({ ...row, sha256 });
}

export async function discardUpload(actor: Actor, db: Database, id: string): Promise<void> {
  await dropUpload(db, (await ownUpload(actor, db, id)).id);
}

export async function dropUpload(db: Database, id: string): Promise<void> {
  await deleteUpload(db, id);
  await removePartial(id);
}

async function completeUpload(actor: Actor, db: Database, id: string): Promise<UploadRow & { sha256: string }> {
  const row = await ownUpload(actor, db, id);
  const { sha256 } = row;
  if (sha256 === null) throw conflict('uploadIncomplete', { files: row.name });
  return { ...row, sha256 };
}

/** All bytes of one that is complete, for the project that it was sent for. */
export async function readUpload(actor: Actor, db: Database, id: string, projectId: string) {
  const row = await completeUpload(actor, db, id);
  if (row.projectId !== projectId) throw notFound('noSuchUpload');
  return readPartial(id);
}

/** One that is complete as a file to keep, for the model that it was sent for. */
export async function takeUpload(actor: Actor, db: Database, id: string, modelId: string): Promise<WrittenFile> {
  const row = await completeUpload(actor, db, id);
  if (row.modelId !== modelId) throw notFound('noSuchUpload');
  const whole = wholePartial(id, row);
  return { ...whole, keep: () => whole.keep().then(() => deleteUpload(db, id)) };
}

/** Those that nobody went on with, and bytes that belong to none. */
export async function sweepUploads(db: Database, now = Date.now()): Promise<void> {
  await deleteUploadsBefore(db, new Date(now - UPLOADS_EXPIRE_AFTER_MS));
  await sweepPartials(await uploadIds(db));
}
