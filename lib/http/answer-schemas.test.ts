/** Every route on disk, asked for what it can do: what it answers is what lib/http/answer-schemas.ts says. */
import { createHash } from 'node:crypto';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '@/lib/db/client';
import { annotate, encode, promptFile } from '@/lib/services/people.test-support';
import { answerSchemas } from './answer-schemas';
import type { Method } from './body-limits';
import { checkAnswer, openRoutes, type RouteOnDisk, site, type Visitor } from './routes.test-support';

const modelFolder = 'public/models/demo';
let folder: string;
let db: Database;
let close: () => Promise<void>;
let routes: RouteOnDisk[];
let admin: Visitor;
/** What was answered, and not refused. */
const done = new Set<string>();

beforeAll(async () => {
  ({ db, routes, admin, close, dataDir: folder } = await openRoutes());
  await cp(modelFolder, join(folder, 'tiny'), { recursive: true });
});
afterAll(() => close?.());

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

interface Sending {
  json?: unknown;
  bytes?: Uint8Array;
  headers?: Record<string, string>;
  query?: string;
}

/** Asks a route, whose answer is checked on its way, and which must not refuse. @returns its JSON, or its text */
async function ask(
  method: Method,
  path: string,
  params: Record<string, string>,
  { json, bytes, headers, query = '' }: Sending = {},
  // biome-ignore lint/suspicious/noExplicitAny: JSON of as many shapes as there are routes, checked by their schemas
): Promise<any> {
  const handler = routes.find((route) => route.path === path)!.handlers[method]!;
  const filled = path.replace(/\[(?:\.\.\.)?(\w+)\]/g, (_, name: string) => params[name]!);
  const body = bytes ? new Uint8Array(bytes) : json === undefined ? null : JSON.stringify(json);
  const request = new Request(`${site}/api/${filled}${query}`, {
    method,
    body,
    headers: { ...admin.headers, ...headers },
  });
  const answer = await handler(request, { params: Promise.resolve(params) });
  const text = await answer.text();
  expect(answer.ok, `${method} ${path}: ${text}`).toBe(true);
  done.add(`${method} ${path}`);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

describe('the table of answers', () => {
  it('lists exactly the routes on disk', () => {
    const onDisk = routes.flatMap(({ path, handlers }) => Object.keys(handlers).map((method) => `${method} ${path}`));
    const listed = Object.entries(answerSchemas).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(listed.sort()).toEqual(onDisk.sort());
  });

  it('is what each of them answers', { timeout: 120_000 }, async () => {
    await people();
    const projectId = await project();
    await work(projectId);
    const snapshotId = await snapshot(projectId);
    await run(projectId, snapshotId);
    await modelsOfAdmin(projectId);
    await ask('POST', 'demo', {}, { json: {} });
    const missing = Object.entries(answerSchemas).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([method, shape]) => shape !== 'refusal' && !done.has(`${method} ${path}`))
        .map(([method]) => `${method} ${path}`),
    );
    expect(missing).toEqual([]);
  });

  it('the control: a field too many, one that is missing, and a refusal of another form are found', async () => {
    const check = (value: unknown, status = 200) => checkAnswer('me', 'GET', Response.json(value, { status }));
    await check({ user: null, needsSetup: false });
    await expect(check({ user: null, needsSetup: false, secret: 1 })).rejects.toThrow('secret');
    await expect(check({ user: null })).rejects.toThrow('needsSetup');
    await expect(check({ error: 'no' }, 400)).rejects.toThrow('error');
    await expect(checkAnswer('nowhere', 'GET', Response.json({}))).rejects.toThrow('not in the table');
  });
});

