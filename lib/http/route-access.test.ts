/**
 * Who may call which route, for every route and every role: an unlisted route fails. Each is called through its real
 * handler; and nothing that an annotator gets to see says anything of what a peer has judged, begun or flagged, or of where
 * a response comes from.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '@/lib/db/client';
import { upsertMember } from '@/lib/db/members';
import { createRunRequestSchema } from '@/lib/schemas/run';
import { createRun } from '@/lib/services/create-run';
import { createSnapshot } from '@/lib/services/create-snapshot';
import { saveDecision } from '@/lib/services/decide';
import { importPrompts } from '@/lib/services/import-prompts';
import { createInvite } from '@/lib/services/invites';
import { promptFile } from '@/lib/services/people.test-support';
import { createProject } from '@/lib/services/projects';
import { changeMark } from '@/lib/services/prompt-marks';
import { createResetLink } from '@/lib/services/reset-password';
import { saveAnnotation } from '@/lib/services/save-annotation';
import { saveDraft } from '@/lib/services/save-draft';
import { sendBack } from '@/lib/services/send-back';
import { getNextTasks } from '@/lib/services/tasks';
import { beginModelUpload } from '@/lib/services/upload-model';
import { startProjectUpload } from '@/lib/services/uploads';
import { createWebhook } from '@/lib/services/webhooks';
import type { Method } from './body-limits';
import { openRoutes, type RouteOnDisk, site, type Visitor, visitor } from './routes.test-support';

/** visitor: nobody is signed in. stranger: an annotator of another project. The others are in the project. */
const roles = ['visitor', 'stranger', 'annotator', 'researcher', 'admin'] as const;
type Role = (typeof roles)[number];

/** Which roles each kind of route lets in. Of what annotators get, all is their own: no kind gives them other people's. */
const allowed = {
  anybody: roles,
  signedIn: ['stranger', 'annotator', 'researcher', 'admin'],
  members: ['annotator', 'researcher', 'admin'],
  projectResearchers: ['researcher', 'admin'],
  /** Researchers anywhere in the installation. */
  researchers: ['researcher', 'admin'],
  /** Whoever began it. */
  owner: ['researcher'],
  admins: ['admin'],
  nobody: [],
} as const satisfies Record<string, readonly Role[]>;

