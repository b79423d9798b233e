/** What both clients do when an answer does not come: they ask again, with the same key, and what is asked for is made once. */
import { spawn, spawnSync } from 'node:child_process';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { RescueStudio } from '@/clients/typescript/rescue-studio';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

type Answer = (request: IncomingMessage, answer: ServerResponse) => void;
const lost: Answer = (request) => request.socket.destroy();
const says =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (_, answer) =>
    answer.writeHead(status, { 'content-type': 'application/json', ...headers }).end('{"projects":[],"project":{}}');

/** A server that answers one request after the other as told, and the keys that came with them. */
async function answering(...answers: Answer[]) {
  const keys: (string | undefined)[] = [];
  server = createServer((request, answer) => {
    request.resume().on('end', () => {
      keys.push(request.headers['idempotency-key'] as string | undefined);
      (answers[keys.length - 1] ?? says(500))(request, answer);
    });
  });
  await new Promise<void>((done) => server!.listen(0, '127.0.0.1', done));
  return { keys, address: `http://127.0.0.1:${(server!.address() as AddressInfo).port}` };
}

const clients: Record<string, (address: string, what: 'create' | 'update' | 'list') => Promise<'done' | 'failed'>> = {
  TypeScript: async (address, what) => {
    const rescue = new RescueStudio(address, 'k');
    const asked =
      what === 'create'
        ? rescue.createProject({ body: { name: 'P' } })
        : what === 'list'
          ? rescue.listProjects()
          : rescue.updateProject({ projectId: 'p', body: { baseVersion: 1 } });
    return asked.then(
      () => 'done' as const,
      () => 'failed' as const,
    );
  },
  Python: async (address, what) => {
    const call = {
      create: 'create_project({"name": "P"})',
      list: 'list_projects()',
      update: 'update_project("p", {"baseVersion": 1})',
    }[what];
    const code = `from rescue_studio import RescueStudio\nRescueStudio("${address}", "k").${call}`;
    const env = { ...process.env, PYTHONPATH: resolve('clients/python'), PYTHONDONTWRITEBYTECODE: '1' };
    const child = spawn('python3', ['-c', code], { env, stdio: 'ignore' });
    return new Promise((done) => child.once('close', (status) => done(status === 0 ? 'done' : 'failed')));
  },
};
const hasPython = spawnSync('python3', ['--version']).status === 0;

describe.each(Object.keys(clients).filter((name) => name !== 'Python' || hasPython))('%s', (name) => {
  const ask = clients[name]!;

  it('asks again after a lost answer, an outage and its own first request, always with the same key', async () => {
    const { address, keys } = await answering(lost, says(503), says(409, { 'retry-after': '1' }), says(201));
    expect(await ask(address, 'create')).toBe('done');
    expect(keys).toHaveLength(4);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('makes a new key for each thing that is created', async () => {
    const { address, keys } = await answering(says(201), says(201));
    for (let i = 0; i < 2; i++) await ask(address, 'create');
    expect(new Set(keys).size).toBe(2);
  });

  it('asks again for what it reads', async () => {
    const { address, keys } = await answering(says(503, { 'retry-after': '1' }), says(200));
    expect(await ask(address, 'list')).toBe('done');
    expect(keys).toEqual([undefined, undefined]);
  });

  it('does not repeat a change that has no key, nor what was refused', async () => {
    const change = await answering(lost, says(200));
    expect(await ask(change.address, 'update')).toBe('failed');
    expect(change.keys).toHaveLength(1);
    server?.close();
    const refused = await answering(says(409), says(201));
    expect(await ask(refused.address, 'create')).toBe('failed');
    expect(refused.keys).toHaveLength(1);
  });
});
