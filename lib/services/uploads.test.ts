import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { sweepTemporaryFiles } from '@/lib/db/files';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { removeMember, setMemberRole } from './members';
import { encode, person, projectWithPeople, refusal } from './people.test-support';
import { readModelFile } from './read-model-file';
import { removeModel } from './remove-model';
import { beginModelUpload, finishModelUpload, startModelFile, storeModelFile } from './upload-model';
import {
  appendToUpload,
  discardUpload,
  finishUpload,
  readUpload,
  startProjectUpload,
  sweepUploads,
  UPLOADS_EXPIRE_AFTER_MS,
  viewUpload,
} from './uploads';

let folder: string;
const before = process.env.DATA_DIR;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rescue-uploads-'));
  process.env.DATA_DIR = folder;
});
afterAll(async () => {
  if (before === undefined) delete process.env.DATA_DIR;
  else process.env.DATA_DIR = before;
  await rm(folder, { recursive: true, force: true });
});

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const onDisk = () => readdir(join(folder, 'uploads')).catch((): string[] => []);
const file = new Uint8Array(300_000).map((_, i) => (i * 7919) % 256);

async function* pieces(bytes: Uint8Array, size = 10_000) {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}
/** A connection that breaks behind these bytes. */
async function* broken(bytes: Uint8Array) {
  yield* pieces(bytes);
  throw new Error('The connection broke.');
}
/** A connection of which nothing more is heard, not even its end. */
async function* silent(bytes: Uint8Array) {
  yield* pieces(bytes);
  await new Promise(() => undefined);
}

async function begun(db: Database, name = 'answers.jsonl 1') {
  const { researcher, projectId, ...others } = await projectWithPeople(db);
  const { id } = await startProjectUpload(researcher, db, projectId, { name, bytes: file.length });
  const send = (offset: number, body: AsyncIterable<Uint8Array>) =>
    appendToUpload(researcher, db, id, { offset, body });
  return { researcher, projectId, id, send, ...others };
}

