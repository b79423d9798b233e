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
    await closing(projectId);
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
    const nobody = { user: null, secondFactor: 'off', needsSetup: false };
    await check(nobody);
    await expect(check({ ...nobody, secret: 1 })).rejects.toThrow('secret');
    await expect(check({ user: null, secondFactor: 'off' })).rejects.toThrow('needsSetup');
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
  await ask('DELETE', 'users/[userId]/second-factor', eve);
  await ask('GET', 'me/sessions', {});
  await ask('DELETE', 'me/sessions', {}, { json: {} });
  const wanted = { name: 'Nightly export', scopes: ['read'], days: 30 };
  const { key } = await ask('POST', 'me/keys', {}, { json: wanted });
  await ask('GET', 'me/keys', {});
  await ask('DELETE', 'me/keys', {}, { json: { id: key.id } });
  await ask('GET', 'openapi.json', {});
  await ask('GET', 'clients/[clientFile]', { clientFile: 'rescue_studio.py' });
  await ask('GET', 'audit', {});
  await ask('GET', 'audit/export', {});
}

async function project(): Promise<string> {
  const { project } = await ask('POST', 'projects', {}, { json: { name: 'P', guidelines: 'Be fair.' } });
  const at = { projectId: project.id };
  await ask('GET', 'projects', {});
  const wanted = { url: 'https://example.org/rescue', events: ['run.finished'] };
  const hooks = 'projects/[projectId]/webhooks';
  const { webhook } = await ask('POST', hooks, at, { json: wanted });
  await ask('GET', hooks, at);
  const one = { ...at, webhookId: webhook.id };
  await ask('POST', `${hooks}/[webhookId]/deliveries`, one, { json: { kind: 'test' } });
  await ask('GET', `${hooks}/[webhookId]/deliveries`, one);
  await ask('POST', `${hooks}/[webhookId]/secret`, one, { json: {} });
  await ask('PATCH', `${hooks}/[webhookId]`, one, { json: { enabled: false } });
  await ask('DELETE', `${hooks}/[webhookId]`, one);
  await ask('PATCH', 'projects/[projectId]', at, { json: { baseVersion: project.settingsVersion, name: 'Q' } });
  await ask('GET', 'projects/[projectId]', at);
  const { users } = await ask('GET', 'users', {});
  const { id: userId } = users.find(({ name }: { name: string }) => name === 'Eve');
  const comparison = { id: 'judged', context: 'Which?', response1: 'This.', response2: 'That.', overall_preference: 2 };
  const bytes = new TextEncoder().encode(JSON.stringify(comparison));
  const judged = { projectId: (await ask('POST', 'projects', {}, { json: { name: 'Judged' } })).project.id };
  await ask('POST', 'projects/[projectId]/import', judged, { bytes });
  const [judge] = (await ask('GET', 'projects/[projectId]/imported-annotators', judged)).annotators;
  const isModel = { userId: judge.userId, kind: 'model' };
  await ask('PUT', 'projects/[projectId]/imported-annotators', judged, { json: isModel });
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
  await adjudicate({ ...at, promptId }, content);
  await ask('GET', 'projects/[projectId]/prompts', at);
  await ask('GET', 'projects/[projectId]/prompts/list', at, { query: '?sort=disagreed' });
  await ask('GET', 'projects/[projectId]/prompts/list/count', at, { query: '?state=new' });
  await ask('POST', 'projects/[projectId]/prompts/priority', at, { json: { priority: 1, filter: {} } });
  const changes = 'projects/[projectId]/prompts/[promptId]/changes';
  const { responses } = await ask('GET', changes, { ...at, promptId });
  const text = { responseId: responses[0].id, text: 'A text that was corrected.' };
  const correction = { kind: 'correct', note: 'A typo.', text, judgeAgain: false, textVersion: 1 };
  await ask('POST', changes, { ...at, promptId }, { json: correction });
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
  expect(assigned).toEqual({ assigned: 1, inOtherLanguages: [], refused: [{ prompt: 'nowhere', reason: 'unknown' }] });
  const { places } = await ask('GET', 'projects/[projectId]/assignments', at);
  const place = { promptId: places[0].promptId, annotatorId: admin.userId };
  await ask('DELETE', 'projects/[projectId]/assignments', at, { json: place });

  const gold = { ...at, promptId };
  await ask('PUT', 'projects/[projectId]/gold/[promptId]', gold, { json: { explanation: 'By the book.' } });
  await ask('GET', 'projects/[projectId]/gold', at);
  await ask('GET', 'projects/[projectId]/gold/[promptId]', gold);
  await ask('GET', 'projects/[projectId]/work', at);
  await ask('GET', 'projects/[projectId]/agreement', at);
  await ask('GET', 'projects/[projectId]/progress', at);
  await ask('GET', 'projects/[projectId]/agreement/ledger', at, { query: '?outcome=dropped' });
  await ask('GET', 'projects/[projectId]/agreement/ledger/export', at, { query: '?format=jsonl' });
  const { userId: annotatorId } = admin;
  await ask('GET', 'projects/[projectId]/answers/[promptId]/[annotatorId]', { ...gold, annotatorId });
  await ask('DELETE', 'projects/[projectId]/gold/[promptId]', gold);
}

