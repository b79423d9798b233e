import { sql } from 'drizzle-orm';
import { boolean, index, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { DeliveryState, WebhookEvent, WebhookStop } from '../../lib/schemas/webhook';
import { users } from './accounts';
import { createdAt, id } from './columns';
import { projectReference } from './references';

/** Addresses that are told what happens in a project. */
export const webhooks = pgTable(
  'webhooks',
  {
    id: id(),
    projectId: projectReference(),
    url: text('url').notNull(),
    events: text('events').array().$type<WebhookEvent[]>().notNull(),
    /** With which messages are signed, so it is needed as it is. It is shown once. */
    secret: text('secret').notNull(),
    /** The one before it, with which messages are signed too until then, so that receivers can change over in peace. */
    previousSecret: text('previous_secret'),
    previousSecretUntil: timestamp('previous_secret_until', { withTimezone: true }),
    enabled: boolean('enabled').notNull().default(true),
    /** Why the server turned it off; null: it did not. */
    stopped: text('stopped').$type<WebhookStop>(),
    /** Since when nothing has got through; null: the last message did. */
    failingSince: timestamp('failing_since', { withTimezone: true }),
    createdBy: text('created_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
  },
  (table) => [index('webhooks_project').on(table.projectId)],
);

/** Messages, written in the transaction of what they tell: the queue, and the log of what became of them. */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    /** Also the message's own id, which receivers know it by when it comes twice. */
    id: id(),
    webhookId: uuid('webhook_id')
      .notNull()
      .references(() => webhooks.id, { onDelete: 'cascade' }),
    event: text('event').$type<WebhookEvent | 'test'>().notNull(),
    /** The bytes that are signed and sent. */
    payload: text('payload').notNull(),
    state: text('state').$type<DeliveryState>().notNull().default('pending'),
    attempts: integer('attempts').notNull().default(0),
    /** While it is being sent, the time at which another server may take it: this one has died then. */
    nextAttemptAt: timestamp('next_attempt_at', { withTimezone: true }).notNull().defaultNow(),
    lastAttemptAt: timestamp('last_attempt_at', { withTimezone: true }),
    /** The status of the last answer; null: none came. */
    lastStatus: integer('last_status'),
    /** Why the last attempt failed, as a key of `webhooks.failures`. */
    lastFailure: text('last_failure'),
    createdAt: createdAt(),
  },
  (table) => [
    index('webhook_deliveries_due').on(table.nextAttemptAt).where(sql`${table.state} = 'pending'`),
    index('webhook_deliveries_log').on(table.webhookId, table.createdAt, table.id),
  ],
);