async function people(): Promise<void> {
  await ask('GET', 'me', {});
  await ask('GET', 'users', {});
  const { url } = await ask('POST', 'invites', {}, { json: { role: 'annotator' } });
  await ask('GET', 'invites', {});
  const token = new URL(url).pathname.split('/').at(-1)!;
  await ask('GET', 'invites/[token]', { token });
  const newcomer = { name: 'Eve', email: 'eve@example.org', password: 'correct horse battery staple' };
  await ask('POST', 'invites/[token]/accept', { token }, { json: newcomer });
  const { email, password } = newcomer;
  await ask('POST', 'auth/[...all]', { all: 'sign-in/email' }, { json: { email, password } });
  const { invites } = await ask('GET', 'invites', {});
  const { id: inviteId } = await ask('POST', 'invites', {}, { json: { role: 'annotator' } }).then(async () => {
    const { invites: more } = await ask('GET', 'invites', {});
    return more.find(({ id }: { id: string }) => !invites.some((known: { id: string }) => known.id === id));
  });
  await ask('DELETE', 'invites', {}, { json: { inviteId } });
  const { users } = await ask('GET', 'users', {});
  const eve = { userId: users.find((user: { email: string }) => user.email === email).id };
  await ask('PATCH', 'users/[userId]', eve, { json: { role: 'researcher' } });
  const reset = await ask('POST', 'users/[userId]/reset-link', eve);
  const resetToken = new URL(reset.url).pathname.split('/').at(-1)!;
  await ask('GET', 'reset/[resetToken]', { resetToken });
  await ask('POST', 'reset/[resetToken]', { resetToken }, { json: { password } });
  await ask('DELETE', 'users/[userId]/sessions', eve);
  await ask('GET', 'me/sessions', {});
  await ask('DELETE', 'me/sessions', {}, { json: {} });
  await ask('GET', 'audit', {});
  await ask('GET', 'audit/export', {});
}

async function project(): Promise<string> {
  const { project } = await ask('POST', 'projects', {}, { json: { name: 'P', guidelines: 'Be fair.' } });
  const at = { projectId: project.id };
  await ask('GET', 'projects', {});
  await ask('PATCH', 'projects/[projectId]', at, { json: { baseVersion: project.settingsVersion, name: 'Q' } });
  await ask('GET', 'projects/[projectId]', at);
  const { users } = await ask('GET', 'users', {});
  const { id: userId } = users.find(({ name }: { name: string }) => name === 'Eve');
  await ask('POST', 'projects/[projectId]/members', at, { json: { userId, role: 'annotator' } });
  await ask('DELETE', 'projects/[projectId]/members', at, { json: { userId } });
  await ask('GET', 'projects/[projectId]/guidelines', at);
  const guidelines = { baseVersion: 1, body: 'Be fairer.', examples: [] };
  const { current } = await ask('POST', 'projects/[projectId]/guidelines', at, { json: guidelines });
  await ask('POST', 'projects/[projectId]/guidelines/acknowledge', at, { json: { version: current.version } });
  await ask('GET', 'projects/[projectId]/guidelines/history', at);
  await ask('GET', 'projects/[projectId]/guidelines/history/[version]', { ...at, version: String(current.version) });

  const file = promptFile(4);
  await ask('POST', 'projects/[projectId]/import/preview', at, { bytes: file });
  const wrong = encode('{"id":"p9"}\nnot JSON\n');
  expect((await ask('POST', 'projects/[projectId]/import/preview', at, { bytes: wrong })).ok).toBe(false);
  const upload = await ask('POST', 'projects/[projectId]/uploads', at, { json: { name: 'U', bytes: file.length } });
  const to = { uploadId: upload.id };
  const offset = { 'upload-offset': '0' };
  await ask('PATCH', 'uploads/[uploadId]', to, { bytes: file, headers: offset });
  await ask('GET', 'uploads/[uploadId]', to);
  await ask('POST', 'uploads/[uploadId]/finish', to, { headers: { 'x-sha256': sha256(file) } });
  const job = crypto.randomUUID();
  await ask('POST', 'projects/[projectId]/import', at, { headers: { 'x-upload': upload.id }, query: `?job=${job}` });
  await ask('GET', 'jobs/[jobId]', { jobId: job });
  await ask('DELETE', 'jobs/[jobId]', { jobId: job });
  const dropped = await ask('POST', 'projects/[projectId]/uploads', at, { json: { name: 'V', bytes: 1 } });
  await ask('DELETE', 'uploads/[uploadId]', { uploadId: dropped.id });
  return project.id;
}

