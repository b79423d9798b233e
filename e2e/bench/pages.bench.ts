/**
 * npm run bench pages [-- --prompts=200000 --annotators=6] [-- --embedded | --postgres]: how long each page's answers
 * take in a project of 20,000 prompts with 40,000 annotations, on each database. The routes run as the server runs them
 * (session, reading, service, JSON), one request at a time, without Next and the network.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hashPassword } from 'better-auth/crypto';
import { sql } from 'drizzle-orm';
import * as ledger from '@/app/api/projects/[projectId]/agreement/ledger/route';
import * as agreement from '@/app/api/projects/[projectId]/agreement/route';
import * as mine from '@/app/api/projects/[projectId]/annotations/mine/route';
import * as annotations from '@/app/api/projects/[projectId]/annotations/route';
import * as answers from '@/app/api/projects/[projectId]/answers/[promptId]/route';
import * as assignments from '@/app/api/projects/[projectId]/assignments/route';
import * as gold from '@/app/api/projects/[projectId]/gold/route';
import * as myMarks from '@/app/api/projects/[projectId]/marks/mine/route';
import * as marks from '@/app/api/projects/[projectId]/marks/route';
import * as pace from '@/app/api/projects/[projectId]/pace/route';
import * as progress from '@/app/api/projects/[projectId]/progress/route';
import * as promptList from '@/app/api/projects/[projectId]/prompts/list/route';
import * as prompts from '@/app/api/projects/[projectId]/prompts/route';
import * as reviewQueue from '@/app/api/projects/[projectId]/review-queue/route';
import * as project from '@/app/api/projects/[projectId]/route';
import * as runs from '@/app/api/projects/[projectId]/runs/route';
import * as snapshots from '@/app/api/projects/[projectId]/snapshots/route';
import * as task from '@/app/api/projects/[projectId]/tasks/[promptId]/route';
import * as next from '@/app/api/projects/[projectId]/tasks/next/route';
import * as work from '@/app/api/projects/[projectId]/work/route';
import * as projects from '@/app/api/projects/route';
import * as rerank from '@/app/api/runs/[runId]/rerank/route';
import { signInCookies } from '@/lib/auth/session';
import { closeDatabase, type Database, openDatabase } from '@/lib/db/client';
import { seedLargeProject } from '@/lib/db/large-project.test-support';
import { startPostgres } from '@/lib/db/testing-postgres';
import type { AgreementAnswer } from '@/lib/schemas/agreement';
import type { Task, TaskPage } from '@/lib/schemas/annotation';
import { promptsToSampleCursor } from '@/lib/schemas/new-responses';
import type { PromptList } from '@/lib/schemas/prompt-list';

const flag = (name: string) => process.argv.find((argument) => argument.startsWith(`--${name}`));
const PROMPTS = Number(flag('prompts')?.split('=')[1] ?? 20_000);
const ANNOTATORS = Number(flag('annotators')?.split('=')[1] ?? 4);
const TIMES = Number(flag('times')?.split('=')[1] ?? 40);
const PASSWORD = 'a-long-password';

// biome-ignore lint/suspicious/noExplicitAny: each route knows its own parameters; here all get what there is.
type Handler = (request: Request, context: { params: Promise<any> }) => Promise<Response>;
type Caller = (handler: Handler, path: string, init?: RequestInit, more?: Record<string, string>) => Promise<Response>;

async function bench(kind: string): Promise<void> {
  const { db } = await openDatabase();
  const started = performance.now();
  const seeded = await seedLargeProject(db, PROMPTS, { annotators: ANNOTATORS });
  // PostgreSQL's autovacuum does this by itself; the embedded database has none.
  if (kind === 'PostgreSQL') await db.execute(sql`vacuum analyze`);
  console.log(
    `\n## ${kind}: ${PROMPTS} prompts, ${(PROMPTS / 2) * ANNOTATORS} annotations (seeded in ${seconds(started)})`,
  );
  const params = Promise.resolve({ projectId: seeded.projectId, runId: seeded.runId, promptId: '' });
  const caller = async (userId: string) => {
    const cookie = await signIn(db, userId);
    return (handler: Handler, path: string, init: RequestInit = {}, more: Record<string, string> = {}) =>
      handler(
        new Request(`http://localhost${path}`, {
          ...init,
          headers: { cookie, host: 'localhost', origin: 'http://localhost', 'content-type': 'application/json' },
        }),
        {
          params: params.then((all) => ({ ...all, ...more })),
        },
      );
  };
  const researcher = await caller(seeded.researcherId);
  const annotator = await caller(seeded.annotatorIds[0]!);
  const since = new Date(Date.now() - 12 * 3_600_000).toISOString();
  await measure('projects (annotator)', () => annotator(projects.GET as Handler, '/api/projects'));
  await measure('projects (researcher)', () => researcher(projects.GET as Handler, '/api/projects'));
  await measure('project (annotator)', () => annotator(project.GET as Handler, '/api/projects/x'));
  await measure('project (researcher)', () => researcher(project.GET as Handler, '/api/projects/x'));
  await measure('work', () => researcher(work.GET, '/api/projects/x/work'));
  await measure('marks', () => researcher(marks.GET as Handler, '/api/projects/x/marks'));
  await measure('marks/mine', () => annotator(myMarks.GET as Handler, '/api/projects/x/marks/mine'));
  await measure('assignments', () => researcher(assignments.GET as Handler, '/api/projects/x/assignments'));
  await measureAgreement(researcher);
  await measureReview(researcher);
  await measure('gold', () => researcher(gold.GET as Handler, '/api/projects/x/gold'));
  await measure('snapshots', () => researcher(snapshots.GET as Handler, '/api/projects/x/snapshots'));
  await measure('runs', () => researcher(runs.GET as Handler, '/api/projects/x/runs'));
  await measure('runs/rerank, last page', () =>
    researcher(rerank.GET, `/api/runs/x/rerank?offset=${PROMPTS / 2 - 50}&limit=50`),
  );
  await measure('prompts, to sample', () =>
    researcher(prompts.GET as Handler, `/api/projects/x/prompts?after=${promptsToSampleCursor.next(PROMPTS / 2)}`),
  );
  await measure('annotations/mine', () => annotator(mine.GET as Handler, '/api/projects/x/annotations/mine'));
  await measure('pace', () => annotator(pace.GET as Handler, `/api/projects/x/pace?since=${since}`));
  await measure('tasks/next', () => annotator(next.GET as Handler, '/api/projects/x/tasks/next?count=2'));
  // Each save is of another prompt, so that the queue moves on.
  const page = (await (await annotator(next.GET as Handler, '/api/projects/x/tasks/next?count=10')).json()) as TaskPage;
  const tasks: Task[] = [...page.tasks];
  await measure(
    'save',
    async () => {
      const { promptId, responses } = tasks.shift() ?? (await nextTask(annotator));
      const body = JSON.stringify({
        promptId,
        idempotencyKey: randomUUID(),
        baseVersion: 0,
        allBad: false,
        timeOnTaskMs: 30_000,
        placements: responses.map(({ id }, tier) => ({ responseId: id, state: 'placed', tier: tier % 4 })),
      });
      return annotator(annotations.POST as Handler, '/api/projects/x/annotations', { method: 'POST', body });
    },
    10,
  );
  await measureAgain(researcher);
  await measure('tasks/:prompt', () =>
    annotator(task.GET as Handler, '/api/projects/x/tasks/y', {}, { promptId: page.tasks[0]!.promptId }),
  );
}

/** What is asked while it is measured in the background is timed apart from what is asked afterwards. */
async function measureAgreement(researcher: Caller): Promise<void> {
  const ask = () => researcher(agreement.GET as Handler, '/api/projects/x/agreement');
  const started = performance.now();
  await measure('agreement, measuring', ask);
  await settled(ask);
  console.log(`measured in the background in ${seconds(started)}`);
  await measure('agreement, measured', ask);
}

