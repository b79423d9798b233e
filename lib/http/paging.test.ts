/** Lists are paged in one way, wherever they are; and walking one while rows are added repeats none and loses none. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { auditEntries, snapshots, webhookDeliveries, webhooks } from '@/drizzle/schema';
import type { Database } from '@/lib/db/client';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { momentCursor, nextSchema } from '@/lib/schemas/cursor';
import { type JsonSchema, operationsOf } from '@/lib/schemas/open-api';
import { promptListQuerySchema } from '@/lib/schemas/prompt-list';
import { readAudit } from '@/lib/services/audit';
import { importPrompts } from '@/lib/services/import-prompts';
import { listPrompts } from '@/lib/services/list-prompts';
import { projectWithPeople, promptFile } from '@/lib/services/people.test-support';
import { listSnapshots } from '@/lib/services/read-snapshot';
import { listDeliveries } from '@/lib/services/webhooks';
import { answerSchemas } from './answer-schemas';
import { typeOf } from './clients/json-types';
import { openApiDocument } from './openapi';

describe('every list of the API', () => {
  const operations = operationsOf(openApiDocument('https://rescue.example.org'));
  const lists = operations.filter(({ id }) => /^(list|getLedger$|compareSnapshots$)/.test(id));

  it.each(lists.map((operation) => [operation.id, operation] as const))('%s goes on with after and next', (_, list) => {
    const after = list.parameters.find(({ name }) => name === 'after');
    expect(after).toMatchObject({ in: 'query', required: false, schema: { type: 'string' } });
    const answer = list.answer as { properties: Record<string, JsonSchema>; required: string[] };
    expect(answer.required).toContain('next');
    expect(typeOf(answer.properties.next!)).toBe('string | null');
  });

  it('and no operation has a word of its own for it', () => {
    expect(lists.length).toBeGreaterThan(5);
    for (const { id, parameters, answer } of operations) {
      const names = parameters.map(({ name }) => name);
      const own = names.filter((name) => /^(before|cursor|page|offset|limit|from)$/.test(name));
      expect(own, id).toEqual([]);
      const isPaged = typeof answer === 'object' && Object.hasOwn(answer.properties ?? {}, 'next');
      expect(isPaged, id).toBe(names.includes('after'));
    }
  });

  it('nor has any other route an answer with a next that is not the shared one', () => {
    for (const [path, methods] of Object.entries(answerSchemas)) {
      const answer = methods.GET;
      if (!(answer instanceof z.ZodObject) || !('next' in answer.shape)) continue;
      // The next prompt to decide is a prompt, and no page.
      if (path.endsWith('answers/[promptId]')) continue;
      expect(answer.shape.next, path).toBe(nextSchema);
    }
  });
});

describeOnEachDatabase('walking a list while rows are added', (database) => {
  /** Rows that share a moment stand by their ids alone. */
  const moment = (n: number) => new Date(Date.UTC(2026, 0, 1) + Math.floor(n / 3));

  interface List {
    ids: (after: string | undefined) => Promise<{ ids: string[]; next: string | null }>;
    add: (moments: number[]) => Promise<unknown>;
  }

  async function walk(list: List, added: readonly number[][]): Promise<void> {
    const seen: string[] = [];
    const atStart = await whole(list);
    let after: string | undefined;
    for (let page = 0; ; page++) {
      const answer = await list.ids(after);
      seen.push(...answer.ids);
      if (answer.next === null) break;
      after = answer.next;
      await list.add(added[page % added.length] ?? []);
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(atStart.filter((id) => !seen.includes(id))).toEqual([]);
  }

  async function whole(list: List): Promise<string[]> {
    const seen: string[] = [];
    for (let after: string | undefined; ; ) {
      const { ids, next } = await list.ids(after);
      seen.push(...ids);
      if (next === null) return seen;
      after = next;
    }
  }

  /** Moments before, among and after those that are there. */
  const additions = fc.array(fc.array(fc.integer({ min: -50, max: 700 }), { maxLength: 6 }), {
    minLength: 1,
    maxLength: 4,
  });
  const first = Array.from({ length: 130 }, (_, n) => n * 3 - (n % 2));

  const lists: Record<string, (db: Database) => Promise<List>> = {
    snapshots: async (db) => {
      const { projectId, researcher } = await projectWithPeople(db);
      return {
        ids: async (after) => {
          const page = await listSnapshots(researcher, db, projectId, momentCursor.after.parse(after));
          return { ids: page.snapshots.map(({ id }) => id), next: page.next };
        },
        add: async (moments) => {
          const header = { counts: {}, strategy: 'annotations' };
          const rows = moments.map((n) => ({
            ...{ projectId, name: 'S', hash: crypto.randomUUID(), header, promptCount: 1, pairCount: 1 },
            createdAt: moment(n),
          }));
          if (rows.length > 0) await db.insert(snapshots).values(rows);
        },
      };
    },
    'messages of a webhook': async (db) => {
      const { projectId, researcher } = await projectWithPeople(db);
      const hook = { projectId, url: 'https://example.org', events: ['run.finished' as const], secret: 's' };
      const [{ id: webhookId } = { id: '' }] = await db.insert(webhooks).values(hook).returning();
      return {
        ids: async (after) => {
          const at = { projectId, webhookId };
          const page = await listDeliveries(researcher, db, at, momentCursor.after.parse(after));
          return { ids: page.deliveries.map(({ id }) => id), next: page.next };
        },
        add: async (moments) => {
          const rows = moments.map((n) => ({ webhookId, event: 'test' as const, payload: '{}', createdAt: moment(n) }));
          if (rows.length > 0) await db.insert(webhookDeliveries).values(rows);
        },
      };
    },
    'the audit log': async (db) => {
      const { researcher } = await projectWithPeople(db);
      const admin = { ...researcher, role: 'admin' as const };
      const person = researcher.userId;
      return {
        ids: async (after) => {
          const page = await readAudit(admin, db, { person, kind: 'sign_in', after: momentCursor.after.parse(after) });
          return { ids: page.entries.map(({ id }) => id), next: page.next };
        },
        add: async (moments) => {
          const rows = moments.map((n) => ({
            ...{ kind: 'sign_in' as const, actorId: person, subjectId: person, details: {} },
            at: moment(n),
          }));
          if (rows.length > 0) await db.insert(auditEntries).values(rows);
        },
      };
    },
    prompts: async (db) => {
      const { projectId, researcher } = await projectWithPeople(db);
      let made = 0;
      return {
        ids: async (after) => {
          const page = await listPrompts(researcher, db, projectId, promptListQuerySchema.parse({ after }));
          return { ids: page.prompts.map(({ promptId }) => promptId), next: page.next };
        },
        add: async (moments) => {
          if (moments.length === 0) return;
          await importPrompts(researcher, db, projectId, promptFile(moments.length, { from: made }));
          made += moments.length;
        },
      };
    },
  };

  it.each(Object.keys(lists))('%s', async (name) => {
    const db = database();
    await fc.assert(
      fc.asyncProperty(additions, async (added) => {
        const list = await lists[name]!(db);
        await list.add(first);
        await walk(list, added);
      }),
      { numRuns: 4 },
    );
  });

  it('the control: pages that are counted off repeat rows', async () => {
    const db = database();
    const list = await lists.snapshots!(db);
    await list.add(first);
    const counted: List = {
      add: list.add,
      ids: async (after = '0') => {
        const all = await whole(list);
        const end = Number(after) + 50;
        return { ids: all.slice(Number(after), end), next: end < all.length ? String(end) : null };
      },
    };
    await expect(walk(counted, [[690]])).rejects.toThrow();
  });
});
