/** Every route that creates something, pressed twice: what a double click, a lost answer or a retry sends. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { POST as makeInvite } from '@/app/api/invites/route';
import { POST as addHubModel } from '@/app/api/models/hub/route';
import { POST as makeRun } from '@/app/api/projects/[projectId]/runs/route';
import { POST as makeProject } from '@/app/api/projects/route';
import { addedModels, creations, invites, models, projects, runs, snapshots } from '@/drizzle/schema';
import type { Database } from '@/lib/db/client';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { createOnce } from '@/lib/services/create-once';
import { serveFrom, site, stopServing, type Visitor, visitor } from './routes.test-support';

const newKey = () => crypto.randomUUID();
const config = JSON.parse(readFileSync('trainer/fixtures/tiny-llama/config.json', 'utf8'));

describeOnEachDatabase('pressed twice', (database) => {
  let admin: Visitor;
  let other: Visitor;
  let projectId = '';
  let run: object;

  beforeAll(async () => {
    const db = database();
    serveFrom(db);
    admin = await visitor(db, 'Ada', 'admin');
    other = await visitor(db, 'Otto', 'admin');
    const [project] = await db
      .insert(projects)
      .values({ name: 'P', tiers: ['Good', 'Bad'] })
      .returning();
    projectId = project!.id;
    const [snapshot] = await db
      .insert(snapshots)
      .values({ projectId, name: 'S', hash: 'h', header: {}, promptCount: 1, pairCount: 1 })
      .returning();
    await db.insert(models).values({ id: 'tiny', name: 'Tiny', kind: 'demo', parameters: 1 }).onConflictDoNothing();
    run = { snapshotId: snapshot!.id, modelId: 'tiny', config: {} };
  });
  afterAll(stopServing);

  const hub = {
    name: 'Small',
    address: 'https://huggingface.co/owner/small/tree/0123456789012345678901234567890123456789',
    config,
    files: [{ name: 'model.safetensors', bytes: 10 }],
  };
  type Door = (request: Request, context: { params: Promise<{ projectId: string }> }) => Promise<Response>;
  const doors: [string, Door, string, () => object, (db: Database) => Promise<unknown[]>][] = [
    ['a project', makeProject, '/api/projects', () => ({ name: 'Twice' }), (db) => db.select().from(projects)],
    ['an invitation', makeInvite, '/api/invites', () => ({ role: 'annotator' }), (db) => db.select().from(invites)],
    ['a run', makeRun, `/api/projects/ID/runs`, () => run, (db) => db.select().from(runs)],
    ['a model of a hub', addHubModel, '/api/models/hub', () => hub, (db) => db.select().from(addedModels)],
  ];

  async function press(door: (typeof doors)[number], headers: Record<string, string>, body = door[3]()) {
    const url = `${site}${door[2].replace('ID', projectId)}`;
    const request = new Request(url, { method: 'POST', body: JSON.stringify(body), headers });
    const answer = await door[1](request, { params: Promise.resolve({ projectId }) });
    return { status: answer.status, body: await answer.json() };
  }

  for (const door of doors) {
    const [what, , , , rows] = door;
    const count = async () => (await rows(database())).length;

    it(`${what} is there once, and both answers are the same: together, and one after the other`, async () => {
      const before = await count();
      const headers = { ...admin.headers, 'idempotency-key': newKey() };
      const together = await Promise.all([press(door, headers), press(door, headers)]);
      const later = await press(door, headers);
      expect(
        together.map(({ status }) => status),
        JSON.stringify(together),
      ).toEqual([201, 201]);
      expect(together[1]).toEqual(together[0]);
      expect(later).toEqual(together[0]);
      expect(await count()).toBe(before + 1);
    });

    it(`the control: without the key, or with another one, ${what} is there twice`, async () => {
      const before = await count();
      for (const headers of [admin.headers, { ...admin.headers, 'idempotency-key': newKey() }]) {
        expect((await press(door, headers)).status).toBe(201);
      }
      expect(await count()).toBe(before + 2);
    });
  }

  it('a key belongs to one person and one content', async () => {
    const door = doors[0]!;
    const key = newKey();
    const mine = await press(door, { ...admin.headers, 'idempotency-key': key });
    const theirs = await press(door, { ...other.headers, 'idempotency-key': key });
    expect(theirs.status).toBe(201);
    expect(theirs.body.project.id).not.toBe(mine.body.project.id);
    const another = await press(door, { ...admin.headers, 'idempotency-key': key }, { name: 'Another' });
    expect(another).toMatchObject({ status: 422, body: { error: { key: 'refusals.keyCreatedAnother' } } });
    expect((await press(door, { ...admin.headers, 'idempotency-key': 'short' })).status).toBe(400);
  });

  it('a failed creation does not use up its key', async () => {
    const key = newKey();
    const intention = { key, operation: 'test', content: {} };
    const failing = createOnce(admin, database(), intention, async () => {
      throw new Error('in the middle');
    });
    await expect(failing).rejects.toThrow('in the middle');
    expect(await createOnce(admin, database(), intention, async () => ({ made: 1 }))).toEqual({ made: 1 });
    expect(await createOnce(admin, database(), intention, async () => ({ made: 2 }))).toEqual({ made: 1 });
  });

  it('an invitation’s link is not in the database', async () => {
    const key = newKey();
    const { body } = await press(doors[1]!, { ...admin.headers, 'idempotency-key': key });
    const token = (body.url as string).split('/invite/')[1]!;
    expect(token.length).toBeGreaterThan(20);
    const stored = JSON.stringify(await database().select().from(creations));
    expect(stored).not.toContain(token);
    expect(stored).not.toContain(Buffer.from(body.url).toString('base64').slice(0, 20));
    expect(stored).not.toContain(key);
  });
});
