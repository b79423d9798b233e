/** A model with every file that a model can have, through every way that models take: none of them loses one. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hubFiles } from '@/components/train/hub-files';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { createRunRequestSchema, runFinishSchema } from '@/lib/schemas/run';
import { createWasmBackend } from '@/trainer/backends/wasm/wasm-backend';
import { snapshotRecordSchema } from '@/trainer/contract/record';
import { startHubServer } from '@/trainer/fixtures/hub-server';
import { records } from '@/trainer/fixtures/tiny-command-line';
import { type WholeModel, writeWholeModel } from '@/trainer/fixtures/whole-model';
import { scoreRecords } from '@/trainer/infer/score-records';
import { checkModel } from '@/trainer/io/check-model';
import { createDiskStore } from '@/trainer/io/disk-store';
import { parseHubAddress } from '@/trainer/io/hub-address';
import { downloadModel } from '@/trainer/io/hub-download';
import { openHubFolder } from '@/trainer/io/hub-source';
import { type FileSource, readModelFiles, readModelText, readUnchangedText } from '@/trainer/io/model-files';
import { folderSource } from '@/trainer/io/model-folder';
import { trainedFiles } from '@/trainer/io/trained-files';
import { loadModel } from '@/trainer/model/model';
import { addHubModel } from './add-hub-model';
import { checkFiles } from './check-files';
import { createRun } from './create-run';
import { createSnapshot } from './create-snapshot';
import { finishRun } from './finish-run';
import { importPrompts } from './import-prompts';
import { person, projectWithPeople, promptFile } from './people.test-support';
import { describeModel, readModelFile } from './read-model-file';
import { readRunFile, storeRunFile } from './run-files';
import { addServerModel, inspectServerModel } from './server-models';
import { beginModelUpload, finishModelUpload, storeModelFile } from './upload-model';

let folder: string;
let model: WholeModel;
let sharded: WholeModel;
const before = { ...process.env };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rescue-model-files-'));
  process.env.DATA_DIR = join(folder, 'data');
  process.env.MODELS_DIR = join(folder, 'models');
  await mkdir(join(folder, 'models'));
  model = await writeWholeModel(join(folder, 'models', 'whole'));
  sharded = await writeWholeModel(join(folder, 'models', 'sharded'), { sharded: true });
});
afterAll(async () => {
  for (const name of ['DATA_DIR', 'MODELS_DIR', 'HUB_ORIGIN']) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
  await rm(folder, { recursive: true, force: true });
});

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += 1000) yield bytes.subarray(start, start + 1000);
}
async function whole(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

/** What a browser finds behind the model's manifest. */
async function behind(actor: Actor, db: Database, id: string): Promise<FileSource> {
  const names = new Set((await describeModel(actor, db, id)).files.map(({ name }) => name));
  return {
    pathOf: (name) => name,
    read: async (name) => (names.has(name) ? whole((await readModelFile(actor, db, id, name)).stream) : undefined),
  };
}

async function expectSame(source: FileSource, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  for (const [name, bytes] of files) {
    expect(Buffer.compare((await source.read(name)) ?? Buffer.from('absent'), bytes), name).toBe(0);
  }
  expect(await source.read('README.md')).toBeUndefined();
}

async function scoresOf(source: FileSource) {
  const backend = await createWasmBackend();
  const loaded = await loadModel(await readModelFiles(source), backend);
  const scores = await scoreRecords({
    model: loaded,
    records: records.map((record) => snapshotRecordSchema.parse(record)),
  });
  backend.dispose();
  return scores;
}

/** As the page uploads it: everything in the folder is looked at, what makes up the model is sent. */
async function upload(admin: Actor, db: Database, name: string): Promise<string> {
  const at = join(folder, 'models', name);
  const { files } = await checkFiles(new Map((await readdir(at)).map((file) => [file, join(at, file)])));
  const request = { name, folder: name, files: files.map((file) => ({ ...file, modified: 1 })) };
  const { id, missing } = await beginModelUpload(admin, db, request);
  for (const file of missing) {
    await storeModelFile(admin, db, id, { name: file, body: pieces(await readFile(join(at, file))) });
  }
  return (await finishModelUpload(admin, db, id)).id;
}