/** Sends the answer back, decides the prompt, and takes both back. */
async function adjudicate(named: { projectId: string; promptId: string }, content: object) {
  await ask('GET', 'projects/[projectId]/review-queue', named);
  const { answers } = await ask('GET', 'projects/[projectId]/answers/[promptId]', named);
  const asked = { annotationId: answers[0].versions[0].id, note: 'Are you sure?' };
  await ask('POST', 'projects/[projectId]/sent-back', named, { json: asked });
  const { answers: again } = await ask('GET', 'projects/[projectId]/answers/[promptId]', named);
  await ask('POST', 'projects/[projectId]/sent-back/withdraw', named, { json: { id: again[0].sentBack[0].id } });
  const { promptId } = named;
  const decision = { ...content, promptId, baseVersion: 0, idempotencyKey: crypto.randomUUID() };
  await ask('POST', 'projects/[projectId]/decisions', named, { json: decision });
  await ask('GET', 'projects/[projectId]/answers/[promptId]', named);
  const withdrawal = { promptId, baseVersion: 1, idempotencyKey: crypto.randomUUID(), reason: 'Too early.' };
  await ask('POST', 'projects/[projectId]/decisions/withdraw', named, { json: withdrawal });
}

async function snapshot(projectId: string): Promise<string> {
  const at = { projectId };
  await annotate(db, admin, { projectId, externalId: 'p2' }, { a: 0, b: 1, c: 2 });
  const wanted = { name: 'S', strategy: 'hybrid' };
  const { snapshot } = await ask('POST', 'projects/[projectId]/snapshots', at, { json: wanted });
  await ask('GET', 'projects/[projectId]/snapshots', at);
  const selection = { split: { validation: 10, test: 10 } };
  await ask('POST', 'projects/[projectId]/snapshots/preview', at, { json: { selection } });
  await ask('POST', 'projects/[projectId]/heuristics/preview', at, { json: { labelPattern: 'model (.)' } });
  const named = { snapshotId: snapshot.id };
  await ask('GET', 'snapshots/[snapshotId]', named);
  await ask('PATCH', 'snapshots/[snapshotId]', named, { json: { name: 'Renamed' } });
  for (const part of ['header', 'contents', 'pairs', 'records'] as const)
    await ask('GET', `snapshots/[snapshotId]/${part}`, named);
  await ask('GET', 'snapshots/[snapshotId]/compare/[otherSnapshotId]', { ...named, otherSnapshotId: snapshot.id });
  const query = '?format=trl-conversational';
  await ask('GET', 'snapshots/[snapshotId]/export', named, { query });
  await ask('GET', 'snapshots/[snapshotId]/export/preview', named, { query });
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

/** What a project is at the end of its life; the copy goes, since others still need the project itself. */
async function closing(projectId: string): Promise<void> {
  const at = { projectId };
  await ask('GET', 'projects/[projectId]/settings/history', at);
  await ask('POST', 'projects/[projectId]/settings/effects', at, { json: { overlap: 5, consensusQuorum: 3 } });
  const wanted = { name: 'Copy', scope: 'everything' };
  const { project } = await ask('POST', 'projects/[projectId]/clone', at, { json: wanted });
  const copy = { projectId: project.id };
  await ask('POST', 'projects/[projectId]/archive', copy, { json: { archived: true } });
  await ask('GET', 'projects/[projectId]', copy);
  await ask('DELETE', 'projects/[projectId]', copy, { json: { name: 'Copy' } });
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