const access: Record<string, keyof typeof allowed> = {
  'GET [...unknown]': 'nobody',
  'POST [...unknown]': 'nobody',
  'PUT [...unknown]': 'nobody',
  'PATCH [...unknown]': 'nobody',
  'DELETE [...unknown]': 'nobody',
  'GET audit': 'admins',
  'GET audit/export': 'admins',
  'GET auth/[...all]': 'nobody',
  'POST auth/[...all]': 'anybody',
  'GET clients/[clientFile]': 'anybody',
  'POST demo': 'researchers',
  'GET invites': 'admins',
  'POST invites': 'admins',
  'DELETE invites': 'admins',
  'GET invites/[token]': 'anybody',
  'POST invites/[token]/accept': 'anybody',
  // For everybody but who began it, there is no such job.
  'GET jobs/[jobId]': 'signedIn',
  'DELETE jobs/[jobId]': 'signedIn',
  'GET me': 'anybody',
  'GET me/keys': 'researchers',
  'POST me/keys': 'researchers',
  'DELETE me/keys': 'researchers',
  'GET me/sessions': 'signedIn',
  'DELETE me/sessions': 'signedIn',
  'GET openapi.json': 'anybody',
  'GET models': 'researchers',
  'GET models/[modelId]': 'researchers',
  'DELETE models/[modelId]': 'admins',
  'GET models/[modelId]/files/[name]': 'researchers',
  'GET models/added': 'admins',
  'POST models/hub': 'admins',
  'POST models/server': 'admins',
  'POST models/uploads': 'admins',
  'POST models/uploads/[modelId]/files/[name]': 'admins',
  'PUT models/uploads/[modelId]/files/[name]': 'admins',
  'POST models/uploads/[modelId]/finish': 'admins',
  'GET projects': 'signedIn',
  'POST projects': 'researchers',
  'GET projects/[projectId]': 'members',
  'PATCH projects/[projectId]': 'projectResearchers',
  'DELETE projects/[projectId]': 'projectResearchers',
  'POST projects/[projectId]/clone': 'projectResearchers',
  'POST projects/[projectId]/archive': 'projectResearchers',
  'POST projects/[projectId]/annotations': 'members',
  'GET projects/[projectId]/agreement': 'projectResearchers',
  'GET projects/[projectId]/agreement/ledger': 'projectResearchers',
  'GET projects/[projectId]/agreement/ledger/export': 'projectResearchers',
  'GET projects/[projectId]/annotations/export': 'projectResearchers',
  'GET projects/[projectId]/annotations/mine': 'members',
  'GET projects/[projectId]/answers/[promptId]': 'projectResearchers',
  'GET projects/[projectId]/answers/[promptId]/[annotatorId]': 'projectResearchers',
  'GET projects/[projectId]/assignments': 'projectResearchers',
  'POST projects/[projectId]/assignments': 'projectResearchers',
  'DELETE projects/[projectId]/assignments': 'projectResearchers',
  'POST projects/[projectId]/decisions': 'projectResearchers',
  'POST projects/[projectId]/decisions/withdraw': 'projectResearchers',
  'PUT projects/[projectId]/drafts/[promptId]': 'members',
  'GET projects/[projectId]/gold': 'projectResearchers',
  'GET projects/[projectId]/gold/[promptId]': 'members',
  'PUT projects/[projectId]/gold/[promptId]': 'projectResearchers',
  'DELETE projects/[projectId]/gold/[promptId]': 'projectResearchers',
  'GET projects/[projectId]/guidelines': 'members',
  'POST projects/[projectId]/guidelines': 'projectResearchers',
  'POST projects/[projectId]/guidelines/acknowledge': 'members',
  'GET projects/[projectId]/guidelines/history': 'projectResearchers',
  'GET projects/[projectId]/guidelines/history/[version]': 'projectResearchers',
  'POST projects/[projectId]/heuristics/preview': 'projectResearchers',
  'POST projects/[projectId]/import': 'projectResearchers',
  'POST projects/[projectId]/import/preview': 'projectResearchers',
  'GET projects/[projectId]/marks': 'projectResearchers',
  'POST projects/[projectId]/marks': 'members',
  'GET projects/[projectId]/marks/mine': 'members',
  'POST projects/[projectId]/marks/resolve': 'projectResearchers',
  'GET projects/[projectId]/imported-annotators': 'projectResearchers',
  'PUT projects/[projectId]/imported-annotators': 'projectResearchers',
  'POST projects/[projectId]/members': 'projectResearchers',
  'DELETE projects/[projectId]/members': 'projectResearchers',
  'GET projects/[projectId]/pace': 'members',
  'GET projects/[projectId]/progress': 'projectResearchers',
  'GET projects/[projectId]/prompts': 'projectResearchers',
  'GET projects/[projectId]/prompts/list': 'projectResearchers',
  'GET projects/[projectId]/prompts/list/count': 'projectResearchers',
  'POST projects/[projectId]/prompts/priority': 'projectResearchers',
  'GET projects/[projectId]/prompts/[promptId]/changes': 'projectResearchers',
  'POST projects/[projectId]/prompts/[promptId]/changes': 'projectResearchers',
  'POST projects/[projectId]/responses': 'projectResearchers',
  'GET projects/[projectId]/review-queue': 'projectResearchers',
  'GET projects/[projectId]/runs': 'projectResearchers',
  'POST projects/[projectId]/runs': 'projectResearchers',
  'POST projects/[projectId]/settings/effects': 'projectResearchers',
  'GET projects/[projectId]/settings/history': 'projectResearchers',
  'POST projects/[projectId]/sent-back': 'projectResearchers',
  'POST projects/[projectId]/sent-back/withdraw': 'projectResearchers',
  'GET projects/[projectId]/snapshots': 'projectResearchers',
  'POST projects/[projectId]/snapshots': 'projectResearchers',
  'POST projects/[projectId]/snapshots/preview': 'projectResearchers',
  'POST projects/[projectId]/snapshots/import': 'projectResearchers',
  'GET projects/[projectId]/tasks/[promptId]': 'members',
  'GET projects/[projectId]/tasks/next': 'members',
  'POST projects/[projectId]/uploads': 'projectResearchers',
  'GET projects/[projectId]/webhooks': 'projectResearchers',
  'POST projects/[projectId]/webhooks': 'projectResearchers',
  'PATCH projects/[projectId]/webhooks/[webhookId]': 'projectResearchers',
  'DELETE projects/[projectId]/webhooks/[webhookId]': 'projectResearchers',
  'GET projects/[projectId]/webhooks/[webhookId]/deliveries': 'projectResearchers',
  'POST projects/[projectId]/webhooks/[webhookId]/deliveries': 'projectResearchers',
  'POST projects/[projectId]/webhooks/[webhookId]/secret': 'projectResearchers',
  'GET projects/[projectId]/work': 'projectResearchers',
  'GET reset/[resetToken]': 'anybody',
  'POST reset/[resetToken]': 'anybody',
  'GET runs/[runId]': 'projectResearchers',
  'GET runs/[runId]/files/[name]': 'projectResearchers',
  'PUT runs/[runId]/files/[name]': 'projectResearchers',
  'POST runs/[runId]/finish': 'projectResearchers',
  'POST runs/[runId]/report': 'projectResearchers',
  'GET runs/[runId]/rerank': 'projectResearchers',
  'POST runs/[runId]/scores': 'projectResearchers',
  'GET snapshots/[snapshotId]': 'projectResearchers',
  'PATCH snapshots/[snapshotId]': 'projectResearchers',
  'GET snapshots/[snapshotId]/bundle': 'projectResearchers',
  'GET snapshots/[snapshotId]/compare/[otherSnapshotId]': 'projectResearchers',
  'GET snapshots/[snapshotId]/contents': 'projectResearchers',
  'GET snapshots/[snapshotId]/export': 'projectResearchers',
  'GET snapshots/[snapshotId]/export/preview': 'projectResearchers',
  'GET snapshots/[snapshotId]/header': 'projectResearchers',
  'GET snapshots/[snapshotId]/pairs': 'projectResearchers',
  'GET snapshots/[snapshotId]/records': 'projectResearchers',
  'GET uploads/[uploadId]': 'owner',
  'PATCH uploads/[uploadId]': 'owner',
  'DELETE uploads/[uploadId]': 'owner',
  'POST uploads/[uploadId]/finish': 'owner',
  'GET users': 'admins',
  'PATCH users/[userId]': 'admins',
  'POST users/[userId]/reset-link': 'admins',
  'DELETE users/[userId]/second-factor': 'admins',
  'DELETE users/[userId]/sessions': 'admins',
};

