/**
 * Every route on disk with inputs made from its own schemas, as an administrator may send them: whatever comes, the
 * answer is never 500, and never the database's word where a schema should have said which field is wrong.
 * FUZZ_SEED repeats a run; FUZZ_RUNS sets how many requests each method of a route gets.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type * as z from 'zod';
import { prompts, responses } from '@/drizzle/schema';
import type { Database } from '@/lib/db/client';
import { importLineSchema } from '@/lib/schemas/prompt-import';
import { createRunRequestSchema } from '@/lib/schemas/run';
import { snapshotHeaderSchema } from '@/lib/schemas/snapshot';
import { changePerson } from '@/lib/services/change-person';
import { createRun } from '@/lib/services/create-run';
import { createSnapshot } from '@/lib/services/create-snapshot';
import { importPrompts } from '@/lib/services/import-prompts';
import { createInvite } from '@/lib/services/invites';
import { annotate, promptFile } from '@/lib/services/people.test-support';
import { createProject } from '@/lib/services/projects';
import { createResetLink } from '@/lib/services/reset-password';
import { beginModelUpload } from '@/lib/services/upload-model';
import { startProjectUpload } from '@/lib/services/uploads';
import { createWebhook } from '@/lib/services/webhooks';
import { snapshotRecordSchema } from '@/trainer/contract/record';
import { arbitraryOf, hostileTexts, spoiledOnce } from './arbitrary-of.test-support';
import { bodyLimits, type Method } from './body-limits';
import { openRoutes, type RouteOnDisk, site, type Visitor, visitor } from './routes.test-support';

/** The schemas that a route asks about: seen when it asks. */
const asked = vi.hoisted(() => ({
  body: undefined as z.ZodType | undefined,
  query: undefined as z.ZodType | undefined,
}));
vi.mock('@/lib/http/route', async (original) => {
  const real = await original<typeof import('./route')>();
  return {
    ...real,
    readJson: (request: Request, schema: z.ZodType) => {
      asked.body = schema;
      return real.readJson(request, schema);
    },
    parse: (schema: z.ZodType, value: unknown) => {
      asked.query = schema;
      return real.parse(schema, value);
    },
  };
});

const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
const runs = Number(process.env.FUZZ_RUNS ?? 12);

let db: Database;
let close: () => Promise<void>;
let routes: RouteOnDisk[];
let admin: Visitor;
/** Who signs out, and changes the password. */
let passerby: Visitor;
let ids: string[];

beforeAll(async () => {
  console.log(`Seed of the route fuzz: FUZZ_SEED=${seed}`);
  ({ db, routes, admin, close } = await openRoutes());
  passerby = await visitor(db, 'Eve', 'annotator');
});
afterAll(() => close?.());

/** One of everything that a path can name, new: an earlier request may have ended or removed the last. */
async function somethingOfEverything(): Promise<Record<string, string[]>> {
  await changePerson(admin, db, passerby.userId, { active: true });
  const { id: projectId } = await createProject(admin, db, { name: 'P' });
  await importPrompts(admin, db, projectId, promptFile(3));
  await annotate(db, admin, { projectId, externalId: 'p0' }, { a: 0, b: 1, c: 2 });
  const { snapshot } = await createSnapshot(admin, db, projectId, { name: 'S', strategy: 'hybrid' });
  const wanted = createRunRequestSchema.parse({ snapshotId: snapshot.id, modelId: 'demo' });
  const run = await createRun(admin, db, projectId, wanted);
  const files = [{ name: 'config.json', bytes: 12, modified: 1 }];
  const { id: modelId } = await beginModelUpload(admin, db, { name: 'M', folder: projectId, files });
  const { id: uploadId } = await startProjectUpload(admin, db, projectId, { name: 'U', bytes: 20 });
  const hook = { url: 'https://example.org/', events: ['annotation.saved' as const] };
  const { webhook } = await createWebhook(admin, db, projectId, hook);
  const { token } = await createInvite(admin, db, { role: 'annotator' });
  const promptIds = (await db.select({ id: prompts.id }).from(prompts)).map(({ id }) => id).slice(-3);
  const responseIds = (await db.select({ id: responses.id }).from(responses)).map(({ id }) => id).slice(-9);
  ids = [projectId, snapshot.id, run.id, modelId, uploadId, admin.userId, ...promptIds, ...responseIds];
  return {
    projectId: [projectId],
    promptId: promptIds,
    snapshotId: [snapshot.id],
    runId: [run.id],
    modelId: [modelId, 'demo'],
    uploadId: [uploadId],
    webhookId: [webhook.id],
    token: [token],
    name: ['config.json', 'weights.bin'],
    version: ['1'],
    all: ['sign-in/email', 'sign-out', 'change-password', 'change-email', 'update-user'],
    // Not of the administrator, who asks.
    userId: [passerby.userId],
    resetToken: [(await createResetLink(admin, db, passerby.userId)).token],
  };
}