/** After a few saves: only their prompts are read again. */
async function measureAgain(researcher: Caller): Promise<void> {
  const started = performance.now();
  await settled(() => researcher(agreement.GET as Handler, '/api/projects/x/agreement'));
  console.log(`measured again after these saves in ${seconds(started)}`);
}

async function settled(ask: () => Promise<Response>): Promise<void> {
  while (((await (await ask()).json()) as AgreementAnswer).measuring) await sleep(100);
}

/** The pages on which researchers look at prompts: the list in several orders, one prompt, what waits for a decision. */
async function measureReview(researcher: Caller): Promise<void> {
  const list = (query: string) => researcher(promptList.GET as Handler, `/api/projects/x/prompts/list?${query}`);
  await measure('prompt list', () => list(''));
  for (const query of [
    'sort=fewest',
    'sort=changed',
    'state=partly',
    'sign=flagged',
    'text=p17',
    'text=zzzz',
    'source=model-2',
  ]) {
    await measure(`prompt list, ${query}`, () => list(query));
  }
  await measure('review queue', () => researcher(reviewQueue.GET as Handler, '/api/projects/x/review-queue'));
  const { prompts: listed } = (await (await list('sort=most')).json()) as PromptList;
  await measure("one prompt's answers", () =>
    researcher(answers.GET as Handler, '/api/projects/x/answers/y', {}, { promptId: listed[0]!.promptId }),
  );
  await measure('ledger', () => researcher(ledger.GET as Handler, '/api/projects/x/agreement/ledger'));
  await measure('progress', () => researcher(progress.GET as Handler, '/api/projects/x/progress'));
}