const queries: Record<string, string> = {
  'GET projects/[projectId]/pace': '?since=2026-01-01T00:00:00Z',
  'GET snapshots/[snapshotId]/export': '?format=trl-conversational',
  'GET snapshots/[snapshotId]/export/preview': '?format=trl-conversational',
};
const headers: Record<string, Record<string, string>> = { 'PATCH uploads/[uploadId]': { 'upload-offset': '0' } };
/** Not found because the thing itself is not there yet, for whoever may look. */
const mayBeAbsent = new Set(['GET projects/[projectId]/gold/[promptId]', 'GET runs/[runId]/files/[name]']);

let db: Database;
let close: () => Promise<void>;
let routes: RouteOnDisk[];
let admin: Visitor;
const answers = new Map<Role, Map<string, { status: number; text: string }>>();
let secrets: string[];

beforeAll(async () => {
  ({ db, routes, admin, close } = await openRoutes());
  const researcher = await visitor(db, 'Rob', 'researcher');
  const [annotator, peer] = [await visitor(db, 'Ann', 'annotator'), await visitor(db, 'Peer', 'annotator')];
  const people: Record<Role, Visitor | null> = {
    visitor: null,
    stranger: await visitor(db, 'Sam', 'annotator'),
    annotator,
    researcher,
    admin,
  };
  secrets = [
    peer.userId,
    'peer@example.org',
    'peer-comment',
    'peer-draft',
    'peer-flag',
    'peer-note',
    'decision-reason',
    'model-b',
    'model-c',
  ];
  for (const role of roles) {
    const there = await somethingOfEverything(researcher, [annotator, peer]);
    const seen = new Map<string, { status: number; text: string }>();
    // What deletes comes last.
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const) {
      for (const route of routes) {
        if (route.handlers[method]) seen.set(`${method} ${route.path}`, await ask(people[role], method, route, there));
      }
    }
    answers.set(role, seen);
  }
}, 300_000);
afterAll(() => close?.());

