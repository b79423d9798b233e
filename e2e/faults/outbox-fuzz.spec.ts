/**
 * Seeds (50 at full size) of 100 random operations: saves, remarks and marks in two tabs and at another machine, tabs
 * that die, a network that drops, repeats and reorders; once on the outbox alone, once through the session that a page
 * works with, with its drafts, its undo and its queue. After each seed client and server must agree (fuzz-model.ts). SEED=n runs
 * that one alone. Controls: each guard is taken out once, and the same checks must find what it prevents.
 */
import { expect, type Page, test } from '@playwright/test';
import { build } from 'esbuild';
import { repetitions } from '../../trainer/fixtures/repetitions';
import { newProject, promptIds, signIn, startWorkplace, type Workplace } from '../annotating';
import type { FuzzOptions, FuzzReport, Guard } from './fuzz-page';
import type { SessionFuzz, SessionGuard, SessionReport } from './fuzz-session';
import type { LateMark } from './late-mark';

const SEEDS = repetitions(50, 15);
const OPERATIONS = 100;
const LANES = 5;
const PROMPTS = 6;
const ALONE = process.env.SEED !== undefined;

let server: Awaited<ReturnType<typeof startWorkplace>>;
let code = '';
test.beforeAll(async () => {
  server = await startWorkplace();
  const built = await build({
    entryPoints: ['e2e/faults/fuzz-page.ts'],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'outboxFuzz',
    target: 'chrome120',
  });
  code = built.outputFiles[0]!.text;
});
test.afterAll(async () => {
  await server.stop();
});

/** What the page knows of these files. */
declare const outboxFuzz: {
  fuzz(options: FuzzOptions): Promise<FuzzReport>;
  fuzzSession(options: SessionFuzz): Promise<SessionReport>;
  lateMark(options: LateMark): Promise<string[]>;
  lateRemoval(promptId: string): Promise<(number | null)[]>;
};

async function openOutbox(page: Page): Promise<void> {
  // Any document of this origin will do; one without the app's own outbox.
  await page.goto(`${server.url}/api/me`);
  await page.evaluate(`${code}; globalThis.outboxFuzz = outboxFuzz;`);
}

/** Opens a page for runs; `lane` chooses the prompts, so that several seeds can run at once. */
async function openFuzz(page: Page) {
  const work: Workplace = await newProject(server, LANES * PROMPTS);
  await signIn(page.context(), work);
  const prompts: FuzzOptions['prompts'] = [];
  while (prompts.length < LANES * PROMPTS) {
    const { body } = await work.annotator.ask<{ tasks: { promptId: string; responses: { id: string }[] }[] }>(
      'GET',
      `${work.project}/tasks/next?count=10&exclude=${prompts.map(({ promptId }) => promptId)}`,
    );
    for (const { promptId, responses } of body.tasks) {
      prompts.push({ promptId, responseIds: responses.map(({ id }) => id) });
    }
  }
  await openOutbox(page);
  const optionsOf = (seed: number, lane: number) => ({
    seed,
    operations: OPERATIONS,
    project: work.project,
    prompts: prompts.slice(lane * PROMPTS, (lane + 1) * PROMPTS),
  });
  return {
    outbox: (seed: number, lane: number, without?: Guard): Promise<FuzzReport> =>
      page.evaluate((given) => outboxFuzz.fuzz(given), { ...optionsOf(seed, lane), without }),
    session: (seed: number, lane: number, without?: SessionGuard): Promise<SessionReport> =>
      page.evaluate((given) => outboxFuzz.fuzzSession(given), { ...optionsOf(seed, lane), without }),
  };
}

