import { rm } from 'node:fs/promises';
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { webhooks } from '@/drizzle/schema';
import { emptyPGlite, emptyPostgres, migrationsBefore } from './testing';
import { listWebhooks, replaceSecret, secretsOf } from './webhooks';

it.each([
  ['PGlite', emptyPGlite],
  ['PostgreSQL', emptyPostgres],
] as const)(
  'a webhook from before secrets were replaced keeps its one, until it gets another (%s)',
  async (_, empty) => {
    const { db, migrate, close } = await empty();
    const before = await migrationsBefore('webhook_secrets');
    try {
      await migrate(before);
      await db.execute(sql`insert into projects (name, tiers) values ('P', '["a","b"]')`);
      await db.execute(sql`insert into webhooks (project_id, url, events, secret)
      select id, 'https://example.org', array['run.finished'], 'whsec_old' from projects`);
      await migrate();
      const [row] = await db.select().from(webhooks);
      expect(secretsOf(row!)).toEqual(['whsec_old']);
      await replaceSecret(db, row!.id, 'whsec_new');
      const [changed] = await listWebhooks(db, row!.projectId);
      expect(secretsOf(changed!)).toEqual(['whsec_new', 'whsec_old']);
      expect(secretsOf(changed!, changed!.previousSecretUntil!)).toEqual(['whsec_new']);
    } finally {
      await close();
      await rm(before, { recursive: true });
    }
  },
);