async function work(projectId: string): Promise<void> {
  const at = { projectId };
  const { tasks } = await ask('GET', 'projects/[projectId]/tasks/next', at);
  const promptId: string = tasks[0].promptId;
  const placements = tasks[0].responses.map(({ id }: { id: string }, tier: number) => ({
    responseId: id,
    state: 'placed',
    tier,
  }));
  const content = { allBad: false, timeOnTaskMs: 5_000, placements };
  const draft = { baseVersion: 0, sequence: 1, content };
  await ask('PUT', 'projects/[projectId]/drafts/[promptId]', { ...at, promptId }, { json: draft });
  await ask('GET', 'projects/[projectId]/tasks/[promptId]', { ...at, promptId });
  const [{ id: tag }] = (await ask('GET', 'projects/[projectId]', at)).project.issueTags;
  const remarks = { comment: 'So so.', tags: [{ responseId: placements[0].responseId, tag }], marks: [] };
  const judged = { ...content, promptId, baseVersion: 0, idempotencyKey: crypto.randomUUID(), remarks };
  await ask('POST', 'projects/[projectId]/annotations', at, { json: judged });
  await ask('GET', 'projects/[projectId]/tasks/[promptId]', { ...at, promptId });
  await ask('GET', 'projects/[projectId]/annotations/mine', at);
  await ask('GET', 'projects/[projectId]/annotations/export', at);
  await ask('GET', 'projects/[projectId]/pace', at, { query: '?since=2026-01-01T00:00:00Z' });
  await ask('GET', 'projects/[projectId]/prompts', at);
  const added = { source: 'a model', prompts: [{ promptId, responses: [{ text: 'Something new.' }] }] };
  await ask('POST', 'projects/[projectId]/responses', at, { json: added });

  const other: string = tasks[1].promptId;
  const change = { promptId: other, idempotencyKey: crypto.randomUUID(), kind: 'flagged' };
  await ask('POST', 'projects/[projectId]/marks', at, { json: { ...change, mark: { kind: 'flagged', note: '!' } } });
  await ask('GET', 'projects/[projectId]/marks', at);
  const resolved = { promptId: other, annotatorId: admin.userId, resolved: true };
  await ask('POST', 'projects/[projectId]/marks/resolve', at, { json: resolved });
  await ask('GET', 'projects/[projectId]/marks/mine', at);

  const named = { annotatorId: admin.userId, prompts: ['p3', 'nowhere'] };
  const assigned = await ask('POST', 'projects/[projectId]/assignments', at, { json: named });
  expect(assigned).toEqual({ assigned: 1, refused: [{ prompt: 'nowhere', reason: 'unknown' }] });
  const { places } = await ask('GET', 'projects/[projectId]/assignments', at);
  const place = { promptId: places[0].promptId, annotatorId: admin.userId };
  await ask('DELETE', 'projects/[projectId]/assignments', at, { json: place });

  const gold = { ...at, promptId };
  await ask('PUT', 'projects/[projectId]/gold/[promptId]', gold, { json: { explanation: 'By the book.' } });
  await ask('GET', 'projects/[projectId]/gold', at);
  await ask('GET', 'projects/[projectId]/gold/[promptId]', gold);
  await ask('GET', 'projects/[projectId]/work', at);
  await ask('GET', 'projects/[projectId]/agreement', at);
  const { userId: annotatorId } = admin;
  await ask('GET', 'projects/[projectId]/answers/[promptId]/[annotatorId]', { ...gold, annotatorId });
  await ask('DELETE', 'projects/[projectId]/gold/[promptId]', gold);
}

