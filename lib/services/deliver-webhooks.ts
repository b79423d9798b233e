/**
 * Sends the messages that wait: several receivers at once, each one message after the other, so that a slow one holds up
 * nobody else. A message is taken before it is sent, and by one server alone; it may come twice, never not at all.
 */
import { recordAudit } from '@/lib/db/audit';
import type { Database } from '@/lib/db/client';
import { findProject } from '@/lib/db/projects';
import {
  type DeliveryRow,
  dueWebhooks,
  hasBacklog,
  noteAttempt,
  secretsOf,
  stopWebhook,
  takeDelivery,
  trimDeliveries,
  updateWebhook,
  type WebhookRow,
} from '@/lib/db/webhooks';
import { retryDelaysSeconds, type WebhookStop } from '@/lib/schemas/webhook';
import { BackgroundWork } from './background-work';
import { type Attempt, privateWebhooksAllowed, type SendOptions, sendWebhook } from './send-webhook';

/** Receivers that are sent to at once. */
const AT_ONCE = 20;
/** More than an attempt may take. */
const LEASE_SECONDS = 60;
const GONE = 410;

const work = new BackgroundWork('A webhook could not be sent.');

/** Begins to send what is due, to receivers to which nothing is being sent yet. @returns when that has been sent */
export async function deliverWebhooks(db: Database, options?: SendOptions): Promise<void> {
  const due = await dueWebhooks(db, AT_ONCE);
  for (const id of due) if (!work.isRunning(id)) work.add(id, () => deliverTo(db, id, options));
  await Promise.all(due.map((id) => work.of(id)));
}

async function deliverTo(db: Database, webhookId: string, options?: SendOptions): Promise<void> {
  const allowed = options ?? { allowPrivate: privateWebhooksAllowed() };
  for (;;) {
    const taken = await takeDelivery(db, webhookId, LEASE_SECONDS);
    if (!taken) return;
    const { id, payload } = taken.delivery;
    const { url } = taken.webhook;
    const attempt = await sendWebhook({ id, payload, url, secrets: secretsOf(taken.webhook) }, allowed);
    await db.transaction((tx) => note(tx, taken, attempt));
    // Others wait until the next round asks, so that a receiver that is down is not asked without a pause.
    if (attempt.failure !== null) return;
  }
}

async function note(
  tx: Database,
  { delivery, webhook }: { delivery: DeliveryRow; webhook: WebhookRow },
  { status, failure }: Attempt,
): Promise<void> {
  const delay = retryDelaysSeconds[delivery.attempts];
  const state = failure === null ? 'delivered' : delay === undefined ? 'failed' : 'pending';
  const retryAfterSeconds = (delay ?? 0) * (0.9 + 0.2 * Math.random());
  await noteAttempt(tx, delivery.id, { state, lastStatus: status, lastFailure: failure, retryAfterSeconds });
  if (failure === null) {
    if (webhook.failingSince) await updateWebhook(tx, webhook.id, { failingSince: null });
  } else {
    const failingSince = webhook.failingSince ?? new Date();
    if (!webhook.failingSince) await updateWebhook(tx, webhook.id, { failingSince });
    const why = await reasonToStop(tx, { id: webhook.id, failingSince }, state, status);
    if (why) {
      await stopWebhook(tx, webhook.id, why);
      const project = await findProject(tx, webhook.projectId);
      const details = { url: webhook.url, project: project?.name ?? null, reason: why };
      await recordAudit(tx, { kind: 'webhook_stopped', actorId: null, details });
    }
  }
  if (state !== 'pending') await trimDeliveries(tx, webhook.id);
}

/** Less than the attempts for one message take together. */
const FAILING_TOO_LONG_MS = 60 * 60 * 60 * 1000;

/** A message was given up, and nothing else has got through for days; the receiver says so; or too much waits. */
async function reasonToStop(
  tx: Database,
  { id, failingSince }: { id: string; failingSince: Date },
  state: string,
  status: number | null,
): Promise<WebhookStop | null> {
  if (status === GONE) return 'gone';
  if (state === 'failed' && Date.now() - failingSince.getTime() > FAILING_TOO_LONG_MS) return 'failed';
  return (await hasBacklog(tx, id)) ? 'backlog' : null;
}
