import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, truncate, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { createRunRequestSchema } from '@/lib/schemas/run';
import { addHubModel } from './add-hub-model';
import { createRun } from './create-run';
import { createSnapshot } from './create-snapshot';
import { importPrompts } from './import-prompts';
import { listAddedModels } from './list-added-models';
import { listModels } from './list-models';
import { person, projectWithPeople, promptFile, refusal } from './people.test-support';
import { describeModel, readModelFile } from './read-model-file';
import { removeModel } from './remove-model';
import { addServerModel, inspectServerModel } from './server-models';
import { beginModelUpload, finishModelUpload, storeModelFile } from './upload-model';

const demo = resolve('public/models/demo');
const names = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'];

let folder: string;
const before = { ...process.env };
const contents = new Map<string, Uint8Array>();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rescue-models-'));
  process.env.DATA_DIR = join(folder, 'data');
  process.env.MODELS_DIR = join(folder, 'models');
  process.env.HUB_ORIGIN = 'https://hub.example';
  for (const name of names) contents.set(name, await readFile(join(demo, name)));
});
beforeEach(async () => {
  await rm(join(folder, 'models'), { recursive: true, force: true });
  await mkdir(join(folder, 'models', 'team', 'small'), { recursive: true });
  for (const name of names) await cp(join(demo, name), join(folder, 'models', 'team', 'small', name));
});
afterAll(async () => {
  for (const name of ['DATA_DIR', 'MODELS_DIR', 'HUB_ORIGIN']) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
  await rm(folder, { recursive: true, force: true });
});

async function* pieces(bytes: Uint8Array, end = bytes.length): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < end; start += 100_000) yield bytes.subarray(start, Math.min(end, start + 100_000));
}
async function whole(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}
const stored = () => readdir(join(folder, 'data', 'files')).catch((): string[] => []);
const request = (files = contents, modified = 1000) => ({
  name: 'Mine',
  folder: 'mine',
  files: [...files].map(([name, bytes]) => ({ name, bytes: bytes.length, modified })),
});
async function upload(admin: Actor, db: Database, files = contents) {
  const { id, missing } = await beginModelUpload(admin, db, request(files));
  for (const name of missing) await storeModelFile(admin, db, id, { name, body: pieces(files.get(name)!) });
  return finishModelUpload(admin, db, id);
}

const fromServer = async (actor: Actor, db: Database, request: { name: string; folder: string }) =>
  addServerModel(actor, db, request, await inspectServerModel(actor, request.folder));

describeOnEachDatabase('a model from a folder', (database) => {
  it('is uploaded file by file, checked, offered to every researcher, and removed with its bytes', async () => {
    const db = database();
    const admin = await person(db, 'admin');
    const researcher = await person(db, 'researcher');
    const files = new Map([...contents, ['notes.txt', new TextEncoder().encode('not needed')]]);
    const model = await upload(admin, db, files);
    expect(model).toMatchObject({ name: 'Mine', kind: 'added' });
    expect((await listModels(researcher, db)).map(({ id }) => id)).toContain(model.id);
    const { files: listed } = await describeModel(researcher, db, model.id);
    expect(listed.map(({ name }) => name)).toEqual(names);
    for (const name of names) {
      const { stream } = await readModelFile(researcher, db, model.id, name);
      expect(Buffer.compare(await whole(stream), contents.get(name)!)).toBe(0);
    }
    const { models } = await listAddedModels(admin, db);
    expect(models).toMatchObject([
      { name: 'Mine', source: 'folder', address: 'mine', parameters: model.parameters, runs: 0 },
    ]);
    expect((await stored()).length).toBe(4);
    await removeModel(admin, db, model.id);
    expect(await stored()).toEqual([]);
    expect((await listModels(researcher, db)).map(({ id }) => id)).not.toContain(model.id);
  });

  it('goes on after an interruption with the files that are missing, and begins anew when one changed', async () => {
    const db = database();
    const admin = await person(db, 'admin');
    const first = await beginModelUpload(admin, db, request());
    expect(first.missing).toEqual(expect.arrayContaining(names));
    const put = (name: string, end?: number) =>
      storeModelFile(admin, db, first.id, { name, body: pieces(contents.get(name)!, end) });
    await put('config.json');
    expect((await refusal(put('model.safetensors', 5000), 'invalid')).message).toMatch(/^Only 5000 of \d+ bytes/);
    await refusal(finishModelUpload(admin, db, first.id), 'conflict');
    const again = await beginModelUpload(admin, db, request());
    expect(again.id).toBe(first.id);
    expect(again.missing).not.toContain('config.json');
    expect(again.missing).toContain('model.safetensors');
    expect((await beginModelUpload(admin, db, request(contents, 2000))).id).not.toBe(first.id);
    expect((await listAddedModels(admin, db)).models[0]).toMatchObject({
      parameters: null,
      storedBytes: contents.get('config.json')!.length,
    });
    await refusal(
      storeModelFile(admin, db, first.id, { name: 'other.bin', body: pieces(new Uint8Array(1)) }),
      'not_found',
    );
    for (const { id } of (await listAddedModels(admin, db)).models) await removeModel(admin, db, id);
    expect(await stored()).toEqual([]);
  });

  it('that is invalid is refused by file and reason, and nothing of it is stored', async () => {
    const db = database();
    const admin = await person(db, 'admin');
    const cut = new Map([...contents, ['model.safetensors', contents.get('model.safetensors')!.subarray(0, 90_000)]]);
    const { message } = await refusal(upload(admin, db, cut), 'invalid');
    expect(message).toMatch(/^This is not a model that can be trained here\. model\.safetensors: .* the file holds/);
    expect((await listAddedModels(admin, db)).models).toEqual([]);
    expect(await stored()).toEqual([]);
  });

  it('cannot be removed while runs use it', async () => {
    const db = database();
    const admin = await person(db, 'admin');
    const { researcher, projectId } = await projectWithPeople(db);
    await importPrompts(researcher, db, projectId, promptFile(2));
    const { snapshot } = await createSnapshot(researcher, db, projectId, { name: 'S', strategy: 'hybrid' });
    const model = await upload(admin, db);
    const run = createRunRequestSchema.parse({ snapshotId: snapshot.id, modelId: model.id, config: { loraRank: 2 } });
    await createRun(researcher, db, projectId, run);
    expect((await refusal(removeModel(admin, db, model.id), 'conflict')).message).toContain('1 run started from it');
    expect((await stored()).length).toBe(4);
  });
});

