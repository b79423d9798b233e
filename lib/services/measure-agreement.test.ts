import { randomUUID } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import { beforeEach, expect, it } from 'vitest';
import { annotationHeads, promptContributions, prompts, responses } from '@/drizzle/schema';
import type { Actor } from '@/lib/auth/permissions';
import { Refusal } from '@/lib/auth/refusal';
import { agreementReportOf } from '@/lib/db/agreement-reports';
import type { Database } from '@/lib/db/client';
import { findProject } from '@/lib/db/projects';
import { responsesOfPrompts } from '@/lib/db/prompts';
import { describeOnEachDatabase } from '@/lib/db/testing';
import type { Placement } from '@/trainer/contract/judgement';
import { seededRandom } from '@/trainer/data/seeded-random';
import { addResponses } from './add-responses';
import { changePrompt } from './change-prompt';
import { saveDecision } from './decide';
import { removeGold, setGold } from './gold';
import { importPrompts } from './import-prompts';
import { measureAgreement } from './measure-agreement';
import { projectWithPeople, promptFile, type TestProject } from './people.test-support';
import { updateProject } from './projects';
import { saveAnnotation } from './save-annotation';

const PROMPTS = 6;
const SEEDS = process.env.MEASURE_SEED ? [Number(process.env.MEASURE_SEED)] : [1, 2];

