import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runMetrics, runs, scores } from '@/drizzle/schema';
import type { Database } from '@/lib/db/client';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { adapterFilesAt } from '@/lib/schemas/model';
import { createRunRequestSchema, runFinishSchema } from '@/lib/schemas/run';
import type { RunMetric } from '@/trainer/contract/run-event';
import { defaultTrainConfig } from '@/trainer/contract/train-config';
import { createRun } from './create-run';
import { createSnapshot } from './create-snapshot';
import { finishRun } from './finish-run';
import { getRun, listRuns } from './get-run';
import { importPrompts } from './import-prompts';
import { listModels } from './list-models';
import { annotate, encode, projectWithPeople, promptFile, refusal } from './people.test-support';
import { describeModel, readModelFile } from './read-model-file';
import { reportRun, saveScores } from './report-run';
import { rerankRun } from './rerank-run';
import { readRunFile, storeRunFile } from './run-files';

/** Those of the bundled model. */
const modelFileNames = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'];

let folder: string;
let before: string | undefined;
beforeAll(async () => {
  before = process.env.DATA_DIR;
  folder = await mkdtemp(join(tmpdir(), 'rescue-runs-'));
  process.env.DATA_DIR = folder;
});
afterAll(async () => {
  if (before === undefined) delete process.env.DATA_DIR;
  else process.env.DATA_DIR = before;
  await rm(folder, { recursive: true, force: true });
});

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
async function* pieces(bytes: Uint8Array, size = 1000): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}
const whole = async (stream: AsyncIterable<Uint8Array>) => {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return new Uint8Array(Buffer.concat(parts));
};
/** The smallest safetensors file: one tensor of 2 x 3 and its bytes. */
function safetensors(): Uint8Array {
  const header = encode(JSON.stringify({ w: { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] } }));
  const bytes = new Uint8Array(8 + header.length + 24);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  return bytes;
}
const metric = (step: number, more: Partial<RunMetric> = {}): RunMetric => ({
  step,
  epoch: step / 10,
  sftLoss: 2,
  rankLoss: 1,
  loss: 2.1,
  learningRate: 1e-3,
  gradNorm: 1,
  heldOutAccuracy: null,
  elapsedMs: step * 100,
  ...more,
});

async function withSnapshot(db: Database) {
  const people = await projectWithPeople(db);
  await importPrompts(people.researcher, db, people.projectId, promptFile(4));
  await annotate(db, people.annotator, { projectId: people.projectId, externalId: 'p0' }, { a: 0, b: 1, c: 3 });
  const { snapshot } = await createSnapshot(people.researcher, db, people.projectId, { name: 'S', strategy: 'hybrid' });
  return { ...people, snapshot };
}
async function withRun(db: Database) {
  const all = await withSnapshot(db);
  const request = createRunRequestSchema.parse({ snapshotId: all.snapshot.id, modelId: 'demo', config: { epochs: 2 } });
  return { ...all, run: await createRun(all.researcher, db, all.projectId, request) };
}

describeOnEachDatabase('models', (database) => {
  it('lists the bundled one with the parameters that its file holds, and hands out its files alone', async () => {
    const db = database();
    const { researcher } = await projectWithPeople(db);
    const demo = (await listModels(researcher, db)).find(({ id }) => id === 'demo')!;
    expect(demo).toMatchObject({ kind: 'bundled', runId: null });
    expect(demo.parameters).toBeGreaterThan(500_000);
    expect(demo.parameters).toBeLessThan(3_000_000);
    for (const name of modelFileNames) {
      const { bytes, stream } = await readModelFile(researcher, db, 'demo', name);
      expect((await whole(stream)).length).toBe(bytes);
    }
    for (const name of ['README.md', '../../../package.json', '..%2f', '']) {
      await refusal(readModelFile(researcher, db, 'demo', name), 'not_found');
    }
    for (const id of ['nothing', '..', ''])
      await refusal(readModelFile(researcher, db, id, 'config.json'), 'not_found');
  });
});