describeOnEachDatabase('every file of a model comes through', (database) => {
  it.each(['whole', 'sharded'])('a folder upload and a folder of the server: %s weights', async (name) => {
    const db = database();
    const admin = await person(db, 'admin');
    const { all } = name === 'whole' ? model : sharded;
    const uploaded = await behind(admin, db, await upload(admin, db, name));
    await expectSame(uploaded, all);
    const found = await inspectServerModel(admin, name);
    const onServer = await behind(admin, db, (await addServerModel(admin, db, { name, folder: name }, found)).id);
    await expectSame(onServer, all);
    expect(await scoresOf(onServer)).toEqual(await scoresOf(folderSource(join(folder, 'models', 'whole'))));
  });

  it('a run, and the download of what it made: the model answers as the one that it came from', async () => {
    const db = database();
    const { researcher, projectId } = await projectWithPeople(db);
    const start = await upload(await person(db, 'admin'), db, 'whole');
    await importPrompts(researcher, db, projectId, promptFile(3));
    const { snapshot } = await createSnapshot(researcher, db, projectId, { name: 's', strategy: 'hybrid' });
    const request = createRunRequestSchema.parse({ snapshotId: snapshot.id, modelId: start });
    const { id: runId } = await createRun(researcher, db, projectId, request);
    const source = await behind(researcher, db, start);
    const backend = await createWasmBackend();
    const loaded = await loadModel(await readModelFiles(source), backend);
    for (const { name, bytes } of await trainedFiles(loaded, await readUnchangedText(source))) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      await storeRunFile(researcher, db, runId, { name, sha256, body: pieces(bytes) });
    }
    backend.dispose();
    const { modelId } = await finishRun(researcher, db, runId, runFinishSchema.parse({ status: 'finished' }));
    const trained = await behind(researcher, db, modelId!);
    await expectSame(trained, model.kept);
    for (const [name, bytes] of model.kept) {
      const { stream } = await readRunFile(researcher, db, runId, name);
      expect(Buffer.compare(await whole(stream), bytes), name).toBe(0);
    }
    const scores = await scoresOf(trained);
    expect(scores).toEqual(await scoresOf(source));
    const without = {
      ...trained,
      read: async (name: string) => (name.endsWith('.jinja') ? undefined : trained.read(name)),
    };
    expect(await scoresOf(without)).not.toEqual(scores);
  });

  it.each(['whole', 'sharded'])('a hub, into the store of a browser: %s weights', async (name) => {
    const db = database();
    const admin = await person(db, 'admin');
    const hub = await startHubServer();
    process.env.HUB_ORIGIN = hub.origin;
    const { all } = name === 'whole' ? model : sharded;
    for (const [file, bytes] of all) hub.files.set(`owner/name/c0ffee/${file}`, bytes);
    hub.files.set('owner/name/c0ffee/README.md', Buffer.from('not needed'));
    const { address, source } = await openHubFolder(parseHubAddress(`${hub.origin}/owner/name`));
    const { files } = await checkModel(source);
    expect(files.map((file) => file.name).sort()).toEqual([...all.keys()].sort());
    const pinned = `${hub.origin}/owner/name/tree/${address.revision}`;
    const config = JSON.parse(Buffer.from((await source.read('config.json'))!).toString());
    const { id } = await addHubModel(admin, db, { name, address: pinned, config, files: [...files] });
    const { hub: manifested } = await describeModel(admin, db, id);
    const store = createDiskStore(join(folder, `store-${name}`));
    const opened = hubFiles(manifested!, {
      openStore: async () => store,
      onBytes: () => {},
      signal: new AbortController().signal,
    });

    hub.requests.length = 0;
    await readModelText(opened);
    await readUnchangedText(opened);
    expect(hub.requests.filter((request) => request.includes('.safetensors'))).toEqual([]);

    expect(await scoresOf(opened)).toEqual(await scoresOf(folderSource(join(folder, 'models', 'whole'))));
    expect(await downloadModel({ address, store })).toBe(
      `${new URL(hub.origin).host.replace(':', '_')}/owner/name/c0ffee`,
    );
    await hub.close();
    await expectSame({ ...opened, read: async (file) => (file === 'README.md' ? undefined : opened.read(file)) }, all);
    expect(await opened.read('chat_template.jinja')).toBeDefined();
    expect((await stat(join(folder, `store-${name}`))).isDirectory()).toBe(true);
  });

  it('a hub that is gone leaves a downloaded model without optional files as it is', async () => {
    const hub = await startHubServer();
    for (const file of ['config.json', 'tokenizer.json', 'model.safetensors']) {
      hub.files.set(`owner/plain/c0ffee/${file}`, model.all.get(file)!);
    }
    const store = createDiskStore(join(folder, 'store-plain'));
    const opened = hubFiles(`${hub.origin}/owner/plain/tree/c0ffee`, {
      openStore: async () => store,
      onBytes: () => {},
      signal: new AbortController().signal,
    });
    await readModelFiles(opened);
    await hub.close();
    expect((await readUnchangedText(opened)).map(({ name }) => name)).toEqual(['tokenizer.json']);
    expect(await opened.read('chat_template.jinja')).toBeUndefined();
  });
});
