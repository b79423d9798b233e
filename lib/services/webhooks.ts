/** A project's webhooks, as its researchers manage them. */
import { randomBytes } from 'node:crypto';
import { authorizeInProject, requireUuid } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { conflict, invalid, notFound } from '@/lib/auth/refusal';
import { recordAudit } from '@/lib/db/audit';
import type { Database } from '@/lib/db/client';
import { pageOf } from '@/lib/db/newest-first';
import type { ProjectRow } from '@/lib/db/projects';
import {
  countWebhooks,
  type DeliveryRow,
  findWebhook,
  insertTestDelivery,
  insertWebhook,
  listDeliveries as listStoredDeliveries,
  listWebhooks as listStoredWebhooks,
  queueAgain,
  deleteWebhook as removeWebhook,
  replaceSecret,
  secretsOf,
  updateWebhook,
  type WebhookRow,
} from '@/lib/db/webhooks';
import { type MomentPlace, momentCursor } from '@/lib/schemas/cursor';
import {
  type ChangeWebhookRequest,
  type CreatedWebhook,
  type CreateWebhookRequest,
  DELIVERIES_PAGE,
  type DeliveriesPage,
  type Delivery,
  type DeliveryFailure,
  MAX_WEBHOOKS,
  type SendDeliveryRequest,
  type Webhook,
} from '@/lib/schemas/webhook';
import { isPublicTarget } from './public-address';
import { privateWebhooksAllowed } from './send-webhook';

const SECRET_BYTES = 32;
const newSecret = () => `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;

export async function listWebhooks(actor: Actor, db: Database, projectId: string): Promise<Webhook[]> {
  await authorizeInProject(db, actor, 'project.edit', projectId);
  return (await listStoredWebhooks(db, projectId)).map(toWebhook);
}

/** @throws Refusal 'conflict' for a project that has as many as it may; 'invalid' for an address that is not public */
export async function createWebhook(
  actor: Actor,
  db: Database,
  projectId: string,
  { url, events }: CreateWebhookRequest,
): Promise<CreatedWebhook> {
  const { project } = await authorizeInProject(db, actor, 'project.edit', projectId);
  checkAddress(url);
  const secret = newSecret();
  return db.transaction(async (tx) => {
    if ((await countWebhooks(tx, projectId)) >= MAX_WEBHOOKS) throw conflict('tooManyWebhooks', { most: MAX_WEBHOOKS });
    const row = await insertWebhook(tx, { projectId, url, events, secret, createdBy: actor.userId });
    await recordWebhookAct(tx, 'webhook_created', actor, row, project);
    return { webhook: toWebhook(row), secret };
  });
}

/** Turned on again, it begins anew: nothing is held against it. */
export async function changeWebhook(
  actor: Actor,
  db: Database,
  at: { projectId: string; webhookId: string },
  change: ChangeWebhookRequest,
): Promise<Webhook> {
  const { webhook: stored, project } = await authorizedWebhook(actor, db, at);
  if (Object.keys(change).length === 0) return toWebhook(stored);
  if (change.url !== undefined) checkAddress(change.url);
  return db.transaction(async (tx) => {
    const anew = change.enabled ? { stopped: null, failingSince: null } : {};
    const row = await updateWebhook(tx, at.webhookId, { ...change, ...anew });
    await recordWebhookAct(tx, 'webhook_changed', actor, row, project);
    return toWebhook(row);
  });
}

/** Gives it a new secret. The one before goes on for a day, and one before that ends. */
export async function rotateSecret(
  actor: Actor,
  db: Database,
  at: { projectId: string; webhookId: string },
): Promise<CreatedWebhook> {
  const { project } = await authorizedWebhook(actor, db, at);
  const secret = newSecret();
  return db.transaction(async (tx) => {
    const row = await replaceSecret(tx, at.webhookId, secret);
    await recordWebhookAct(tx, 'webhook_secret_rotated', actor, row, project);
    return { webhook: toWebhook(row), secret };
  });
}

export async function deleteWebhook(
  actor: Actor,
  db: Database,
  at: { projectId: string; webhookId: string },
): Promise<void> {
  const { webhook, project } = await authorizedWebhook(actor, db, at);
  await db.transaction(async (tx) => {
    await removeWebhook(tx, webhook.id);
    await recordWebhookAct(tx, 'webhook_deleted', actor, webhook, project);
  });
}

/** @param after where the page before ended */
export async function listDeliveries(
  actor: Actor,
  db: Database,
  at: { projectId: string; webhookId: string },
  after?: MomentPlace,
): Promise<DeliveriesPage> {
  const { webhook } = await authorizedWebhook(actor, db, at);
  const rows = await listStoredDeliveries(db, webhook.id, after, DELIVERIES_PAGE + 1);
  const { shown, end } = pageOf(rows, DELIVERIES_PAGE, ({ micros, delivery: { id } }) => ({ micros, id }));
  return { deliveries: shown.map(({ delivery }) => toDelivery(delivery)), next: end && momentCursor.next(end) };
}

/** Queues a test message, or a message once more. @throws Refusal 'conflict' for a webhook that is turned off */
export async function queueDelivery(
  actor: Actor,
  db: Database,
  at: { projectId: string; webhookId: string },
  wanted: SendDeliveryRequest,
): Promise<Delivery> {
  const { webhook } = await authorizedWebhook(actor, db, at);
  if (!webhook.enabled) throw conflict('webhookIsOff');
  const row =
    wanted.kind === 'test'
      ? await insertTestDelivery(db, webhook)
      : await queueAgain(db, webhook.id, wanted.deliveryId);
  if (!row) throw notFound('noSuchDelivery');
  return toDelivery(row);
}

async function authorizedWebhook(
  actor: Actor,
  db: Database,
  { projectId, webhookId }: { projectId: string; webhookId: string },
): Promise<{ webhook: WebhookRow; project: ProjectRow }> {
  const { project } = await authorizeInProject(db, actor, 'project.edit', projectId);
  const webhook = await findWebhook(db, projectId, requireUuid(webhookId));
  if (!webhook) throw notFound('noSuchWebhook');
  return { webhook, project };
}

/** Where a name leads is looked at when it is sent to. */
function checkAddress(address: string): void {
  if (!privateWebhooksAllowed() && !isPublicTarget(new URL(address))) throw invalid('webhookNotPublic');
}

const recordWebhookAct = (
  tx: Database,
  kind: 'webhook_created' | 'webhook_changed' | 'webhook_secret_rotated' | 'webhook_deleted',
  { userId }: Actor,
  { url }: WebhookRow,
  { name }: ProjectRow,
) => recordAudit(tx, { kind, actorId: userId, details: { url, project: name } });

const toWebhook = ({ id, url, events, enabled, stopped, failingSince, createdAt, ...row }: WebhookRow): Webhook => ({
  id,
  url,
  events,
  enabled,
  stopped,
  failingSince: failingSince?.toISOString() ?? null,
  previousSecretUntil: secretsOf(row).length > 1 ? row.previousSecretUntil!.toISOString() : null,
  createdAt: createdAt.toISOString(),
});

const toDelivery = (row: DeliveryRow): Delivery => ({
  id: row.id,
  event: row.event,
  state: row.state,
  attempts: row.attempts,
  createdAt: row.createdAt.toISOString(),
  lastAttemptAt: row.lastAttemptAt?.toISOString() ?? null,
  nextAttemptAt: row.state === 'pending' ? row.nextAttemptAt.toISOString() : null,
  lastStatus: row.lastStatus,
  lastFailure: row.lastFailure as DeliveryFailure | null,
});
