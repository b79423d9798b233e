/** What takes many transactions to create, asked for twice with one key: by a retry, at once, or after a server died. */
import { createHash, randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { POST as importFile } from '@/app/api/projects/[projectId]/import/route';
import { POST as importBundle } from '@/app/api/projects/[projectId]/snapshots/import/route';
import { POST as freeze } from '@/app/api/projects/[projectId]/snapshots/route';
import { creations, snapshots } from '@/drizzle/schema';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { snapshotWriter } from '@/lib/formats/registry';
import { CREATION_KEY_HEADER } from '@/lib/schemas/creation';
import { createOnceInSteps } from '@/lib/services/create-once';
import { annotate, promptFile } from '@/lib/services/people.test-support';
import { createProject } from '@/lib/services/projects';
import { exportSnapshot, listSnapshots } from '@/lib/services/read-snapshot';
import { operations } from './operations';
import { serveFrom, site, stopServing, type Visitor, visitor } from './routes.test-support';

const importing: [Door, string] = [importFile, 'import'];
const freezing: [Door, string] = [freeze, 'snapshots'];
const adding: [Door, string] = [importBundle, 'snapshots/import'];
type Door = (request: Request, context: { params: Promise<{ projectId: string }> }) => Promise<Response>;

describe('every operation that may create something', () => {
  /** Repeated, they change nothing, with or without a key. */
  const repeatable = {
    previewImport: 'writes nothing',
    startUpload: 'goes on with the same file',
    finishUpload: 'compares what is there',
  };
  const posted = Object.values(operations).flatMap(({ POST }) => (POST ? [POST] : []));

  it.each(posted.map((operation) => [operation.id, operation] as const))('%s takes a key', (id, { headers }) => {
    const takesKey = headers !== undefined && CREATION_KEY_HEADER in (headers as unknown as { shape: object }).shape;
    expect(takesKey).toBe(!(id in repeatable));
  });
});

describeOnEachDatabase('with an idempotency key', (database) => {
  let admin: Visitor;
  beforeAll(async () => {
    serveFrom(database());
    admin = await visitor(database(), 'Ada', 'admin');
  });
  afterAll(stopServing);

  const begin = async () => (await createProject(admin, database(), { name: 'P' })).id;
  async function ask([door, path]: [Door, string], projectId: string, body: BodyInit, key?: string, query = '') {
    const headers = { ...admin.headers, ...(key !== undefined && { [CREATION_KEY_HEADER]: key }) };
    const url = `${site}/api/projects/${projectId}/${path}${query}`;
    const answer = await door(new Request(url, { method: 'POST', body, headers }), {
      params: Promise.resolve({ projectId }),
    });
    return { status: answer.status, body: await answer.json(), wait: answer.headers.get('retry-after') };
  }
  const file = (count = 3) => promptFile(count) as Uint8Array<ArrayBuffer>;
  const frozen = JSON.stringify({ name: 'First', strategy: 'hybrid' });

  it('an import that is sent again answers what the first one did; the control: without a key it tells what is there', async () => {
    const projectId = await begin();
    const key = randomUUID();
    const first = await ask(importing, projectId, file(), key, `?job=${randomUUID()}`);
    expect(first).toMatchObject({ status: 200, body: { imported: 3, unchanged: 0 } });
    expect(await ask(importing, projectId, file(), key, `?job=${randomUUID()}`)).toEqual(first);
    // As the IETF's draft writes it.
    expect(await ask(importing, projectId, file(), `"${key}"`)).toEqual(first);
    const without = await ask(importing, projectId, file());
    expect(without.body).toMatchObject({ imported: 0, unchanged: 3 });
  });

  it('a snapshot is the one that was made, whatever was judged since; the control: without a key there are two', async () => {
    const projectId = await begin();
    await ask(importing, projectId, file());
    const key = randomUUID();
    const first = await ask(freezing, projectId, frozen, key);
    expect(first.status, JSON.stringify(first.body)).toBe(201);
    await annotate(database(), admin, { projectId, externalId: 'p0' }, { a: 2, b: 1, c: 0 });
    expect(await ask(freezing, projectId, frozen, key)).toEqual(first);
    expect((await listSnapshots(admin, database(), projectId)).snapshots).toHaveLength(1);
    expect((await ask(freezing, projectId, frozen)).body.created).toBe(true);
    expect((await listSnapshots(admin, database(), projectId)).snapshots).toHaveLength(2);
  });

  it('a snapshot’s file that is sent again answers what the first one did', async () => {
    const [from, to] = [await begin(), await begin()];
    await ask(importing, from, file());
    const { body } = await ask(freezing, from, frozen);
    const { lines } = await exportSnapshot(admin, database(), body.snapshot.id, snapshotWriter('bundle'));
    let bundle = '';
    for await (const line of lines) bundle += line;
    const key = randomUUID();
    const first = await ask(adding, to, bundle, key);
    expect(first, JSON.stringify(first.body)).toMatchObject({ status: 201, body: { created: true } });
    expect(await ask(adding, to, bundle, key)).toEqual(first);
    expect((await ask(adding, to, bundle)).body.created).toBe(false);
  });

  it('other content with the same key is refused: another file, another query, another project', async () => {
    const projectId = await begin();
    const key = randomUUID();
    await ask(importing, projectId, file(), key);
    const others = [
      await ask(importing, projectId, file(4), key),
      await ask(importing, projectId, file(), key, '?bad-lines=leave-out'),
      await ask(importing, await begin(), file(), key),
    ];
    for (const other of others) {
      expect(other).toMatchObject({ status: 422, body: { error: { key: 'refusals.keyCreatedAnother' } } });
    }
  });

  it('of requests at once one creates, and the others are told to wait for it', async () => {
    const projectId = await begin();
    const key = randomUUID();
    const together = await Promise.all([1, 2, 3].map(() => ask(importing, projectId, file(50), key)));
    const done = together.filter(({ status }) => status === 200);
    expect(done.length).toBeGreaterThan(0);
    for (const { body } of done) expect(body).toMatchObject({ imported: 50, unchanged: 0 });
    for (const one of together.filter(({ status }) => status !== 200)) {
      expect(one).toMatchObject({ status: 409, body: { error: { key: 'refusals.keyUnderWay' } }, wait: '2' });
    }
    expect((await ask(importing, projectId, file(50), key)).body).toEqual(done[0]!.body);
  });

  it('what was refused has not used up its key', async () => {
    const projectId = await begin();
    const key = randomUUID();
    expect((await ask(freezing, projectId, frozen, key)).status).toBe(400);
    await ask(importing, projectId, file());
    expect((await ask(freezing, projectId, frozen, key)).status).toBe(201);
  });

  describe('when a server dies', () => {
    const intention = () => ({ key: randomUUID(), operation: '/api/test', content: {} });
    const dead = { at: () => new Date(Date.now() - 60_000) };

    /** Work that never ends, with what it would keep. */
    async function underWay(request: ReturnType<typeof intention>) {
      let keep: (answer: object) => Promise<void> = async () => undefined;
      await new Promise<void>((begun) => {
        void createOnceInSteps<object>(admin, database(), request, (kept) => {
          keep = (answer) => kept(database(), answer);
          begun();
          return new Promise(() => undefined);
        });
      });
      const keyHash = createHash('sha256').update(request.key).digest('base64url');
      return {
        keep: (answer: object) => keep(answer),
        die: () => database().update(creations).set({ createdAt: dead.at() }).where(eq(creations.keyHash, keyHash)),
      };
    }

    it('another request does its work, but not before it is known to be dead', async () => {
      const request = intention();
      const first = await underWay(request);
      const again = () => createOnceInSteps<object>(admin, database(), request, async () => ({ by: 'second' }));
      await expect(again()).rejects.toMatchObject({ code: 'conflict' });
      await first.die();
      expect(await again()).toEqual({ by: 'second' });
      // One that was taken for dead says nothing more.
      await first.keep({ by: 'first' });
      expect(await again()).toEqual({ by: 'second' });
    });

    it('after it kept its answer, the answer is there', async () => {
      const request = intention();
      const first = await underWay(request);
      await first.keep({ by: 'first' });
      await first.die();
      expect(await createOnceInSteps<object>(admin, database(), request, async () => ({ by: 'second' }))).toEqual({
        by: 'first',
      });
    });
  });

  it('none of the answers is stored as it is', async () => {
    const stored = JSON.stringify(await database().select().from(creations));
    const [row] = await database().select().from(snapshots).limit(1);
    expect(stored).not.toContain(row!.hash);
  });
});