/** Runs the seeds, several at once. @returns the sum of what each of them counted. */
async function runSeeds(
  run: (seed: number, lane: number) => Promise<{ problems: string[] }>,
): Promise<Record<string, number>> {
  const first = ALONE ? Number(process.env.SEED) : Math.floor(Date.now() / 1000) % 1_000_000;
  const seeds = Array.from({ length: ALONE ? 1 : SEEDS }, (_, n) => first + n);
  const total: Record<string, number> = {};
  const lanes = Array.from({ length: LANES }, async (_, lane) => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
      const { problems, ...counts } = await run(seed, lane);
      expect(problems, `seed ${seed} (repeat with SEED=${seed})`).toEqual([]);
      for (const [name, n] of Object.entries(counts)) total[name] = (total[name] ?? 0) + Number(n);
    }
  });
  await Promise.all(lanes);
  console.log(`seeds from ${first}: ${JSON.stringify(total)}`);
  return total;
}

test(`${SEEDS} seeds of ${OPERATIONS} random operations: client and server agree each time`, async ({ page }) => {
  test.setTimeout(900_000);
  const run = await openFuzz(page);
  const total = await runSeeds(run.outbox);
  if (ALONE) return;
  expect(total.faults).toBeGreaterThan(SEEDS * 3);
  expect(total.conflicts).toBeGreaterThan(0);
  expect(total.remarks).toBeGreaterThan(SEEDS);
});

test(`${SEEDS} seeds of ${OPERATIONS} random operations on the boards of sessions: client and server agree each time`, async ({
  page,
}) => {
  test.setTimeout(900_000);
  const run = await openFuzz(page);
  const total = await runSeeds(run.session);
  if (ALONE) return;
  for (const name of ['saves', 'marks', 'returns', 'drafts', 'faults']) {
    expect(total[name], name).toBeGreaterThan(SEEDS * 2);
  }
  expect(total.conflicts).toBeGreaterThan(0);
});

const harm: Record<Guard, RegExp> = {
  key: /stored \d+ times|conflicts with nobody else there/,
  store: /was lost|sent and dropped|still waits/,
  remarks: /holds other remarks than/,
  chain: /conflicts with nobody else there|sent and dropped|was lost|out of order/,
};

for (const guard of ['key', 'store', 'chain', 'remarks'] as const) {
  test(`control: without its guard "${guard}" the same checks find harm`, async ({ page }) => {
    const run = await openFuzz(page);
    const found: string[] = [];
    const seen = () => harm[guard].test(found.join('\n'));
    let seed = 5;
    for (; seed < 35 && !seen(); seed++) found.push(...(await run.outbox(seed, 0, guard)).problems);
    console.log(`without ${guard}: ${seed - 5} seeds`);
    expect(found.join('\n')).toMatch(harm[guard]);
  });
}

const sessionHarm: Record<SessionGuard, RegExp> = {
  version: /conflicts with nobody else there/,
  draft: /what was begun on .* is gone/,
};

for (const guard of ['version', 'draft'] as const) {
  test(`control: without its guard "${guard}" the same checks find harm in a session`, async ({ page }) => {
    const run = await openFuzz(page);
    const found: string[] = [];
    const seen = () => sessionHarm[guard].test(found.join('\n'));
    let seed = 5;
    for (; seed < 65 && !seen(); seed += 5) found.push(...(await run.session(seed, 0, guard)).problems);
    console.log(`without ${guard}: ${(seed - 5) / 5} seeds`);
    expect(found.join('\n')).toMatch(sessionHarm[guard]);
  });
}

test('a change of a mark that arrives late undoes nothing newer; control: with another key for each try it does', async ({
  page,
}) => {
  const work = await newProject(server, 2);
  const [guarded, unguarded] = Object.values(await promptIds(work));
  await signIn(page.context(), work);
  await openOutbox(page);
  const run = (promptId: string, newKeyEachTry: boolean) =>
    page.evaluate((given) => outboxFuzz.lateMark(given), { project: work.project, promptId, newKeyEachTry });
  expect(await run(guarded!, false)).toEqual([]);
  expect(await run(unguarded!, true)).toEqual([`${unguarded} is flagged, and the last word was another`]);
});

test('a draft that another tab went on with outlives the removal of what was saved before', async ({ page }) => {
  await signIn(page.context(), await newProject(server, 1));
  await openOutbox(page);
  expect(await page.evaluate(() => outboxFuzz.lateRemoval('prompt'))).toEqual([4, null]);
});