describeOnEachDatabase('an upload', (database) => {
  it('continues at the byte where the connection broke, and is complete at its end', async () => {
    const db = database();
    const { researcher, projectId, id, send } = await begun(db);
    await expect(send(0, broken(file.subarray(0, 120_000)))).rejects.toThrow('broke');
    const wanted = { name: 'answers.jsonl 1', bytes: file.length };
    expect(await startProjectUpload(researcher, db, projectId, wanted)).toEqual({
      id,
      bytes: file.length,
      offset: 120_000,
      sha256: null,
    });
    await send(120_000, pieces(file.subarray(120_000)));
    expect(await finishUpload(researcher, db, id, sha256(file))).toMatchObject({
      offset: 300_000,
      sha256: sha256(file),
    });
    expect(await readUpload(researcher, db, id, projectId)).toEqual(file);
    await discardUpload(researcher, db, id);
    expect(await onDisk()).not.toContain(id);
  });

  it('takes no bytes at another offset than its end, and says where that is', async () => {
    const db = database();
    const { send } = await begun(db);
    await send(0, pieces(file.subarray(0, 50_000)));
    for (const offset of [0, 49_999, 50_001]) {
      const { details } = await refusal(send(offset, pieces(file.subarray(0, 10))), 'conflict');
      expect(details).toEqual({ offset: 50_000 });
    }
    expect((await send(50_000, pieces(file.subarray(50_000)))).offset).toBe(300_000);
    await refusal(send(300_000, pieces(file.subarray(0, 1))), 'invalid');
  });

  it('is taken over from a connection that hangs', async () => {
    const db = database();
    const { id, researcher, send } = await begun(db);
    const hanging = refusal(send(0, silent(file.subarray(0, 20_000))), 'conflict');
    while ((await viewUpload(researcher, db, id)).offset < 20_000) await new Promise((next) => setTimeout(next, 5));
    expect((await send(20_000, pieces(file.subarray(20_000)))).offset).toBe(300_000);
    expect((await hanging).details).toEqual({ offset: 20_000 });
    await finishUpload(researcher, db, id, sha256(file));
  });

  it('whose bytes changed on the way is refused and thrown away; one that is not whole stays', async () => {
    const db = database();
    const { id, researcher, projectId, send } = await begun(db);
    await send(0, pieces(file.subarray(0, 299_999)));
    const early = await refusal(finishUpload(researcher, db, id, sha256(file)), 'conflict');
    expect(early.details).toEqual({ offset: 299_999 });
    await refusal(readUpload(researcher, db, id, projectId), 'conflict');
    await send(299_999, pieces(Uint8Array.of(file.at(-1)! ^ 1)));
    await refusal(finishUpload(researcher, db, id, sha256(file)), 'invalid');
    await refusal(viewUpload(researcher, db, id), 'not_found');
    expect(await onDisk()).not.toContain(id);
  });

  it('is nobody else’s, and no longer its person’s when he or she left the project', async () => {
    const db = database();
    const { id, researcher, projectId, send, annotator, outsiders } = await begun(db);
    const admin = await person(db, 'admin');
    await send(0, pieces(file.subarray(0, 10_000)));
    const attempts = (actor: Actor) => [
      () => viewUpload(actor, db, id),
      () => appendToUpload(actor, db, id, { offset: 10_000, body: pieces(file.subarray(10_000)) }),
      () => finishUpload(actor, db, id, sha256(file)),
      () => readUpload(actor, db, id, projectId),
      () => discardUpload(actor, db, id),
    ];
    for (const actor of [admin, annotator, ...outsiders]) {
      for (const attempt of attempts(actor)) await refusal(attempt(), 'not_found');
    }
    // A project keeps a researcher.
    await setMemberRole(admin, db, projectId, { userId: admin.userId, role: 'researcher' });
    await removeMember(admin, db, projectId, researcher.userId);
    for (const attempt of attempts(researcher)) await refusal(attempt(), 'not_found');
    await refusal(startProjectUpload(annotator, db, projectId, { name: 'x', bytes: 1 }), 'forbidden');
    await refusal(startProjectUpload(outsiders[0]!, db, projectId, { name: 'x', bytes: 1 }), 'not_found');
  });

  it('is for the project that it was sent for, and for no model', async () => {
    const db = database();
    const { id, researcher, send } = await begun(db);
    await send(0, pieces(file));
    await finishUpload(researcher, db, id, sha256(file));
    const elsewhere = await projectWithPeople(db);
    await refusal(readUpload(researcher, db, id, elsewhere.projectId), 'not_found');
  });

  it('gives way to later ones of the same person, the one left alone the longest first', async () => {
    const db = database();
    const { researcher, projectId } = await projectWithPeople(db);
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      const { id } = await startProjectUpload(researcher, db, projectId, { name, bytes: 10 });
      await appendToUpload(researcher, db, id, { offset: 0, body: pieces(encode(name)) });
      ids.push(id);
    }
    await refusal(viewUpload(researcher, db, ids[0]!), 'not_found');
    for (const id of ids.slice(1)) expect((await viewUpload(researcher, db, id)).offset).toBe(1);
    expect((await onDisk()).filter((name) => ids.includes(name)).sort()).toEqual(ids.slice(1).sort());
  });

  it('expires when nobody goes on with it; bytes that belong to none are swept', async () => {
    const db = database();
    const { id, researcher, send } = await begun(db);
    await send(0, pieces(file.subarray(0, 10_000)));
    await writeFile(join(folder, 'uploads', 'nobody-knows'), 'x');
    await sweepUploads(db);
    expect((await viewUpload(researcher, db, id)).offset).toBe(10_000);
    expect(await onDisk()).not.toContain('nobody-knows');
    await sweepUploads(db, Date.now() + UPLOADS_EXPIRE_AFTER_MS + 60_000);
    await refusal(viewUpload(researcher, db, id), 'not_found');
    expect(await onDisk()).not.toContain(id);
  });

  it('carries a model’s files, and goes with a model that is removed', async () => {
    const db = database();
    const admin = await person(db, 'admin');
    const names = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'];
    const contents = new Map<string, Uint8Array>();
    for (const name of names) contents.set(name, await readFile(resolve('public/models/demo', name)));
    const files = [...contents].map(([name, { length }]) => ({ name, bytes: length, modified: 1 }));
    const { id: model } = await beginModelUpload(admin, db, { name: 'Mine', folder: 'mine', files });
    for (const [name, bytes] of contents) {
      const { id } = await startModelFile(admin, db, model, name);
      const half = bytes.length >> 1;
      const first = { offset: 0, body: broken(bytes.subarray(0, half)) };
      await expect(appendToUpload(admin, db, id, first)).rejects.toThrow('broke');
      const again = await startModelFile(admin, db, model, name);
      expect(again).toMatchObject({ id, offset: half });
      await appendToUpload(admin, db, id, { offset: half, body: pieces(bytes.subarray(half)) });
      await refusal(storeModelFile(admin, db, model, { name, uploadId: id }), 'conflict');
      await finishUpload(admin, db, id, sha256(bytes));
      await storeModelFile(admin, db, model, { name, uploadId: id });
      expect(await onDisk()).not.toContain(id);
    }
    await finishModelUpload(admin, db, model);
    const { stream } = await readModelFile(admin, db, model, 'model.safetensors');
    const hash = createHash('sha256');
    for await (const piece of stream) hash.update(piece);
    expect(hash.digest('hex')).toBe(sha256(contents.get('model.safetensors')!));

    const other = await beginModelUpload(admin, db, { name: 'Other', folder: 'other', files });
    const { id } = await startModelFile(admin, db, other.id, 'config.json');
    await appendToUpload(admin, db, id, { offset: 0, body: pieces(contents.get('config.json')!) });
    await removeModel(admin, db, other.id);
    await removeModel(admin, db, model);
    expect(await onDisk()).not.toContain(id);
  });
});

it('temporary files of a killed server are deleted, but not those that may be another server’s', async () => {
  const files = join(folder, 'files');
  await writeFile(join(files, '.partial-left-behind'), 'x');
  await writeFile(join(files, 'a'.repeat(64)), 'kept');
  await sweepTemporaryFiles(60_000);
  expect(await readdir(files)).toContain('.partial-left-behind');
  await sweepTemporaryFiles();
  expect(await readdir(files)).toEqual(['a'.repeat(64)]);
});
