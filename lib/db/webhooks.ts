/** Webhooks with their messages: the queue of those to send, and the log of what became of them. */
import { and, asc, count, eq, lte, ne, notInArray, sql } from 'drizzle-orm';
import { projects, webhookDeliveries, webhooks } from '@/drizzle/schema';
import type { MomentPlace } from '@/lib/schemas/cursor';
import {
  type Delivery,
  MAX_LOGGED_DELIVERIES,
  MAX_WAITING_DELIVERIES,
  PREVIOUS_SECRET_HOURS,
  type WebhookEvent,
  type WebhookStop,
} from '@/lib/schemas/webhook';
import type { Database } from './client';
import { newestFirst } from './newest-first';

export type WebhookRow = typeof webhooks.$inferSelect;
export type DeliveryRow = typeof webhookDeliveries.$inferSelect;

export const listWebhooks = (db: Database, projectId: string): Promise<WebhookRow[]> =>
  db
    .select()
    .from(webhooks)
    .where(eq(webhooks.projectId, projectId))
    .orderBy(asc(webhooks.createdAt), asc(webhooks.id));

export async function countWebhooks(db: Database, projectId: string): Promise<number> {
  const [row] = await db.select({ n: count() }).from(webhooks).where(eq(webhooks.projectId, projectId));
  return row?.n ?? 0;
}

export async function findWebhook(db: Database, projectId: string, id: string): Promise<WebhookRow | undefined> {
  const [row] = await db
    .select()
    .from(webhooks)
    .where(and(eq(webhooks.id, id), eq(webhooks.projectId, projectId)));
  return row;
}

export async function insertWebhook(
  db: Database,
  values: Pick<WebhookRow, 'projectId' | 'url' | 'events' | 'secret' | 'createdBy'>,
): Promise<WebhookRow> {
  const [row] = await db.insert(webhooks).values(values).returning();
  return row!;
}

export async function updateWebhook(db: Database, id: string, set: Partial<WebhookRow>): Promise<WebhookRow> {
  const [row] = await db.update(webhooks).set(set).where(eq(webhooks.id, id)).returning();
  return row!;
}

/** The new secret; the one before it holds for a while, counted by the database's clock. */
export async function replaceSecret(db: Database, id: string, secret: string): Promise<WebhookRow> {
  const [row] = await db
    .update(webhooks)
    .set({
      secret,
      previousSecret: sql`${webhooks.secret}`,
      previousSecretUntil: sql`now() + make_interval(hours => ${PREVIOUS_SECRET_HOURS}::int)`,
    })
    .where(eq(webhooks.id, id))
    .returning();
  return row!;
}

/** The secrets that hold: the newest first, then the one before it until its time is over. */
export function secretsOf(
  {
    secret,
    previousSecret,
    previousSecretUntil,
  }: Pick<WebhookRow, 'secret' | 'previousSecret' | 'previousSecretUntil'>,
  now = new Date(),
): string[] {
  return previousSecret && previousSecretUntil && previousSecretUntil > now ? [secret, previousSecret] : [secret];
}

export async function deleteWebhook(db: Database, id: string): Promise<void> {
  await db.delete(webhooks).where(eq(webhooks.id, id));
}

/**
 * Queues a message for every webhook of the project that wants this event. Called in the transaction of what it tells,
 * so that there is a message exactly where there was a change.
 */
export async function recordEvent(
  tx: Database,
  projectId: string,
  event: WebhookEvent,
  data: Readonly<Record<string, string | number | null>>,
): Promise<void> {
  const payload = payloadOf(event, projectId, data);
  await tx.execute(sql`insert into ${webhookDeliveries} (webhook_id, event, payload)
    select id, ${event}::text, ${payload}::text from ${webhooks}
    where project_id = ${projectId} and enabled and ${event}::text = any(events)`);
}

/** By the Standard Webhooks specification: type, timestamp and data. */
const payloadOf = (type: string, projectId: string, data: object) =>
  JSON.stringify({ type, timestamp: new Date().toISOString(), data: { projectId, ...data } });

export async function insertTestDelivery(db: Database, { id, projectId }: WebhookRow): Promise<DeliveryRow> {
  const payload = payloadOf('test', projectId, {});
  const [row] = await db.insert(webhookDeliveries).values({ webhookId: id, event: 'test', payload }).returning();
  return row!;
}

/** To be sent at once, whatever became of it before. */
export async function queueAgain(db: Database, webhookId: string, id: string): Promise<DeliveryRow | undefined> {
  const [row] = await db
    .update(webhookDeliveries)
    .set({ state: 'pending', nextAttemptAt: sql`now()` })
    .where(and(eq(webhookDeliveries.id, id), eq(webhookDeliveries.webhookId, webhookId)))
    .returning();
  return row;
}