describeOnEachDatabase('a model on the server', (database) => {
  it('is found below MODELS_DIR, checked, and read where it lies', async () => {
    const db = database();
    const admin = await person(db, 'admin');
    expect((await listAddedModels(admin, db)).serverFolders).toEqual(['team/small']);
    const model = await fromServer(admin, db, { name: 'Small', folder: 'team/small' });
    const { stream } = await readModelFile(admin, db, model.id, 'config.json');
    expect(Buffer.compare(await whole(stream), contents.get('config.json')!)).toBe(0);

    const weights = join(folder, 'models', 'team', 'small', 'model.safetensors');
    await utimes(weights, new Date(), new Date(Date.now() + 5000));
    expect((await refusal(describeModel(admin, db, model.id), 'conflict')).message).toContain('changed on the server');
    await removeModel(admin, db, model.id);
    expect((await readFile(weights)).length).toBeGreaterThan(0);
  });

  it('outside MODELS_DIR, behind a link or broken, is refused', async () => {
    const db = database();
    const admin = await person(db, 'admin');
    await cp(demo, join(folder, 'outside'), { recursive: true });
    await symlink(join(folder, 'outside'), join(folder, 'models', 'link'));
    for (const path of ['../outside', 'link', '.', 'nowhere', '/etc', 'team/small/config.json']) {
      const { message } = await refusal(fromServer(admin, db, { name: 'X', folder: path }), 'invalid');
      expect(message).toMatch(/^There is no folder/);
    }
    await truncate(join(folder, 'models', 'team', 'small', 'model.safetensors'), 1000);
    const { message } = await refusal(fromServer(admin, db, { name: 'X', folder: 'team/small' }), 'invalid');
    expect(message).toContain('model.safetensors: ');
    const set = process.env.MODELS_DIR;
    delete process.env.MODELS_DIR;
    expect((await listAddedModels(admin, db)).serverFolders).toBeNull();
    process.env.MODELS_DIR = set;
  });
});

describeOnEachDatabase('a model on the hub', (database) => {
  it('is stored by its address; each browser downloads it', async () => {
    const db = database();
    const admin = await person(db, 'admin');
    const config = JSON.parse(Buffer.from(contents.get('config.json')!).toString());
    const hub = (change: object) => ({
      name: 'Hub',
      address: 'https://hub.example/owner/name/tree/c0ffee',
      config,
      files: [{ name: 'model.safetensors', bytes: 5_000_000_000 }],
      ...change,
    });
    const model = await addHubModel(admin, db, hub({}));
    expect(await describeModel(admin, db, model.id)).toMatchObject({
      hub: 'https://hub.example/owner/name/tree/c0ffee',
      files: [],
      adapters: 0,
    });
    expect((await listAddedModels(admin, db)).models).toMatchObject([{ source: 'hub', bytes: 5_000_000_000 }]);
    const elsewhere = hub({ address: 'https://other.example/owner/name' });
    expect((await refusal(addHubModel(admin, db, elsewhere), 'invalid')).message).toContain('https://hub.example only');
    await refusal(addHubModel(admin, db, hub({ config: { ...config, model_type: 'bert' } })), 'invalid');
  });
});

describeOnEachDatabase('adding and removing models', (database) => {
  it('appends a number to a name that is taken, so that sampled responses name distinct models', async () => {
    const db = database();
    const admin = await person(db, 'admin');
    const add = async (name: string) => (await fromServer(admin, db, { name, folder: 'team/small' })).name;
    expect([await add('Small'), await add('small'), await add('Small')]).toEqual(['Small', 'small (2)', 'Small (3)']);
    expect([(await upload(admin, db)).name, (await upload(admin, db)).name]).toEqual(['Mine', 'Mine (2)']);
    const { models } = await listAddedModels(admin, db);
    expect(models.map((model) => model.name)).toEqual(['Small', 'small (2)', 'Small (3)', 'Mine', 'Mine (2)']);
  });

  it('is for administrators only', async () => {
    const db = database();
    const admin = await person(db, 'admin');
    const model = await fromServer(admin, db, { name: 'Small', folder: 'team/small' });
    const { id } = await beginModelUpload(admin, db, request());
    for (const role of ['researcher', 'annotator'] as const) {
      const actor = await person(db, role);
      const attempts = [
        listAddedModels(actor, db),
        beginModelUpload(actor, db, request()),
        storeModelFile(actor, db, id, { name: 'config.json', body: pieces(contents.get('config.json')!) }),
        finishModelUpload(actor, db, id),
        fromServer(actor, db, { name: 'X', folder: 'team/small' }),
        addHubModel(actor, db, { name: 'X', address: 'https://hub.example/a/b', config: {}, files: [] }),
        removeModel(actor, db, model.id),
      ];
      for (const attempt of attempts) await refusal(attempt, 'forbidden');
    }
  });
});