describeOnEachDatabase('agreement that is kept up', (database) => {
  let db: Database;
  let people: TestProject;
  const promptNamed = async (externalId: string) => {
    const named = and(eq(prompts.projectId, people.projectId), eq(prompts.externalId, externalId));
    return (await db.select().from(prompts).where(named))[0]!;
  };
  const everyResponse = async (externalId: string) =>
    db
      .select()
      .from(responses)
      .where(eq(responses.promptId, (await promptNamed(externalId)).id));

  async function judge(actor: Actor, externalId: string, tierOf: (n: number) => number | null): Promise<void> {
    const prompt = await promptNamed(externalId);
    const shown = (await responsesOfPrompts(db, [prompt.id])).get(prompt.id)!;
    const own = and(eq(annotationHeads.promptId, prompt.id), eq(annotationHeads.annotatorId, actor.userId));
    const [head] = await db.select().from(annotationHeads).where(own);
    await saveAnnotation(actor, db, people.projectId, {
      ...boardOf(shown, tierOf),
      promptId: prompt.id,
      baseVersion: head?.version ?? 0,
      textVersion: prompt.textVersion,
    });
  }
  const boardOf = (shown: readonly { id: Placement['responseId'] }[], tierOf: (n: number) => number | null) => ({
    idempotencyKey: randomUUID(),
    allBad: false,
    timeOnTaskMs: 1000,
    placements: shown.map(({ id }, n): Placement => {
      const tier = tierOf(n);
      return tier === null
        ? { responseId: id, state: 'cannot_judge', tier: null }
        : { responseId: id, state: 'placed', tier };
    }),
  });

  /** @returns all that was measured, and how many prompts were read for it */
  async function measure() {
    const read = await measureAgreement(db, (await findProject(db, people.projectId))!, 'a basis');
    const { report, work } = (await agreementReportOf(db, people.projectId))!;
    return { read, figures: { report, work } };
  }
  async function measureFromScratch() {
    await db.update(promptContributions).set({ measured: sql`-1` });
    return measure();
  }

  beforeEach(async () => {
    db = database();
    people = await projectWithPeople(db);
    await importPrompts(people.researcher, db, people.projectId, promptFile(PROMPTS));
  });

  it.each(SEEDS)('is what a measurement from scratch gives, whatever happened (MEASURE_SEED=%i)', async (seed) => {
    const random = seededRandom(seed);
    const whole = (below: number) => Math.floor(random() * below);
    const { researcher, projectId } = people;
    const actors = [researcher, people.annotator, people.other];
    const anyTiers = () => {
      const tiers = Array.from({ length: 20 }, () => (random() < 0.1 ? null : whole(4)));
      return (n: number) => tiers[n]!;
    };
    const steps: (() => Promise<unknown>)[] = [
      ...Array.from({ length: 8 }, () => () => judge(actors[whole(3)]!, `p${whole(PROMPTS)}`, anyTiers())),
      async () => {
        const prompt = await promptNamed(`p${whole(PROMPTS)}`);
        const all = await everyResponse(prompt.externalId);
        const text = `Corrected ${random()} `.repeat(whole(3) + 1);
        const corrected =
          random() < 0.6
            ? { responseId: all[whole(all.length)]!.id, text }
            : { messages: [{ role: 'user' as const, content: `Asked ${random()}` }] };
        const { textVersion } = prompt;
        const judgeAgain = random() < 0.5;
        await changePrompt(researcher, db, projectId, prompt.id, {
          kind: 'correct',
          note: '',
          text: corrected,
          judgeAgain,
          textVersion,
        });
      },
      async () => {
        const prompt = await promptNamed(`p${whole(PROMPTS)}`);
        const all = await everyResponse(prompt.externalId);
        const of = random() < 0.7 ? { responseId: all[whole(all.length)]!.id } : {};
        const kind = random() < 0.5 ? ('withdraw' as const) : ('restore' as const);
        await changePrompt(researcher, db, projectId, prompt.id, { kind, note: '', ...of });
      },
      async () => {
        const { id: promptId } = await promptNamed(`p${whole(PROMPTS)}`);
        const text = `Sampled ${random()}`;
        await addResponses(researcher, db, projectId, {
          source: 'model-d',
          prompts: [{ promptId, responses: [{ text }] }],
        });
      },
      async () => {
        const { id } = await promptNamed(`p${whole(PROMPTS)}`);
        await (random() < 0.5 ? setGold(researcher, db, projectId, id, '') : removeGold(researcher, db, projectId, id));
      },
      async () => {
        const prompt = await promptNamed(`p${whole(PROMPTS)}`);
        const shown = (await responsesOfPrompts(db, [prompt.id])).get(prompt.id)!;
        await saveDecision(researcher, db, projectId, {
          ...boardOf(shown, anyTiers()),
          promptId: prompt.id,
          baseVersion: 0,
          textVersion: prompt.textVersion,
        });
      },
      async () => {
        const { settingsVersion } = (await findProject(db, projectId))!;
        const changed = [
          { consensusQuorum: whole(6) + 1 },
          { consensusMaxAgainst: whole(4) },
          { overlap: whole(3) + 1 },
        ];
        await updateProject(researcher, db, projectId, { baseVersion: settingsVersion, ...changed[whole(3)]! });
      },
    ];
    let reads = 0;
    for (let step = 0; step < 25; step++) {
      await steps[whole(steps.length)]!().catch((error: unknown) => {
        // What cannot be done just then is refused, and changes nothing.
        if (!(error instanceof Refusal)) throw error;
      });
      if (random() < 0.8 && step < 24) continue;
      const kept = await measure();
      reads += kept.read;
      expect(kept.figures, `step ${step}`).toEqual((await measureFromScratch()).figures);
    }
    expect(reads).toBeGreaterThan(0);
  });

  it('reads the prompts that changed, and no others', async () => {
    for (let n = 0; n < PROMPTS; n++) await judge(people.annotator, `p${n}`, (at) => at);
    expect((await measure()).read).toBe(PROMPTS);
    await judge(people.other, 'p2', (at) => 2 - at);
    await judge(people.annotator, 'p4', () => 1);
    expect((await measure()).read).toBe(2);
  });

  // The control: without what notices a change, figures stay as they were.
  const judged = async () => {
    for (const actor of [people.annotator, people.other]) await judge(actor, 'p0', (at) => at);
  };
  const changeP0 = async (change: Parameters<typeof changePrompt>[4]) =>
    changePrompt(people.researcher, db, people.projectId, (await promptNamed('p0')).id, change);
  const correction = async (messages: boolean, judgeAgain: boolean) => {
    const c = (await everyResponse('p0')).find(({ externalId }) => externalId === 'c')!;
    const text = messages
      ? { messages: [{ role: 'user' as const, content: 'Something else?' }] }
      : { responseId: c.id, text: 'Now the longest of them. '.repeat(9) };
    await changeP0({ kind: 'correct', note: '', text, judgeAgain, textVersion: 1 });
  };
  const addToP0 = async () =>
    addResponses(people.researcher, db, people.projectId, {
      source: 'model-d',
      prompts: [{ promptId: (await promptNamed('p0')).id, responses: [{ text: 'Another' }] }],
    });
  it.each<[trigger: string, table: string, before: () => Promise<unknown>, change: () => Promise<unknown>]>([
    ['heads_contribute_update', 'annotation_heads', judged, () => judge(people.annotator, 'p0', () => 1)],
    ['responses_contribute', 'responses', judged, () => correction(false, false)],
    // Who has yet to judge an added response is asked again anyway, so nothing else tells.
    ['prompts_contribute', 'prompts', () => judged().then(addToP0), () => correction(true, true)],
    ['additions_noted', 'projects', () => Promise.resolve(judged()), addToP0],
  ])('goes wrong without %s', async (trigger, table, before, change) => {
    await before();
    await measure();
    await db.execute(sql.raw(`alter table ${table} disable trigger ${trigger}`));
    await change();
    const kept = await measure();
    expect(kept.read).toBe(0);
    // Enabled, so that from scratch is as it always is.
    await db.execute(sql.raw(`alter table ${table} enable trigger ${trigger}`));
    expect(kept.figures).not.toEqual((await measureFromScratch()).figures);
  });
});