describeOnEachDatabase('a run', (database) => {
  it('is written down with every default of its config', async () => {
    const db = database();
    const { run, researcher, projectId, snapshot } = await withRun(db);
    expect(run).toMatchObject({ status: 'created', snapshotName: 'S', modelId: 'demo', step: 0, startedAt: null });
    expect(run.config).toEqual({ ...defaultTrainConfig, epochs: 2 });
    expect((await listRuns(researcher, db, projectId)).runs.map(({ id }) => id)).toEqual([run.id]);
    expect((await getRun(researcher, db, run.id)).run).toEqual(run);
    expect(run.snapshotId).toBe(snapshot.id);
  });

  it('of an earlier version with other limits is read, listed and finished as it was', async () => {
    const db = database();
    const { run, researcher, projectId } = await withRun(db);
    const config = { ...run.config, loraRank: 8, loraDropout: 0.95, batchSize: 512 };
    await db.update(runs).set({ config }).where(eq(runs.id, run.id));
    expect((await listRuns(researcher, db, projectId)).runs.map((listed) => listed.config)).toEqual([config]);
    for (const name of modelFileNames) {
      const bytes = name === 'model.safetensors' ? safetensors() : encode('{}');
      await storeRunFile(researcher, db, run.id, { name, sha256: sha256(bytes), body: pieces(bytes) });
    }
    const { modelId } = await finishRun(researcher, db, run.id, { status: 'stopped' });
    expect(modelId).not.toBeNull();
  });

  it('of an earlier version is read with what its config did not say, and without what it says no more', async () => {
    const db = database();
    const { run, researcher, projectId } = await withRun(db);
    const { packing: _, precision: __, ...older } = run.config;
    await db
      .update(runs)
      .set({ config: { ...older, warmupSteps: 10 } })
      .where(eq(runs.id, run.id));
    const read = (await getRun(researcher, db, run.id)).run.config;
    expect(read).toEqual({ ...defaultTrainConfig, epochs: 2 });
    const again = { snapshotId: run.snapshotId, modelId: 'demo', config: read };
    const { config } = await createRun(researcher, db, projectId, createRunRequestSchema.parse(again));
    expect(config).toEqual(read);
  });

  it('with a ranking loss needs pairs; a snapshot of another project and an unknown model are refused', async () => {
    const db = database();
    const { projectId, researcher, annotator } = await projectWithPeople(db);
    await importPrompts(researcher, db, projectId, promptFile(1));
    await annotate(db, annotator, { projectId, externalId: 'p0' }, { a: 1, b: 1, c: 1 });
    const { snapshot } = await createSnapshot(researcher, db, projectId, { name: 'Ties', strategy: 'annotations' });
    expect(snapshot.pairCount).toBe(0);
    const make = (config: object, snapshotId = snapshot.id, modelId = 'demo') =>
      createRun(researcher, db, projectId, createRunRequestSchema.parse({ snapshotId, modelId, config }));
    expect((await refusal(make({}), 'invalid')).message).toMatch(/no preference pairs.*alpha to 0/);
    expect((await make({ alpha: 0 })).status).toBe('created');
    await refusal(make({ alpha: 0 }, snapshot.id, 'unknown'), 'not_found');
    const elsewhere = await withSnapshot(db);
    await refusal(make({}, elsewhere.snapshot.id), 'invalid');
  });

  it('takes reports: a heartbeat, steps once each, repeated or overlapping', async () => {
    const db = database();
    const { run, researcher } = await withRun(db);
    const report = {
      backend: 'wasm',
      step: 2,
      totalSteps: 10,
      metrics: [metric(0, { heldOutAccuracy: 0.5 }), metric(1), metric(2)],
    };
    for (let i = 0; i < 2; i++) expect(await reportRun(researcher, db, run.id, report)).toEqual({ status: 'running' });
    await reportRun(researcher, db, run.id, {
      step: 3,
      totalSteps: 10,
      metrics: [metric(2, { loss: 9 }), metric(3), metric(3, { loss: 8 })],
    });
    const view = await getRun(researcher, db, run.id);
    expect(view.run).toMatchObject({ status: 'running', backend: 'wasm', step: 3, totalSteps: 10 });
    expect(view.run.startedAt).not.toBeNull();
    expect(view.metrics.map(({ step, loss }) => [step, loss])).toEqual([
      [0, 2.1],
      [1, 2.1],
      [2, 9],
      [3, 8],
    ]);
    expect(view.metrics[0]).toEqual(metric(0, { heldOutAccuracy: 0.5 }));
  });

  it('without a report for a minute is interrupted, and running again with the next one', async () => {
    const db = database();
    const { run, researcher, projectId } = await withRun(db);
    const report = { step: 1, totalSteps: 10, metrics: [] };
    await reportRun(researcher, db, run.id, report);
    await db
      .update(runs)
      .set({ heartbeatAt: new Date(Date.now() - 61_000) })
      .where(eq(runs.id, run.id));
    expect((await getRun(researcher, db, run.id)).run.status).toBe('interrupted');
    expect((await listRuns(researcher, db, projectId)).runs[0]!.status).toBe('interrupted');
    await reportRun(researcher, db, run.id, report);
    expect((await getRun(researcher, db, run.id)).run.status).toBe('running');
  });

  it('samples the metrics of a long run and keeps the steps with a held-out accuracy', async () => {
    const db = database();
    const { run, researcher } = await withRun(db);
    for (let page = 0; page < 3; page++) {
      const metrics = Array.from({ length: 2000 }, (_, i) =>
        metric(page * 2000 + i + 1, i === 500 ? { heldOutAccuracy: 0.7 } : {}),
      );
      await reportRun(researcher, db, run.id, { step: 1, totalSteps: 6000, metrics });
    }
    const { metrics } = await getRun(researcher, db, run.id);
    expect(metrics.length).toBeLessThan(2100);
    expect(metrics.filter(({ heldOutAccuracy }) => heldOutAccuracy === 0.7).map(({ step }) => step)).toEqual([
      501, 2501, 4501,
    ]);
    expect(await db.$count(runMetrics, eq(runMetrics.runId, run.id))).toBe(6000);
  });

  it('lists every response by score before and after beside the human tiers', async () => {
    const db = database();
    const { run, researcher } = await withRun(db);
    const rows = (score: (prompt: number, response: string) => number) =>
      [0, 1, 2, 3].flatMap((p) =>
        ['a', 'b', 'c'].map((responseId) => ({
          promptId: `p${p}`,
          responseId,
          score: score(p, responseId),
          heldOut: p === 3,
        })),
      );
    const rank = { a: -3, b: -2, c: -2 } as Record<string, number>;
    for (let i = 0; i < 2; i++)
      await saveScores(researcher, db, run.id, { stage: 'before', scores: rows((_, r) => rank[r]!) });
    await saveScores(researcher, db, run.id, {
      stage: 'after',
      scores: rows((_, r) => -rank[r]!).filter(({ responseId }) => responseId !== 'c'),
    });
    expect(await db.$count(scores, eq(scores.runId, run.id))).toBe(20);
    const page = await rerankRun(researcher, db, run.id, { offset: 0, limit: 3 });
    expect(page).toMatchObject({ total: 4, tiers: ['best', 'good', 'weak', 'bad'] });
    expect(page.prompts.map(({ promptId, heldOut }) => [promptId, heldOut])).toEqual([
      ['p0', false],
      ['p1', false],
      ['p2', false],
    ]);
    expect(page.prompts[0]).toMatchObject({ text: 'Ask 0?' });
    expect(page.prompts[0]!.responses).toEqual([
      {
        responseId: 'b',
        text: expect.any(String),
        source: 'model-b',
        tier: 1,
        before: -2,
        after: 2,
        rankBefore: 1,
        rankAfter: 2,
      },
      {
        responseId: 'a',
        text: expect.any(String),
        source: 'human',
        tier: 0,
        before: -3,
        after: 3,
        rankBefore: 3,
        rankAfter: 1,
      },
      {
        responseId: 'c',
        text: expect.any(String),
        source: 'model-c',
        tier: 3,
        before: -2,
        after: null,
        rankBefore: 1,
        rankAfter: null,
      },
    ]);
    expect(page.prompts[1]!.responses.map(({ tier }) => tier)).toEqual([null, null, null]);
    const rest = await rerankRun(researcher, db, run.id, { offset: 3, limit: 3 });
    expect(rest.prompts.map(({ promptId, heldOut }) => [promptId, heldOut])).toEqual([['p3', true]]);
    expect((await rerankRun(researcher, db, run.id, { offset: 4, limit: 3 })).prompts).toEqual([]);
  });

  it('stores files whole or not at all, and gives them back', async () => {
    const db = database();
    const { run, researcher } = await withRun(db);
    const first = crypto.getRandomValues(new Uint8Array(10_001));
    const store = (name: string, bytes: Uint8Array, sha: string | null = sha256(bytes)) =>
      storeRunFile(researcher, db, run.id, { name, sha256: sha, body: pieces(bytes) });
    const names = async () => (await readdir(join(folder, 'files'))).sort();

    expect(await store('checkpoint.bin', first)).toEqual({
      name: 'checkpoint.bin',
      sha256: sha256(first),
      bytes: 10_001,
    });
    const back = await readRunFile(researcher, db, run.id, 'checkpoint.bin');
    expect(back.bytes).toBe(10_001);
    expect(await whole(back.stream)).toEqual(first);

    const stored = await names();
    await refusal(store('other.bin', first.subarray(1), sha256(first)), 'invalid');
    for (const sha of [null, 'abc', `${sha256(first)}\n`]) await refusal(store('other.bin', first, sha), 'invalid');
    for (const name of ['../evil', '.hidden', 'a/b', '', 'x'.repeat(121), 'a\u0000b'])
      await refusal(store(name, first), 'invalid');
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield first;
      throw new Error('connection lost');
    }
    const cut = storeRunFile(researcher, db, run.id, { name: 'cut.bin', sha256: sha256(first), body: broken() });
    await expect(cut).rejects.toThrow('connection lost');
    expect(await names()).toEqual(stored);
    await refusal(readRunFile(researcher, db, run.id, 'other.bin'), 'not_found');

    // A newer one of the same name replaces it; bytes that nothing refers to go, shared ones stay.
    await store('copy.bin', first);
    const second = crypto.getRandomValues(new Uint8Array(77));
    await store('checkpoint.bin', second);
    expect(await names()).toContain(sha256(first));
    await store('copy.bin', second);
    expect(await names()).not.toContain(sha256(first));
    expect((await getRun(researcher, db, run.id)).files.map(({ name, bytes }) => [name, bytes])).toEqual([
      ['checkpoint.bin', 77],
      ['copy.bin', 77],
    ]);
  });

  it('finished with its four files becomes a model that the next run may start from', async () => {
    const db = database();
    const { run, researcher, projectId, snapshot, outsiders } = await withRun(db);
    await reportRun(researcher, db, run.id, { step: 1, totalSteps: 1, metrics: [metric(1)] });
    const weights = safetensors();
    for (const name of modelFileNames) {
      const bytes = name === 'model.safetensors' ? weights : encode(`{"file":"${name}"}`);
      await storeRunFile(researcher, db, run.id, { name, sha256: sha256(bytes), body: pieces(bytes) });
    }
    const accuracy = { accuracy: 0.6, pairs: 12, prompts: 4, interval: [0.5, 0.7] as [number, number] };
    const evaluation = { heldOut: { before: accuracy, after: { ...accuracy, accuracy: 0.8 } } };
    const done = await finishRun(researcher, db, run.id, { status: 'finished', evaluation });
    expect(done).toEqual({ status: 'finished', modelId: expect.any(String) });
    expect(await finishRun(researcher, db, run.id, { status: 'finished', evaluation })).toEqual(done);
    await refusal(finishRun(researcher, db, run.id, { status: 'failed' }), 'conflict');
    expect(await reportRun(researcher, db, run.id, { step: 9, totalSteps: 9, metrics: [metric(9)] })).toEqual({
      status: 'finished',
    });
    const changed = storeRunFile(researcher, db, run.id, {
      name: 'late.bin',
      sha256: sha256(weights),
      body: pieces(weights),
    });
    await refusal(changed, 'conflict');
    const view = await getRun(researcher, db, run.id);
    expect(view).toMatchObject({ evaluation, trainedModelId: done.modelId });
    expect(view.run).toMatchObject({ status: 'finished', step: 1 });
    expect(view.metrics.map(({ step }) => step)).toEqual([1]);

    const model = (await listModels(researcher, db)).find(({ id }) => id === done.modelId)!;
    expect(model).toMatchObject({
      kind: 'run',
      runId: run.id,
      parameters: 6,
      name: 'Demo model · full · run 1 · alpha 0.1',
    });
    expect(await whole((await readModelFile(researcher, db, model.id, 'model.safetensors')).stream)).toEqual(weights);
    const request = createRunRequestSchema.parse({ snapshotId: snapshot.id, modelId: model.id });
    expect((await createRun(researcher, db, projectId, request)).modelName).toBe(model.name);

    const stranger = outsiders.find(({ role }) => role === 'researcher')!;
    expect((await listModels(stranger, db)).map(({ id }) => id)).not.toContain(model.id);
    await refusal(readModelFile(stranger, db, model.id, 'config.json'), 'not_found');
  });

  it('and no two are called the same, nor are runs, nor are the responses that they write', async () => {
    const db = database();
    const { researcher, projectId, snapshot } = await withSnapshot(db);
    const train = async (modelId: string, config: object, project = projectId, of = snapshot.id, who = researcher) => {
      const request = createRunRequestSchema.parse({ snapshotId: of, modelId, config });
      const run = await createRun(who, db, project, request);
      for (const name of modelFileNames) {
        const bytes = name === 'model.safetensors' ? safetensors() : encode('{}');
        await storeRunFile(who, db, run.id, { name, sha256: sha256(bytes), body: pieces(bytes) });
      }
      const { modelId: id } = await finishRun(who, db, run.id, { status: 'finished' });
      const { name } = (await listModels(who, db)).find((model) => model.id === id)!;
      return { id: id!, name, number: run.number };
    };
    const first = await train('demo', { alpha: 0.5 });
    const second = await train('demo', { alpha: 0.5 });
    const third = await train(second.id, { alpha: 0 });
    expect([first, second, third].map(({ name }) => name)).toEqual([
      'Demo model · full · run 1 · alpha 0.5',
      'Demo model · full · run 2 · alpha 0.5',
      'Demo model · full · run 3 · alpha 0 · from run 2',
    ]);
    expect([first, second, third].map(({ number }) => number)).toEqual([1, 2, 3]);
    expect((await listRuns(researcher, db, projectId)).runs.map(({ number }) => number)).toEqual([3, 2, 1]);
    const other = await withSnapshot(db);
    const elsewhere = await train('demo', { alpha: 0.5 }, other.projectId, other.snapshot.id, other.researcher);
    expect(elsewhere).toMatchObject({ number: 1, name: 'Demo model · full · run 1 · alpha 0.5 (2)' });
  });

  it('that trained an adapter becomes its base with the adapter on top, and so on for the next', async () => {
    const db = database();
    const { run, researcher, projectId, snapshot } = await withRun(db);
    const adapter = (label: string) => ({
      'adapter_config.json': encode(label),
      'adapter_model.safetensors': safetensors(),
    });
    const finish = async (runId: string, files: Record<string, Uint8Array>) => {
      await reportRun(researcher, db, runId, { step: 1, totalSteps: 1, metrics: [], trainedParameters: 6 });
      for (const [name, bytes] of Object.entries(files))
        await storeRunFile(researcher, db, runId, { name, sha256: sha256(bytes), body: pieces(bytes) });
      return (await finishRun(researcher, db, runId, { status: 'finished' })).modelId!;
    };
    const first = await finish(run.id, adapter('first'));
    expect((await getRun(researcher, db, run.id)).run.trainedParameters).toBe(6);
    const request = createRunRequestSchema.parse({ snapshotId: snapshot.id, modelId: first, config: { loraRank: 4 } });
    const next = await createRun(researcher, db, projectId, request);
    const second = await finish(next.id, adapter('second'));

    const base = await describeModel(researcher, db, 'demo');
    expect(base).toMatchObject({ name: 'Demo model', adapters: 0 });
    expect(base.files.map(({ name }) => name).sort()).toEqual([...modelFileNames].sort());
    const manifest = await describeModel(researcher, db, second);
    expect(manifest.adapters).toBe(2);
    const names = [0, 1].map(adapterFilesAt).flatMap(({ config, weights }) => [config, weights]);
    expect(manifest.files.map(({ name }) => name).sort()).toEqual([...modelFileNames, ...names].sort());
    for (const { name, bytes } of manifest.files)
      expect((await whole((await readModelFile(researcher, db, second, name)).stream)).length).toBe(bytes);
    const read = async (name: string) => whole((await readModelFile(researcher, db, second, name)).stream);
    expect(await read(adapterFilesAt(0).config)).toEqual(encode('first'));
    expect(await read(adapterFilesAt(1).config)).toEqual(encode('second'));
    expect((await read('config.json')).length).toBeGreaterThan(100);

    const models = await listModels(researcher, db);
    const parameters = (id: string) => models.find((model) => model.id === id)?.parameters;
    expect(parameters(second)).toBe(parameters('demo'));
  });

  it('stopped elsewhere notifies its worker, which may still report its results', async () => {
    const db = database();
    const { run, researcher } = await withRun(db);
    const report = { step: 1, totalSteps: 5, metrics: [metric(1)] };
    await reportRun(researcher, db, run.id, report);
    expect(await finishRun(researcher, db, run.id, { status: 'stopped' })).toEqual({
      status: 'stopped',
      modelId: null,
    });
    expect(await reportRun(researcher, db, run.id, { ...report, step: 2 })).toEqual({ status: 'stopped' });
    for (const name of modelFileNames) {
      const bytes = name === 'model.safetensors' ? safetensors() : encode('{}');
      await storeRunFile(researcher, db, run.id, { name, sha256: sha256(bytes), body: pieces(bytes) });
    }
    expect(await finishRun(researcher, db, run.id, { status: 'stopped' })).toMatchObject({
      status: 'stopped',
      modelId: expect.any(String),
    });
    expect((await getRun(researcher, db, run.id)).run).toMatchObject({ status: 'stopped', step: 1 });
  });

  it('failed says why and becomes no model; weights that are none are refused', async () => {
    const db = database();
    const { run, researcher } = await withRun(db);
    for (const name of modelFileNames) {
      await storeRunFile(researcher, db, run.id, { name, sha256: sha256(encode('{}')), body: pieces(encode('{}')) });
    }
    await refusal(finishRun(researcher, db, run.id, { status: 'finished' }), 'conflict');
    expect((await getRun(researcher, db, run.id)).run.status).toBe('created');
    expect(await finishRun(researcher, db, run.id, { status: 'failed', error: 'out of memory' })).toEqual({
      status: 'failed',
      modelId: null,
    });
    expect((await getRun(researcher, db, run.id)).run).toMatchObject({ status: 'failed', error: 'out of memory' });
    expect(await readFile(join(folder, 'files', sha256(encode('{}'))), 'utf8')).toBe('{}');
  });

  it('failed is told by key, with English beside it for programs, and nothing else is taken for that', async () => {
    const db = database();
    const { run, researcher } = await withRun(db);
    const failure = {
      key: 'ui.failures.notLoaded',
      values: { what: 'snapshot', file: '', reason: { key: 'ui.failures.serverAnswered', values: { status: 503 } } },
    };
    await finishRun(researcher, db, run.id, runFinishSchema.parse({ status: 'failed', failure }));
    expect((await getRun(researcher, db, run.id)).run).toMatchObject({
      failure,
      error: 'The snapshot could not be loaded: the server answered 503.',
    });
    for (const wrong of [{ key: 'no key' }, { key: 'a.b', values: { x: [] } }, { key: 'a.b', more: 1 }]) {
      expect(runFinishSchema.safeParse({ status: 'failed', failure: wrong }).success).toBe(false);
    }
  });
});