async function snapshot(projectId: string): Promise<string> {
  const at = { projectId };
  await annotate(db, admin, { projectId, externalId: 'p2' }, { a: 0, b: 1, c: 2 });
  const wanted = { name: 'S', strategy: 'hybrid' };
  const { snapshot } = await ask('POST', 'projects/[projectId]/snapshots', at, { json: wanted });
  await ask('GET', 'projects/[projectId]/snapshots', at);
  const named = { snapshotId: snapshot.id };
  await ask('GET', 'snapshots/[snapshotId]', named);
  for (const part of ['header', 'pairs', 'records'] as const) await ask('GET', `snapshots/[snapshotId]/${part}`, named);
  const bundle = await ask('GET', 'snapshots/[snapshotId]/bundle', named);
  const { project } = await ask('POST', 'projects', {}, { json: { name: 'Elsewhere' } });
  await ask('POST', 'projects/[projectId]/snapshots/import', { projectId: project.id }, { bytes: encode(bundle) });
  return snapshot.id;
}

async function run(projectId: string, snapshotId: string): Promise<void> {
  const at = { projectId };
  await ask('GET', 'models', {});
  await ask('GET', 'models/[modelId]', { modelId: 'demo' });
  await ask('GET', 'models/[modelId]/files/[name]', { modelId: 'demo', name: 'config.json' });
  const { run } = await ask('POST', 'projects/[projectId]/runs', at, { json: { snapshotId, modelId: 'demo' } });
  const named = { runId: run.id };
  const metric = { step: 0, epoch: 0, sftLoss: 1.5, rankLoss: null, loss: 1.5, learningRate: 0.1, gradNorm: 1 };
  const metrics = [{ ...metric, heldOutAccuracy: null, elapsedMs: 5 }];
  await ask('POST', 'runs/[runId]/report', named, { json: { step: 0, totalSteps: 2, metrics } });
  const score = { promptId: 'p2', responseId: 'a', score: -1.25, heldOut: true };
  await ask('POST', 'runs/[runId]/scores', named, { json: { stage: 'before', scores: [score] } });
  const bytes = encode('{}');
  const file = { ...named, name: 'notes.json' };
  await ask('PUT', 'runs/[runId]/files/[name]', file, { bytes, headers: { 'x-sha256': sha256(bytes) } });
  await ask('GET', 'runs/[runId]/files/[name]', file);
  const failure = { key: 'trainer.noPrompts' };
  await ask('POST', 'runs/[runId]/finish', named, { json: { status: 'failed', failure } });
  await ask('GET', 'runs/[runId]', named);
  await ask('GET', 'runs/[runId]/rerank', named);
  await ask('GET', 'projects/[projectId]/runs', at);
}

async function modelsOfAdmin(name: string): Promise<void> {
  const { model } = await ask('POST', 'models/server', {}, { json: { name: 'On the server', folder: 'tiny' } });
  await ask('DELETE', 'models/[modelId]', { modelId: model.id });
  const config = JSON.parse(await readFile(join(modelFolder, 'config.json'), 'utf8'));
  const address = 'https://huggingface.co/owner/small/tree/0123456789012345678901234567890123456789';
  const onHub = { name: 'On a hub', address, config, files: [{ name: 'model.safetensors', bytes: 10 }] };
  await ask('POST', 'models/hub', {}, { json: onHub });

  const names = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors'];
  const contents = await Promise.all(names.map((file) => readFile(join(modelFolder, file))));
  const files = names.map((file, i) => ({ name: file, bytes: contents[i]!.length, modified: 1 }));
  const { id } = await ask('POST', 'models/uploads', {}, { json: { name: 'Uploaded', folder: name, files } });
  await ask('POST', 'models/uploads/[modelId]/files/[name]', { modelId: id, name: names[0]! }, { json: {} });
  for (const [i, file] of names.entries()) {
    await ask('PUT', 'models/uploads/[modelId]/files/[name]', { modelId: id, name: file }, { bytes: contents[i]! });
  }
  await ask('POST', 'models/uploads/[modelId]/finish', { modelId: id });
  await ask('GET', 'models/added', {});
}
