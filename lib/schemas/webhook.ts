/** Addresses that a project's researchers have told what happens in it, after the Standard Webhooks specification. */
import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { timeSchema } from './answer-fields';
import { nextSchema } from './cursor';
import { issueKey } from './issue';

export const webhookEvents = ['prompts.imported', 'annotation.saved', 'snapshot.created', 'run.finished'] as const;
export const webhookEventSchema = z.enum(webhookEvents);
export type WebhookEvent = z.infer<typeof webhookEventSchema>;

/** Why a server turns a webhook off: nothing got through for days, the receiver answered 410, too much waits. */
export const webhookStops = ['failed', 'gone', 'backlog'] as const;
export type WebhookStop = (typeof webhookStops)[number];

export const MAX_WEBHOOKS = 10;
const MAX_URL = 2000;
/** How long the secret before a new one holds, too. */
export const PREVIOUS_SECRET_HOURS = 24;
export const DELIVERIES_PAGE = 20;
/** Of one webhook, beside those that wait. */
export const MAX_LOGGED_DELIVERIES = 200;
/** Of one webhook: with more it is turned off. */
export const MAX_WAITING_DELIVERIES = 10_000;
/** Seconds until the next attempt, after each that failed; after the last of them the message is given up. */
export const retryDelaysSeconds = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400] as const;

const isAddress = (text: string) => {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
};

const fields = {
  url: z.string().trim().max(MAX_URL).refine(isAddress, issueKey('noAddress')),
  events: z
    .array(webhookEventSchema)
    .min(1)
    .max(webhookEvents.length)
    .transform((events) => [...new Set(events)]),
};
export const createWebhookSchema = z.strictObject(fields);
export type CreateWebhookRequest = z.infer<typeof createWebhookSchema>;
/** What is left out stays as it is. */
export const changeWebhookSchema = z.strictObject({ ...fields, enabled: z.boolean() }).partial();
export type ChangeWebhookRequest = z.infer<typeof changeWebhookSchema>;

export const webhookSchema = z.strictObject({
  id: z.uuid(),
  url: z.string(),
  events: z.array(webhookEventSchema),
  enabled: z.boolean(),
  stopped: z.enum(webhookStops).nullable(),
  failingSince: timeSchema.nullable(),
  /** Until when messages carry a signature with the secret before, too; null: it has had no other, or that time is over. */
  previousSecretUntil: timeSchema.nullable(),
  createdAt: timeSchema,
});
export type Webhook = z.infer<typeof webhookSchema>;
export const webhooksAnswerSchema = z.strictObject({ webhooks: z.array(webhookSchema) });
export type WebhooksAnswer = z.infer<typeof webhooksAnswerSchema>;
export const webhookAnswerSchema = z.strictObject({ webhook: webhookSchema });
/** `secret` is shown to nobody again. */
export const createdWebhookSchema = z.strictObject({ webhook: webhookSchema, secret: z.string() });
export type CreatedWebhook = z.infer<typeof createdWebhookSchema>;

export const deliveryStates = ['pending', 'delivered', 'failed'] as const;
export type DeliveryState = (typeof deliveryStates)[number];
/** Why no 2xx came: see `settings.webhooks.failures` in the messages. */
export const deliveryFailures = ['status', 'private', 'timeout', 'unknownHost', 'certificate', 'connection'] as const;
export type DeliveryFailure = (typeof deliveryFailures)[number];

export const deliverySchema = z.strictObject({
  id: z.uuid(),
  event: z.enum([...webhookEvents, 'test']),
  state: z.enum(deliveryStates),
  attempts: z.int().min(0),
  createdAt: timeSchema,
  lastAttemptAt: timeSchema.nullable(),
  /** Null where no further attempt is planned. */
  nextAttemptAt: timeSchema.nullable(),
  lastStatus: z.int().nullable(),
  lastFailure: z.enum(deliveryFailures).nullable(),
});
export type Delivery = z.infer<typeof deliverySchema>;
/** Newest first. */
export const deliveriesPageSchema = z.strictObject({
  deliveries: z.array(deliverySchema),
  next: nextSchema,
});
export type DeliveriesPage = z.infer<typeof deliveriesPageSchema>;
/** A test message, or a message again. */
export const sendDeliverySchema = z.union([
  z.strictObject({ kind: z.literal('test') }),
  z.strictObject({ kind: z.literal('again'), deliveryId: z.uuid() }),
]);
export type SendDeliveryRequest = z.infer<typeof sendDeliverySchema>;
export const queuedDeliverySchema = z.strictObject({ delivery: deliverySchema });