const newest = newestFirst(webhookDeliveries.createdAt, webhookDeliveries.id);

/** Newest first. */
export const listDeliveries = (
  db: Database,
  webhookId: string,
  after: MomentPlace | undefined,
  limit: number,
): Promise<{ delivery: DeliveryRow; micros: string }[]> =>
  db
    .select({ delivery: webhookDeliveries, micros: newest.micros })
    .from(webhookDeliveries)
    .where(and(eq(webhookDeliveries.webhookId, webhookId), newest.following(after)))
    .orderBy(...newest.order)
    .limit(limit);

const isDue = and(
  eq(webhookDeliveries.state, 'pending'),
  lte(webhookDeliveries.nextAttemptAt, sql`now()`),
  eq(webhooks.enabled, true),
);

/** Webhooks for which a message waits to be sent now. */
export async function dueWebhooks(db: Database, limit: number): Promise<string[]> {
  const rows = await db
    .selectDistinct({ id: webhookDeliveries.webhookId })
    .from(webhookDeliveries)
    .innerJoin(webhooks, eq(webhooks.id, webhookDeliveries.webhookId))
    .innerJoin(projects, and(eq(projects.id, webhooks.projectId), notInArray(projects.state, ['copying', 'deleting'])))
    .where(isDue)
    .limit(limit);
  return rows.map(({ id }) => id);
}

/**
 * Takes the next message of a webhook, for so long that no other server sends it meanwhile; if this one dies, another
 * sends it afterwards.
 */
export async function takeDelivery(
  db: Database,
  webhookId: string,
  leaseSeconds: number,
): Promise<{ delivery: DeliveryRow; webhook: WebhookRow } | null> {
  return db.transaction(async (tx) => {
    const [found] = await tx
      .select({ delivery: webhookDeliveries, webhook: webhooks })
      .from(webhookDeliveries)
      .innerJoin(webhooks, eq(webhooks.id, webhookDeliveries.webhookId))
      .where(and(eq(webhookDeliveries.webhookId, webhookId), isDue))
      .orderBy(asc(webhookDeliveries.nextAttemptAt), asc(webhookDeliveries.id))
      .limit(1)
      .for('update', { of: webhookDeliveries, skipLocked: true });
    if (!found) return null;
    await tx
      .update(webhookDeliveries)
      .set({ nextAttemptAt: sql`now() + make_interval(secs => ${leaseSeconds})` })
      .where(eq(webhookDeliveries.id, found.delivery.id));
    return found;
  });
}

export type AttemptOutcome = Pick<Delivery, 'state' | 'lastStatus' | 'lastFailure'> & { retryAfterSeconds: number };

export async function noteAttempt(tx: Database, id: string, outcome: AttemptOutcome): Promise<void> {
  const { retryAfterSeconds, ...set } = outcome;
  await tx
    .update(webhookDeliveries)
    .set({
      ...set,
      attempts: sql`${webhookDeliveries.attempts} + 1`,
      lastAttemptAt: sql`now()`,
      nextAttemptAt: sql`now() + make_interval(secs => ${retryAfterSeconds})`,
    })
    .where(eq(webhookDeliveries.id, id));
}

/** Turns a webhook off, saying why; what still waits is given up. */
export async function stopWebhook(tx: Database, id: string, stopped: WebhookStop): Promise<void> {
  await tx.update(webhooks).set({ enabled: false, stopped }).where(eq(webhooks.id, id));
  await tx
    .update(webhookDeliveries)
    .set({ state: 'failed' })
    .where(and(eq(webhookDeliveries.webhookId, id), eq(webhookDeliveries.state, 'pending')));
}

export async function hasBacklog(db: Database, id: string): Promise<boolean> {
  const { rows } = (await db.execute(sql`select 1 from ${webhookDeliveries}
    where webhook_id = ${id} and state = 'pending' offset ${MAX_WAITING_DELIVERIES} limit 1`)) as unknown as {
    rows: unknown[];
  };
  return rows.length > 0;
}

/** Keeps the newest of those that no longer wait. */
export async function trimDeliveries(db: Database, webhookId: string): Promise<void> {
  await db.delete(webhookDeliveries).where(
    and(
      eq(webhookDeliveries.webhookId, webhookId),
      ne(webhookDeliveries.state, 'pending'),
      sql`(${webhookDeliveries.createdAt}, ${webhookDeliveries.id}) <= (
        select created_at, id from webhook_deliveries where webhook_id = ${webhookId} and state <> 'pending'
        order by created_at desc, id desc offset ${MAX_LOGGED_DELIVERIES} limit 1)`,
    ),
  );
}
