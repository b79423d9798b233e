/** Webhooks against real receivers: what is sent, what is tried again, and where nothing may be sent to. */

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eq } from 'drizzle-orm';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { auditEntries, webhookDeliveries, webhooks } from '@/drizzle/schema';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { recordEvent, takeDelivery } from '@/lib/db/webhooks';
import { type MomentPlace, momentCursor } from '@/lib/schemas/cursor';
import {
  MAX_LOGGED_DELIVERIES,
  MAX_WEBHOOKS,
  retryDelaysSeconds,
  type WebhookEvent,
  webhookEvents,
} from '@/lib/schemas/webhook';
import { createSnapshot } from './create-snapshot';
import { deliverWebhooks } from './deliver-webhooks';
import { importPrompts } from './import-prompts';
import { annotate, projectWithPeople, promptFile } from './people.test-support';
import { isPublicAddress, isPublicHost, publicLookup } from './public-address';
import { sendWebhook } from './send-webhook';
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  listDeliveries,
  listWebhooks,
  queueDelivery,
  rotateSecret,
} from './webhooks';

interface Heard {
  headers: IncomingMessage['headers'];
  body: string;
}

/** A receiver on this machine, which answers as it is told to. */
async function receiver() {
  const heard: Heard[] = [];
  const answers = { status: 200, headers: {} as Record<string, string>, silent: false };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece) => {
      body += piece;
    });
    request.on('end', () => {
      heard.push({ headers: request.headers, body });
      if (!answers.silent) response.writeHead(answers.status, answers.headers).end('x'.repeat(1000));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { heard, answers, port, url: `http://127.0.0.1:${port}/hook`, close };
}

let hook: Awaited<ReturnType<typeof receiver>>;
beforeEach(async () => {
  vi.stubEnv('WEBHOOKS_ALLOW_PRIVATE', '1');
  hook = await receiver();
});
afterEach(() => {
  vi.unstubAllEnvs();
  hook.close();
});

describeOnEachDatabase('webhooks', (openDb) => {
  const begin = async (events: readonly WebhookEvent[] = webhookEvents) => {
    const db = openDb();
    await db.delete(webhooks);
    const people = await projectWithPeople(db);
    const made = await createWebhook(people.researcher, db, people.projectId, { url: hook.url, events: [...events] });
    const at = { projectId: people.projectId, webhookId: made.webhook.id };
    return { db, ...people, ...made, at };
  };
  const log = async (actor: Actor, db: Database, at: { projectId: string; webhookId: string }) =>
    (await listDeliveries(actor, db, at)).deliveries;
  /** As if the time of the next attempt had come. */
  const timePasses = (db: Database) => db.update(webhookDeliveries).set({ nextAttemptAt: new Date(0) });

  it('tell of an import, an annotation and a snapshot, signed, and of nothing but ids', async () => {
    const { db, projectId, researcher, annotator, secret } = await begin();
    await importPrompts(researcher, db, projectId, promptFile(2));
    await annotate(db, annotator, { projectId, externalId: 'p0' }, { a: 0, b: 1, c: 1 });
    const { snapshot } = await createSnapshot(researcher, db, projectId, { name: 'S', strategy: 'annotations' });
    await deliverWebhooks(db);
    const told = hook.heard.map(({ body }) => JSON.parse(body));
    expect(told.map(({ type }) => type).sort()).toEqual(['annotation.saved', 'prompts.imported', 'snapshot.created']);
    for (const { headers, body } of hook.heard) {
      expect(() => new Webhook(secret).verify(body, headers as Record<string, string>)).not.toThrow();
      expect(() => new Webhook(secret).verify(`${body} `, headers as Record<string, string>)).toThrow();
    }
    const saved = told.find(({ type }) => type === 'annotation.saved');
    expect(Object.keys(saved.data).sort()).toEqual(['annotationId', 'projectId', 'promptId', 'version']);
    expect(JSON.stringify(told)).not.toContain(annotator.userId);
    expect(told.find(({ type }) => type === 'snapshot.created').data).toMatchObject({
      snapshotId: snapshot.id,
      projectId,
    });
  });

  it('tell what they were asked for, and nothing while they are off', async () => {
    const { db, projectId, researcher, at } = await begin(['snapshot.created']);
    await importPrompts(researcher, db, projectId, promptFile(1));
    expect(await log(researcher, db, at)).toEqual([]);
    await changeWebhook(researcher, db, at, { enabled: false });
    expect(await changeWebhook(researcher, db, at, {})).toMatchObject({ enabled: false });
    await createSnapshot(researcher, db, projectId, { name: 'S', strategy: 'full' }).catch(() => undefined);
    expect(await log(researcher, db, at)).toEqual([]);
    expect(await queueDelivery(researcher, db, at, { kind: 'test' }).catch(String)).toMatch(/webhookIsOff/);
  });

  it('tell nothing of a change that was rolled back', async () => {
    const { db, projectId, researcher, at } = await begin();
    const change = (fails: boolean) =>
      db.transaction(async (tx) => {
        await recordEvent(tx, projectId, 'run.finished', { runId: 'r' });
        if (fails) throw new Error('rolled back');
      });
    await change(true).catch(() => undefined);
    expect(await log(researcher, db, at)).toEqual([]);
    await change(false);
    expect(await log(researcher, db, at)).toHaveLength(1);
  });

  it('are tried again after growing delays, and given up after the last', async () => {
    const { db, researcher, at } = await begin();
    hook.answers.status = 500;
    await queueDelivery(researcher, db, at, { kind: 'test' });
    const waits: number[] = [];
    for (const _ of retryDelaysSeconds) {
      await deliverWebhooks(db);
      const [delivery] = await log(researcher, db, at);
      expect(delivery).toMatchObject({ state: 'pending', lastStatus: 500, lastFailure: 'status' });
      waits.push((Date.parse(delivery!.nextAttemptAt!) - Date.parse(delivery!.lastAttemptAt!)) / 1000);
      // Not yet: it waits.
      await deliverWebhooks(db);
      await timePasses(db);
    }
    for (const [i, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual(retryDelaysSeconds[i]! * 0.89);
      expect(wait).toBeLessThanOrEqual(retryDelaysSeconds[i]! * 1.11);
    }
    expect(hook.heard).toHaveLength(retryDelaysSeconds.length);
    await deliverWebhooks(db);
    expect((await log(researcher, db, at))[0]).toMatchObject({ state: 'failed', attempts: 10, nextAttemptAt: null });
    expect(new Set(hook.heard.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    // It was down for moments only, so the webhook goes on.
    expect((await listWebhooks(researcher, db, at.projectId))[0]).toMatchObject({ enabled: true });

    hook.answers.status = 204;
    const [given] = await log(researcher, db, at);
    await queueDelivery(researcher, db, at, { kind: 'again', deliveryId: given!.id });
    await deliverWebhooks(db);
    expect((await log(researcher, db, at))[0]).toMatchObject({ state: 'delivered', lastStatus: 204 });
    expect((await listWebhooks(researcher, db, at.projectId))[0]).toMatchObject({ failingSince: null });
  });

  it('are turned off when nothing has got through for days, or the receiver says that it is gone', async () => {
    const { db, researcher, at } = await begin();
    hook.answers.status = 500;
    await queueDelivery(researcher, db, at, { kind: 'test' });
    await queueDelivery(researcher, db, at, { kind: 'test' });
    await db.update(webhooks).set({ failingSince: new Date(Date.now() - 3 * 24 * 60 * 60 * 1000) });
    await deliverWebhooks(db);
    expect((await listWebhooks(researcher, db, at.projectId))[0]).toMatchObject({ enabled: true });
    await db.update(webhookDeliveries).set({ attempts: retryDelaysSeconds.length, nextAttemptAt: new Date(0) });
    await deliverWebhooks(db);
    expect((await listWebhooks(researcher, db, at.projectId))[0]).toMatchObject({ enabled: false, stopped: 'failed' });
    expect((await log(researcher, db, at)).map(({ state }) => state)).toEqual(['failed', 'failed']);
    const [entry] = await db.select().from(auditEntries).where(eq(auditEntries.kind, 'webhook_stopped'));
    expect(entry).toMatchObject({ actorId: null, details: { url: hook.url, project: 'A project', reason: 'failed' } });

    await changeWebhook(researcher, db, at, { enabled: true });
    expect((await listWebhooks(researcher, db, at.projectId))[0]).toMatchObject({ enabled: true, stopped: null });
    hook.answers.status = 410;
    await queueDelivery(researcher, db, at, { kind: 'test' });
    await deliverWebhooks(db);
    expect((await listWebhooks(researcher, db, at.projectId))[0]).toMatchObject({ enabled: false, stopped: 'gone' });
  });

  it('are sent once, however many servers look at once', async () => {
    const { db, researcher, at } = await begin();
    for (let n = 0; n < 10; n++) await queueDelivery(researcher, db, at, { kind: 'test' });
    await Promise.all([deliverWebhooks(db), deliverWebhooks(db), deliverWebhooks(db)]);
    expect(hook.heard).toHaveLength(10);
    expect(new Set(hook.heard.map(({ headers }) => headers['webhook-id'])).size).toBe(10);

    // As several processes do: nobody gets what another has taken, nor gets it again until the lease ends.
    for (let n = 0; n < 5; n++) await queueDelivery(researcher, db, at, { kind: 'test' });
    const taken = await Promise.all(Array.from({ length: 8 }, () => takeDelivery(db, at.webhookId, 60)));
    const ids = taken.flatMap((one) => (one ? [one.delivery.id] : []));
    expect(new Set(ids).size).toBe(ids.length);
    while (await takeDelivery(db, at.webhookId, 60));
    await timePasses(db);
    expect(await takeDelivery(db, at.webhookId, 60)).not.toBeNull();
  });

  it('keep a log of bounded length, page by page', async () => {
    const { db, researcher, at } = await begin();
    const payload = '{}';
    const many = Array.from({ length: MAX_LOGGED_DELIVERIES + 30 }, (_, n) => {
      const createdAt = new Date(Date.UTC(2026, 0, 1) + n);
      return { webhookId: at.webhookId, event: 'test' as const, payload, state: 'delivered' as const, createdAt };
    });
    await db.insert(webhookDeliveries).values(many);
    await queueDelivery(researcher, db, at, { kind: 'test' });
    await deliverWebhooks(db);
    const seen: string[] = [];
    for (let after: MomentPlace | undefined, more = true; more; ) {
      const page = await listDeliveries(researcher, db, at, after);
      seen.push(...page.deliveries.map(({ id }) => id));
      more = page.next !== null;
      after = momentCursor.after.parse(page.next ?? undefined);
    }
    expect(seen).toHaveLength(MAX_LOGGED_DELIVERIES);
    expect(new Set(seen).size).toBe(MAX_LOGGED_DELIVERIES);
  });

  it('are signed with the new secret and the one before for a day, then with the new one alone', async () => {
    const { db, researcher, at, secret: first } = await begin();
    const heardWith = async () => {
      await queueDelivery(researcher, db, at, { kind: 'test' });
      await deliverWebhooks(db);
      const { headers, body } = hook.heard.at(-1)!;
      const signatures = String(headers['webhook-signature']).split(' ');
      const holds = (secret: string) => {
        try {
          new Webhook(secret).verify(body, headers as Record<string, string>);
          return true;
        } catch {
          return false;
        }
      };
      return { signatures: signatures.length, holds };
    };
    const { secret: second, webhook } = await rotateSecret(researcher, db, at);
    expect(second).not.toBe(first);
    const until = Date.parse(webhook.previousSecretUntil!);
    expect(Math.abs(until - Date.now() - 24 * 60 * 60 * 1000)).toBeLessThan(60_000);
    const both = await heardWith();
    expect([both.signatures, both.holds(first), both.holds(second)]).toEqual([2, true, true]);

    const { secret: third } = await rotateSecret(researcher, db, at);
    const newest = await heardWith();
    expect([newest.signatures, ...[first, second, third].map(newest.holds)]).toEqual([2, false, true, true]);

    await db.update(webhooks).set({ previousSecretUntil: new Date(Date.now() - 1) });
    const later = await heardWith();
    expect([later.signatures, later.holds(second), later.holds(third)]).toEqual([1, false, true]);
    const [listed] = await listWebhooks(researcher, db, at.projectId);
    expect(listed!.previousSecretUntil).toBeNull();
    expect(JSON.stringify(listed)).not.toContain('whsec_');
    const acts = await db.select().from(auditEntries).where(eq(auditEntries.kind, 'webhook_secret_rotated'));
    expect(acts.filter(({ actorId }) => actorId === researcher.userId)).toHaveLength(2);
    expect(JSON.stringify(acts)).not.toContain('whsec_');
  });

  it('go to public addresses alone, when they are made and when they are changed', async () => {
    const { db, researcher, at } = await begin();
    vi.stubEnv('WEBHOOKS_ALLOW_PRIVATE', '');
    for (const url of [hook.url, 'http://example.com/', 'https://10.0.0.1/', 'https://[::1]/']) {
      const made = createWebhook(researcher, db, at.projectId, { url, events: ['run.finished'] });
      expect(await made.catch(String), url).toMatch(/webhookNotPublic/);
      expect(await changeWebhook(researcher, db, at, { url }).catch(String), url).toMatch(/webhookNotPublic/);
    }
    // The control: one that is public is taken.
    const url = 'https://example.com/';
    expect(await changeWebhook(researcher, db, at, { url })).toMatchObject({ url });
  });

  it('are so many of a project, send again what is their own, and nothing while they are off', async () => {
    const { db, researcher, at } = await begin();
    const url = `${hook.url}/other`;
    const { webhook: other } = await createWebhook(researcher, db, at.projectId, { url, events: ['run.finished'] });
    const theirs = await queueDelivery(researcher, db, { ...at, webhookId: other.id }, { kind: 'test' });
    const again = { kind: 'again' as const, deliveryId: theirs.id };
    expect(await queueDelivery(researcher, db, at, again).catch(String)).toMatch(/noSuchDelivery/);
    expect(await queueDelivery(researcher, db, { ...at, webhookId: other.id }, again)).toMatchObject({ id: theirs.id });
    for (let made = 2; made < MAX_WEBHOOKS; made++) {
      await createWebhook(researcher, db, at.projectId, { url, events: ['run.finished'] });
    }
    const oneMore = createWebhook(researcher, db, at.projectId, { url, events: ['run.finished'] });
    expect(await oneMore.catch(String)).toMatch(/tooManyWebhooks/);
    await changeWebhook(researcher, db, at, { enabled: false });
    expect(await queueDelivery(researcher, db, at, { kind: 'test' }).catch(String)).toMatch(/webhookIsOff/);
  });

  it('show their secret once, and belong to one project', async () => {
    const { db, researcher, at, secret } = await begin();
    expect(secret).toMatch(/^whsec_/);
    expect(JSON.stringify(await listWebhooks(researcher, db, at.projectId))).not.toContain(secret);
    const other = await projectWithPeople(db);
    const elsewhere = { ...at, projectId: other.projectId };
    expect(await deleteWebhook(other.researcher, db, elsewhere).catch(String)).toMatch(/noSuchWebhook/);
    await deleteWebhook(researcher, db, at);
    expect(await db.select().from(webhookDeliveries).where(eq(webhookDeliveries.webhookId, at.webhookId))).toEqual([]);
  });
});

describe('an attempt', () => {
  const message = (url: string) => ({ id: 'x', url, secrets: [`whsec_${'A'.repeat(32)}`], payload: '{}' });

  it('does not follow where it is sent on', async () => {
    const other = await receiver();
    hook.answers.status = 302;
    hook.answers.headers = { location: other.url };
    expect(await sendWebhook(message(hook.url), { allowPrivate: true })).toEqual({ status: 302, failure: 'status' });
    expect(other.heard).toEqual([]);
    other.close();
  });

  it('waits so long for an answer', async () => {
    hook.answers.silent = true;
    const attempt = await sendWebhook(message(hook.url), { allowPrivate: true, timeoutMs: 200 });
    expect(attempt).toEqual({ status: null, failure: 'timeout' });
  });

  it('reaches no address of this machine or network, unless that is allowed', async () => {
    const asked: string[] = [];
    // A name that leads here, which no check of the name itself can tell.
    const lookup = publicLookup(((name: string, _options: object, done: (...given: unknown[]) => void) => {
      asked.push(name);
      done(null, [{ address: '127.0.0.1', family: 4 }]);
    }) as never);
    const named = `https://rebind.example:${hook.port}/`;
    expect(await sendWebhook(message(named), { allowPrivate: false, lookup })).toEqual({
      status: null,
      failure: 'private',
    });
    expect(asked).toEqual(['rebind.example']);
    expect(await sendWebhook(message(hook.url), { allowPrivate: false })).toEqual({ status: null, failure: 'private' });
    expect(hook.heard).toEqual([]);
    // The control: without the guard, the same name reaches the receiver.
    const open = ((_: string, options: { all?: boolean }, done: (...given: unknown[]) => void) =>
      options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)) as never;
    const plain = `http://rebind.example:${hook.port}/`;
    expect(await sendWebhook(message(plain), { allowPrivate: true, lookup: open })).toMatchObject({ status: 200 });
  });

  it('looks a name up before it connects, whoever sends', async () => {
    const named = `https://localhost:${hook.port}/`;
    expect(await sendWebhook(message(named), { allowPrivate: false })).toEqual({ status: null, failure: 'private' });
    // The control: where that is allowed it connects, and the receiver speaks no TLS.
    expect((await sendWebhook(message(named), { allowPrivate: true })).failure).not.toBe('private');
  });

  it('cuts off a receiver whose answer does not end', async () => {
    let sent = 0;
    const endless = createServer((_, response) => {
      response.writeHead(200);
      const more = setInterval(() => {
        sent += 16_384;
        response.write('x'.repeat(16_384));
      }, 1);
      response.on('close', () => clearInterval(more));
    });
    await new Promise<void>((done) => endless.listen(0, '127.0.0.1', done));
    const closed = new Promise((done) => endless.on('connection', (socket) => socket.on('close', done)));
    const url = `http://127.0.0.1:${(endless.address() as AddressInfo).port}/`;
    expect(await sendWebhook(message(url), { allowPrivate: true, timeoutMs: 5000 })).toMatchObject({ status: 200 });
    await closed;
    expect(sent).toBeLessThan(4 * 1024 * 1024);
    endless.close();
  });

  it('is refused when one of a name’s addresses is not public', async () => {
    const mixed = publicLookup(((_: string, __: object, done: (...given: unknown[]) => void) =>
      done(null, [
        { address: '93.184.215.14', family: 4 },
        { address: '::ffff:10.0.0.1', family: 6 },
      ])) as never);
    const error = await new Promise((done) => mixed('x', {}, (refused) => done(refused)));
    expect(error).toMatchObject({ name: 'PrivateAddressError' });
  });
});

describe('a public address', () => {
  it.each(['8.8.8.8', '93.184.215.14', '2606:4700:4700::1111', '::ffff:8.8.8.8'])('is %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
  it.each([
    '127.0.0.1',
    '127.9.9.9',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '192.0.2.1',
    '198.18.0.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::7f00:1',
    '64:ff9b::a00:1',
    '64:ff9b:1::1',
    '2002:7f00:1::',
    '2001::1',
    'fe80::1',
    'fec0::1',
    'fc00::1',
    'fd12::1',
    'ff02::1',
    '2001:db8::1',
    '4000::1',
    'not an address',
    '',
  ])('is not %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
  it.each(['http://2130706433/', 'http://0x7f.1/', 'http://0177.0.0.1/', 'http://[::1]/', 'http://127.1/'])(
    'is not the host of %s, however it is written',
    (url) => expect(isPublicHost(new URL(url).hostname)).toBe(false),
  );
});