/** Where a body is a file: lines as an import or a snapshot has them, or any bytes. */
function fileBody(): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  const lines = (schema: z.ZodType) => fc.array(arbitraryOf(schema, ids), { minLength: 1, maxLength: 4 });
  const snapshot = fc
    .tuple(arbitraryOf(snapshotHeaderSchema, ids), lines(snapshotRecordSchema))
    .map(([header, records]) => [header, ...records]);
  const text = fc
    .oneof(lines(importLineSchema), snapshot)
    .map((values) => values.map((value) => asJson(value)).join('\n'));
  const encoded = text.map((value) => new TextEncoder().encode(value));
  return fc.oneof(encoded, fc.uint8Array({ maxLength: 64 })).map((bytes) => new Uint8Array(bytes));
}

/** As JSON.stringify, but also of what is nested too deeply for it. */
function asJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'null';
  } catch {
    return '['.repeat(5_000) + ']'.repeat(5_000);
  }
}

interface Sent {
  address: string;
  params: Record<string, string>;
  body: string | Uint8Array<ArrayBuffer> | null;
  headers: Record<string, string>;
}

function requestTo(path: string, method: Method, there: Record<string, string[]>): fc.Arbitrary<Sent> {
  const names = [...path.matchAll(/\[(?:\.\.\.)?(\w+)\]/g)].map(([, name]) => name!);
  const params = fc.record(
    Object.fromEntries(
      names.map((name) => [
        name,
        fc.oneof(
          { weight: 9, arbitrary: fc.constantFrom(...(there[name] ?? ids)) },
          { weight: 1, arbitrary: fc.constantFrom(...hostileTexts, ...ids) },
        ),
      ]),
    ),
  );
  const query = asked.query
    ? fc
        .oneof(spoiledOnce(asked.query, ids), arbitraryOf(asked.query, ids))
        .map((value) => Object(value) as Record<string, unknown>)
    : fc.constantFrom<Record<string, unknown>>({}, { x: '\0' }, { limit: '9'.repeat(400), after: '-1' });
  const takesBody = method !== 'GET' && (bodyLimits[path]?.[method] ?? 0) > 0;
  const spoiledJson = fc.constantFrom(
    '',
    '{',
    'null',
    '"\\ud800"',
    '[]',
    `{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`,
    '\ufeff{}',
  );
  const json = asked.body && fc.oneof(spoiledOnce(asked.body, ids), arbitraryOf(asked.body, ids)).map(asJson);
  const body = !takesBody
    ? fc.constant(null)
    : json
      ? fc.oneof({ weight: 9, arbitrary: json }, { weight: 1, arbitrary: spoiledJson })
      : fc.oneof(fileBody(), spoiledJson);
  const headers = fc.record(
    {
      'x-upload': fc.constantFrom(...(there.uploadId ?? []), 'nothing', '\u00ff'),
      'upload-offset': fc.constantFrom('0', '1', '-1', '1e9', '9'.repeat(30), 'x', ''),
      'x-sha256': fc.constantFrom('a'.repeat(64), '', 'zz'),
      'accept-language': fc.constantFrom('ar', 'ja;q=2', '*', 'x'.repeat(2_000)),
    },
    { requiredKeys: [] },
  );
  return fc.record({ params, query, body, headers }).map(({ params, query, body, headers }) => {
    const search = new URLSearchParams(
      Object.entries(query)
        .slice(0, 50)
        .map(([key, value]) => [key, asText(value)]),
    );
    const inPath = path.replace(/\[(?:\.\.\.)?(\w+)\]/g, (_, name: string) => encodeURI(wellFormed(params[name]!)));
    return { address: `${site}/api/${inPath}?${search}`, params, body, headers };
  });
}

