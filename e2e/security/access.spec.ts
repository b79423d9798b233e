import { expect, test } from '@playwright/test';
import { ask, invite, join, type Person, promptLines } from '../people';
import { startServer, type TestServer } from '../server';

let server: TestServer;
let admin: Person;
let researcher: Person;
let annotator: Person;
/** A researcher with a project of his own. */
let outsider: Person;
let projectId = '';
let otherProjectId = '';
let promptId = '';
let snapshotId = '';

test.beforeAll(async () => {
  server = await startServer();
  admin = await join(server, server.setupUrl, 'Ada');
  researcher = await invite(server, admin, 'Rob', 'researcher');
  outsider = await invite(server, admin, 'Otto', 'researcher');
  projectId = await makeProject(researcher, 'Numbers');
  otherProjectId = await makeProject(outsider, 'Elsewhere');
  annotator = await invite(server, admin, 'Ann', 'annotator', projectId);
  const { body } = await researcher.ask<{ tasks: { promptId: string }[] }>(
    'GET',
    `/projects/${projectId}/tasks/next?count=1`,
  );
  promptId = body.tasks[0]!.promptId;
  const snapshot = await researcher.ask<{ snapshot: { id: string } }>('POST', `/projects/${projectId}/snapshots`, {
    name: 'First',
    strategy: 'human',
  });
  expect(snapshot.status, JSON.stringify(snapshot.body)).toBeLessThan(300);
  snapshotId = snapshot.body.snapshot.id;
});
test.afterAll(() => server?.stop());

async function makeProject(owner: Person, name: string): Promise<string> {
  const { body } = await owner.ask<{ project: { id: string } }>('POST', '/projects', { name });
  const imported = await owner.ask('POST', `/projects/${body.project.id}/import`, undefined, { text: promptLines(4) });
  expect(imported.status, JSON.stringify(imported.body)).toBe(200);
  return body.project.id;
}

const annotationOf = (id: string) => ({
  promptId: id,
  idempotencyKey: 'a-key-of-its-own',
  baseVersion: 0,
  allBad: true,
  timeOnTaskMs: 1,
  placements: [{ responseId: '00000000-0000-4000-8000-000000000000', state: 'not_judged', tier: null }],
});

/** Everything that reads or changes a project, with a body that is not refused for its form. */
const inProject = (id: string, snapshot: string): [string, string, unknown?][] => [
  ['GET', `/projects/${id}`],
  ['PATCH', `/projects/${id}`, { baseVersion: 1, name: 'Taken over' }],
  ['POST', `/projects/${id}/members`, { email: 'otto@example.org', role: 'researcher' }],
  ['POST', `/projects/${id}/import`, 'text'],
  ['POST', `/projects/${id}/import/preview`, 'text'],
  ['GET', `/projects/${id}/tasks/next`],
  ['GET', `/projects/${id}/tasks/${promptId}`],
  ['GET', `/projects/${id}/annotations/mine`],
  ['GET', `/projects/${id}/answers/${promptId}/${annotator?.id ?? 'x'}`],
  ['POST', `/projects/${id}/marks/resolve`, { promptId, annotatorId: annotator?.id ?? 'x', resolved: true }],
  ['POST', `/projects/${id}/annotations`, annotationOf(promptId)],
  ['GET', `/projects/${id}/snapshots`],
  ['POST', `/projects/${id}/snapshots`, { name: 'Mine', strategy: 'human' }],
  ['POST', `/projects/${id}/snapshots/import`, 'text'],
  ['GET', `/projects/${id}/runs`],
  ['GET', `/snapshots/${snapshot}`],
  ['GET', `/snapshots/${snapshot}/records`],
  ['GET', `/snapshots/${snapshot}/header`],
  ['GET', `/snapshots/${snapshot}/pairs`],
  ['GET', `/snapshots/${snapshot}/bundle`],
];

const send = (person: Person, [method, path, body]: [string, string, unknown?]) =>
  body === 'text' ? person.ask(method, path, undefined, { text: promptLines(1) }) : person.ask(method, path, body);

test('another project’s researcher is told that nothing is there', async () => {
  for (const request of inProject(projectId, snapshotId)) {
    const answer = await send(outsider, request);
    expect({ request: request.slice(0, 2), status: answer.status }).toEqual({
      request: request.slice(0, 2),
      status: 404,
    });
    expect(JSON.stringify(answer.body)).not.toContain('Numbers');
  }
  const { body } = await researcher.ask<{ project: { name: string } }>('GET', `/projects/${projectId}`);
  expect(body.project.name).toBe('Numbers');
  expect((await outsider.ask<{ projects: unknown[] }>('GET', '/projects')).body.projects).toHaveLength(1);
});