/** A project with judged, begun and flagged prompts; and one of everything that a path can name. */
async function somethingOfEverything(
  researcher: Visitor,
  [annotator, peer]: [Visitor, Visitor],
): Promise<Record<string, string>> {
  const { id: projectId } = await createProject(researcher, db, { name: 'P', guidelines: 'Be fair.' });
  for (const { userId } of [annotator, peer]) await upsertMember(db, { projectId, userId, role: 'annotator' });
  const jobId = randomUUID();
  await importPrompts(researcher, db, projectId, promptFile(4), { jobId });
  const { tasks } = await getNextTasks(peer, db, projectId, { exclude: [], count: 4 });
  const [judged, begun, flagged] = tasks;
  const content = (task: typeof judged, comment: string) => ({
    allBad: false,
    timeOnTaskMs: 1,
    placements: task!.responses.map(({ id }, tier) => ({ responseId: id, state: 'placed' as const, tier })),
    remarks: { comment, tags: [], marks: [] },
  });
  const promptId = judged!.promptId;
  const judgement = { promptId, idempotencyKey: randomUUID(), baseVersion: 0, ...content(judged, 'peer-comment') };
  const { annotationId } = await saveAnnotation(peer, db, projectId, judgement);
  const decided = { ...judgement, idempotencyKey: randomUUID(), ...content(judged, 'decision-reason') };
  await saveDecision(researcher, db, projectId, decided);
  await sendBack(researcher, db, projectId, { annotationId, note: 'peer-note' });
  const draft = { baseVersion: 0, sequence: 1, content: content(begun, 'peer-draft') };
  await saveDraft(peer, db, projectId, begun!.promptId, draft);
  const mark = { kind: 'flagged' as const, note: 'peer-flag' };
  const change = { promptId: flagged!.promptId, idempotencyKey: randomUUID(), kind: mark.kind, mark };
  await changeMark(peer, db, projectId, change);
  const { snapshot } = await createSnapshot(researcher, db, projectId, { name: 'S', strategy: 'hybrid' });
  const wanted = createRunRequestSchema.parse({ snapshotId: snapshot.id, modelId: 'demo' });
  const run = await createRun(researcher, db, projectId, wanted);
  const files = [{ name: 'config.json', bytes: 12, modified: 1 }];
  const { id: uploadedModel } = await beginModelUpload(admin, db, { name: 'M', folder: projectId, files });
  const { id: uploadId } = await startProjectUpload(researcher, db, projectId, { name: 'U', bytes: 20 });
  const hook = { url: 'https://example.org/', events: ['annotation.saved' as const] };
  const { webhook } = await createWebhook(researcher, db, projectId, hook);
  const { url } = await createInvite(admin, db, { role: 'annotator' }).then(({ token }) => ({ url: token }));
  const { token: resetToken } = await createResetLink(admin, db, annotator.userId);
  return {
    projectId,
    promptId,
    annotatorId: peer.userId,
    jobId,
    snapshotId: snapshot.id,
    otherSnapshotId: snapshot.id,
    runId: run.id,
    modelId: 'demo',
    uploadedModel,
    uploadId,
    webhookId: webhook.id,
    token: url,
    // Nobody who asks here: their sessions go on.
    userId: peer.userId,
    resetToken,
    name: 'config.json',
    clientFile: 'rescue_studio.py',
    version: '1',
    all: 'sign-in/email',
    unknown: 'nowhere',
  };
}

async function ask(
  person: Visitor | null,
  method: Method,
  { path, handlers }: RouteOnDisk,
  there: Record<string, string>,
) {
  const names = [...path.matchAll(/\[(?:\.\.\.)?(\w+)\]/g)].map(([, name]) => name!);
  const isOfUpload = path.startsWith('models/uploads') || method === 'DELETE';
  const values = isOfUpload ? { ...there, modelId: there.uploadedModel! } : there;
  const params = Object.fromEntries(names.map((name) => [name, values[name]!]));
  const address = path.replace(/\[(?:\.\.\.)?(\w+)\]/g, (_, name: string) => params[name]!);
  const key = `${method} ${path}`;
  const request = new Request(`${site}/api/${address}${queries[key] ?? ''}`, {
    method,
    headers: { host: 'localhost', origin: site, ...person?.headers, ...headers[key] },
  });
  const answer = await handlers[method]!(request, { params: Promise.resolve(params) });
  return { status: answer.status, text: await answer.text() };
}

const REFUSED = [401, 403, 404];

describe('every route', () => {
  it('stands in the table', () => {
    const onDisk = routes.flatMap(({ path, handlers }) => Object.keys(handlers).map((method) => `${method} ${path}`));
    expect(Object.keys(access).sort()).toEqual(onDisk.sort());
  });

  it.each(roles)('lets %s do what the table says, and nothing else', (role) => {
    const wrong = [...answers.get(role)!].filter(([key, { status }]) => {
      const isAllowed = (allowed[access[key]!] as readonly Role[]).includes(role);
      if (isAllowed && status === 404 && mayBeAbsent.has(key)) return false;
      return isAllowed === REFUSED.includes(status) || status >= 500;
    });
    expect(wrong.map(([key, { status, text }]) => `${key}: ${status} ${text.slice(0, 120)}`)).toEqual([]);
  });

  it.each(roles.slice(1))('shows a job to whoever began it alone (%s)', (role) => {
    const { text } = answers.get(role)!.get('GET jobs/[jobId]')!;
    expect(JSON.parse(text).job === null).toBe(role !== 'researcher');
  });

  it('tells an annotator nothing of peers or of where responses come from', () => {
    const told = [...answers.get('annotator')!].flatMap(([key, { text }]) =>
      secrets.filter((secret) => text.includes(secret)).map((secret) => `${key}: ${secret}`),
    );
    expect(told).toEqual([]);
  });

  it('the control: researchers are told all of that', () => {
    const told = [...answers.get('researcher')!.values()].map(({ text }) => text).join();
    // Nobody but its author sees a draft.
    expect(secrets.filter((secret) => !told.includes(secret))).toEqual(['peer-draft']);
  });
});