/** An address cannot hold half a surrogate pair. */
const wellFormed = (text: string) => new TextDecoder().decode(new TextEncoder().encode(text));
const asText = (value: unknown) => wellFormed(typeof value === 'string' ? value : asJson(value)).slice(0, 5_000);

describe('the routes', () => {
  it('answer any request without a 500', { timeout: 300_000 }, async () => {
    const statuses = new Map<number, number>();
    let there: Record<string, string[]> | undefined;
    let demoLoaded = false;
    for (const { path, handlers } of routes) {
      expect(bodyLimits, `${path} is in the table of body limits`).toHaveProperty([path]);
      for (const [method, handler] of Object.entries(handlers) as [
        Method,
        NonNullable<RouteOnDisk['handlers'][Method]>,
      ][]) {
        if (path === 'demo') {
          // It takes no input, and makes a large project each time.
          if (demoLoaded) continue;
          demoLoaded = true;
        }
        if (method !== 'GET' || !there) there = await somethingOfEverything();
        const here = there;
        const who = path.startsWith('auth/') ? passerby : admin;
        Object.assign(asked, { body: undefined, query: undefined });
        const send = async ({ address, params, body, headers }: Sent) => {
          const request = new Request(address, { method, body, headers: { ...who.headers, ...headers } });
          return handler(request, { params: Promise.resolve(params) });
        };
        // Once as it should be, to see which schemas the route asks about.
        for (const first of here.all!) {
          const params = Object.fromEntries(Object.entries(here).map(([name, all]) => [name, all[0]!]));
          const inPath = path.replace(/\[(?:\.\.\.)?(\w+)\]/g, (_, name: string) =>
            name === 'all' ? first : params[name]!,
          );
          await send({ address: `${site}/api/${inPath}`, params, body: method === 'GET' ? null : '{}', headers: {} });
          if (!path.includes('[...all]')) break;
        }
        const found = await fc.check(
          fc.asyncProperty(requestTo(path, method, here), async (sent) => {
            const answer = await send(sent);
            statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
            const text = await answer.text();
            if (answer.status >= 500) throw new Error(`${answer.status}: ${text}`);
            if (text.includes('refusals.outOfRange')) throw new Error(`Only the database refused it: ${text}`);
          }),
          {
            seed,
            numRuns: path === 'demo' ? 1 : method === 'GET' && !asked.query ? Math.ceil(runs / 4) : runs,
            interruptAfterTimeLimit: 20_000,
          },
        );
        expect(found.failed ? `${method} ${path}\n${fc.defaultReportMessage(found)}`.slice(0, 4_000) : '').toBe('');
      }
    }
    console.log(`Answers of the route fuzz: ${JSON.stringify(Object.fromEntries([...statuses].sort()))}`);
    // The inputs are near enough to what is right: many are taken, and many are refused.
    const many = (low: number, high: number) =>
      [...statuses].filter(([status]) => status >= low && status < high).reduce((sum, [, count]) => sum + count, 0);
    expect(many(200, 300)).toBeGreaterThan(many(200, 500) / 50);
    expect(many(400, 500)).toBeGreaterThan(many(200, 500) / 10);
  });
});