test('a prompt of one project is not reached through another', async () => {
  expect((await outsider.ask('GET', `/projects/${otherProjectId}/tasks/${promptId}`)).status).toBe(404);
  const saved = await outsider.ask('POST', `/projects/${otherProjectId}/annotations`, annotationOf(promptId));
  expect(saved.status).toBe(404);
});

test('nobody who is not signed in gets anything', async () => {
  for (const [method, path, body] of inProject(projectId, snapshotId)) {
    const options = body === 'text' ? { text: promptLines(1) } : {};
    const answer = await ask(server, '', method, path, body === 'text' ? undefined : body, options);
    expect({ path, status: answer.status }).toEqual({ path, status: 401 });
  }
  for (const path of ['/users', '/invites', '/projects', '/models']) {
    expect((await ask(server, '', 'GET', path)).status).toBe(401);
  }
});

test('an annotator sees no sources, labels, snapshots, runs or members', async () => {
  for (const request of inProject(projectId, snapshotId)) {
    const [method, path] = request;
    const answer = await send(annotator, request);
    // The name of a setting whose value is for researchers.
    const text = JSON.stringify(answer.body).replace('"labelPattern":null', '');
    // A refusal may say in words that sources are not for annotators.
    const words = answer.status < 400 ? ['human', 'source', 'label'] : [];
    for (const secret of ['first-model', 'second-model', 'rob@example.org', ...words]) {
      expect(text, `${method} ${path}`).not.toContain(secret);
    }
    const own = /\/tasks\/|\/annotations/.test(path) || (method === 'GET' && path === `/projects/${projectId}`);
    if (own) expect(answer.status, `${method} ${path}`).not.toBe(403);
    else expect([403, 404], `${method} ${path}: ${answer.status}`).toContain(answer.status);
  }
  for (const path of ['/users', '/invites', '/models']) expect((await annotator.ask('GET', path)).status).toBe(403);
  expect((await annotator.ask('POST', '/projects', { name: 'Mine' })).status).toBe(403);
  expect((await annotator.ask('POST', '/demo', {})).status).toBe(403);
  expect((await annotator.ask('POST', '/invites', { role: 'admin' })).status).toBe(403);
});

test('the control: the project’s researcher does see sources', async () => {
  const answer = await researcher.ask<{ text: string }>('GET', `/snapshots/${snapshotId}/records`);
  expect(answer.status).toBe(200);
  expect(JSON.stringify(answer.body)).toContain('first-model');
});

test('a change that another site’s page asks for is refused', async () => {
  for (const origin of ['http://evil.example', `${server.url}.evil.example`, 'null', null]) {
    const answer = await researcher.ask('POST', '/projects', { name: 'Forged' }, { origin });
    expect(answer.status).toBe(403);
    const signIn = await ask(
      server,
      '',
      'POST',
      '/auth/sign-in/email',
      { email: 'x@y.org', password: 'z' },
      { origin },
    );
    expect(signIn.status).toBe(403);
  }
  const { body } = await researcher.ask<{ projects: unknown[] }>('GET', '/projects');
  expect(body.projects).toHaveLength(1);
});

test('sign-up is closed, and an invitation works once', async () => {
  const account = { name: 'Eve', email: 'eve@example.org', password: 'a long enough password' };
  const signUp = await ask(server, '', 'POST', '/auth/sign-up/email', account);
  expect(signUp.status).toBe(404);
  const used = server.setupUrl.split('/invite/')[1];
  expect((await ask(server, '', 'POST', `/invites/${used}/accept`, account)).status).toBe(410);
  expect((await ask(server, '', 'POST', '/invites/not-a-token/accept', account)).status).toBe(404);
  const users = await admin.ask<{ users: { email: string }[] }>('GET', '/users');
  expect(users.body.users.map(({ email }) => email)).not.toContain('eve@example.org');
});

test('bad input is named and changes nothing', async () => {
  const send = (text: string) => researcher.ask<{ error: { code: string } }>('POST', '/projects', undefined, { text });
  for (const text of ['', '{', '[]', '{"name":""}', '{"name":"x","tiers":["one"]}', '{"name":"x","owner":"me"}']) {
    const answer = await send(text);
    expect(answer.status, text).toBe(400);
    expect(answer.body.error.code).toBe('invalid');
  }
  const large = await send(JSON.stringify({ name: 'x', description: 'y'.repeat(2_000_000) }));
  expect(large.status).toBe(413);
});