async function nextTask(annotator: Caller): Promise<Task> {
  return ((await (await annotator(next.GET as Handler, '/api/projects/x/tasks/next?count=1')).json()) as TaskPage)
    .tasks[0]!;
}

async function signIn(db: Database, userId: string): Promise<string> {
  const password = await hashPassword(PASSWORD);
  await db.execute(sql`insert into accounts (id, account_id, provider_id, user_id, password)
    values (${userId}, ${userId}, 'credential', ${userId}, ${password})`);
  const headers = new Headers({ origin: 'http://localhost', host: 'localhost' });
  const cookies = await signInCookies({ email: `${userId}@example.org`, password: PASSWORD }, headers);
  return cookies.map((cookie) => cookie.split(';')[0]).join('; ');
}

async function measure(name: string, call: () => Promise<Response>, times = TIMES): Promise<void> {
  const took: number[] = [];
  let bytes = 0;
  for (let i = 0; i < times; i++) {
    const started = performance.now();
    const answer = await call();
    const text = await answer.text();
    took.push(performance.now() - started);
    if (!answer.ok) throw new Error(`${name}: ${answer.status} ${text}`);
    bytes = text.length;
    // A slow one is slow after five times as well.
    if (i >= 4 && took.reduce((sum, ms) => sum + ms) > 8_000) break;
  }
  const sorted = took.toSorted((a, b) => a - b);
  const at = (q: number) => `${sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!.toFixed(1)} ms`;
  console.log(
    `${name.padEnd(24)} p50 ${at(0.5).padStart(10)}   p95 ${at(0.95).padStart(10)}   ${String(bytes).padStart(8)} bytes`,
  );
}

const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

process.env.RESCUE_ROOT = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'rescue-bench-'));
process.env.DATA_DIR = folder;
process.env.AUTH_SECRET = randomUUID();
try {
  if (!flag('postgres')) {
    await bench('the embedded database');
    await closeDatabase();
  }
  (globalThis as { rescueAuth?: unknown }).rescueAuth = undefined;
  if (!flag('embedded')) {
    const postgres = await startPostgres();
    try {
      process.env.DATABASE_URL = postgres.url;
      await bench('PostgreSQL');
      await closeDatabase();
    } finally {
      await postgres.stop();
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
