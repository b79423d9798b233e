import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { and, eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import {
  annotations,
  auditEntries,
  importedAnnotators,
  placements,
  projects,
  prompts,
  responses,
  users,
} from '@/drizzle/schema';
import type { Actor } from '@/lib/auth/permissions';
import { currentAnnotationsOn } from '@/lib/db/annotations';
import type { Database } from '@/lib/db/client';
import { describeOnEachDatabase, freshPGlite } from '@/lib/db/testing';
import type { ParsedJudgement } from '@/lib/formats/format';
import { annotationWriter } from '@/lib/formats/registry';
import { agreementAnswerSchema } from '@/lib/schemas/agreement';
import { importLimits } from '@/lib/schemas/prompt-import';
import { saveDecision } from './decide';
import { exportAnnotations } from './export-annotations';
import { getAgreement } from './get-agreement';
import { getProgress } from './get-progress';
import { getWork } from './get-work';
import { tierOf } from './import-judgements';
import { importPrompts } from './import-prompts';
import { listImportedAnnotators, setImportedKind } from './imported-annotators';
import {
  annotate,
  collect,
  encode,
  english,
  parseAnnotationLine,
  projectWithPeople,
  promptFile,
  refusal,
} from './people.test-support';
import { previewImport } from './preview-import';
import { updateProject } from './projects';
import { getNextTasks } from './tasks';
import { viewAnswers } from './view-answers';

const lines = (rows: readonly object[]) => encode(rows.map((row) => JSON.stringify(row)).join('\n'));

/** A comparison with the scores of several people, as HelpSteer3 has them: negative where the first is better. */
const comparison = (id: string, ...scores: number[]) => ({
  id,
  context: [{ role: 'user', content: `Why ${id}?` }],
  response1: `One, of ${id}.`,
  response2: `Another, of ${id}.`,
  individual_preference: scores.map((score) => ({ score })),
});
const study = [comparison('q1', -2, -1, 0), comparison('q2', 1, 1, 3), comparison('q3', -1, 2, 0)];

/** Annotator's name -> prompt -> tiers by the text's first word, of all that is stored in a project. */
async function stored(db: Database, projectId: string) {
  const rows = await db
    .select({
      name: users.name,
      kind: users.kind,
      prompt: prompts.externalId,
      text: responses.text,
      state: placements.state,
      tier: placements.tier,
      allBad: annotations.allBad,
    })
    .from(placements)
    .innerJoin(annotations, eq(annotations.id, placements.annotationId))
    .innerJoin(users, eq(users.id, annotations.annotatorId))
    .innerJoin(prompts, eq(prompts.id, annotations.promptId))
    .innerJoin(responses, eq(responses.id, placements.responseId))
    .where(eq(annotations.projectId, projectId));
  const told: Record<string, Record<string, string>> = {};
  for (const { name, kind, prompt, text, state, tier, allBad } of rows.sort((a, b) => (a.text < b.text ? -1 : 1))) {
    const own = told[`${kind} ${name}`] ?? {};
    told[`${kind} ${name}`] = own;
    const place = `${text.split(/[ ,.]/)[0]}:${state === 'placed' ? tier : state}${allBad ? '!' : ''}`;
    own[prompt] = own[prompt] ? `${own[prompt]} ${place}` : place;
  }
  return told;
}

async function settled(actor: Actor, db: Database, projectId: string) {
  for (;;) {
    const answer = await getAgreement(actor, db, projectId);
    if (!answer.measuring) return agreementAnswerSchema.parse(answer);
    await sleep(20);
  }
}

async function counting(db: Database, actor: Actor, projectId: string, changes: object) {
  const [project] = await db.select().from(projects).where(eq(projects.id, projectId));
  await updateProject(actor, db, projectId, { baseVersion: project!.settingsVersion, ...changes });
}

describeOnEachDatabase('judgements in a file', (database) => {
  it('become annotations of imported annotators, one for each name', async () => {
    const db = database();
    const { projectId, researcher } = await projectWithPeople(db);
    const { found } = await previewImport(researcher, db, projectId, lines(study), { translate: english });
    const names = ['HelpSteer3 1', 'HelpSteer3 2', 'HelpSteer3 3'];
    expect(found).toMatchObject({ judgements: 9, pairs: 7, annotators: 3, annotatorNames: names, compressed: 0 });
    expect(await importPrompts(researcher, db, projectId, lines(study))).toEqual({
      imported: 3,
      unchanged: 0,
      extended: 0,
      judgements: 9,
    });
    expect(await stored(db, projectId)).toEqual({
      'imported HelpSteer3 1': { q1: 'Another:1 One:0', q2: 'Another:0 One:1', q3: 'Another:1 One:0' },
      'imported HelpSteer3 2': { q1: 'Another:1 One:0', q2: 'Another:0 One:1', q3: 'Another:0 One:1' },
      'imported HelpSteer3 3': { q1: 'Another:0 One:0', q2: 'Another:0 One:1', q3: 'Another:0 One:0' },
    });
  });

  it('are added once, whatever is imported again, and a changed one is a new version', async () => {
    const db = database();
    const { projectId, researcher } = await projectWithPeople(db);
    await importPrompts(researcher, db, projectId, lines(study.slice(0, 2)));
    expect(await importPrompts(researcher, db, projectId, lines(study))).toEqual({
      imported: 1,
      unchanged: 2,
      extended: 0,
      judgements: 3,
    });
    expect(await importPrompts(researcher, db, projectId, lines(study))).toEqual({
      imported: 0,
      unchanged: 3,
      extended: 0,
    });
    const changed = [comparison('q1', 2, -1, 0)];
    expect(await importPrompts(researcher, db, projectId, lines(changed))).toMatchObject({ judgements: 1 });
    const rows = await db.select().from(annotations).where(eq(annotations.projectId, projectId));
    expect(rows.map(({ version }) => version).sort()).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 2]);
    const own = await db.select().from(importedAnnotators).where(eq(importedAnnotators.projectId, projectId));
    expect(own).toHaveLength(3);
  });

  it('count in agreement and consensus, and a model’s only in comparison, unless the project says otherwise', async () => {
    const db = database();
    const { projectId, researcher } = await projectWithPeople(db);
    await importPrompts(
      researcher,
      db,
      projectId,
      lines(study.map((row) => ({ ...row, individual_preference: row.individual_preference.slice(0, 2) }))),
    );
    const judge = study.map((row, i) => ({ ...row, individual_preference: undefined, overall_preference: i - 1 }));
    await importPrompts(researcher, db, projectId, lines(judge), { judgements: 'model' });
    const [first] = await db
      .select()
      .from(prompts)
      .where(and(eq(prompts.projectId, projectId), eq(prompts.position, 0)));
    const counted = async () => (await currentAnnotationsOn(db, [first!.id])).map(({ kind }) => kind).sort();
    expect(await counted()).toEqual(['imported', 'imported']);
    const { answers, responses } = await viewAnswers(researcher, db, projectId, first!.id);
    expect(answers.map(({ counts, isPersons }) => `${counts} ${isPersons}`).sort()).toEqual([
      'comparison false',
      'consensus false',
      'consensus false',
    ]);
    // Who they are is told with the decision, and which of them are models.
    expect(answers.map(({ annotator }) => annotator)).toEqual([null, null, null]);
    await saveDecision(researcher, db, projectId, {
      promptId: first!.id,
      idempotencyKey: randomUUID(),
      baseVersion: 0,
      allBad: false,
      timeOnTaskMs: 5,
      placements: responses.map(({ id }) => ({ responseId: id, state: 'placed', tier: 0 })),
    });
    const decided = await viewAnswers(researcher, db, projectId, first!.id);
    expect(decided.answers.map(({ annotator }) => `${annotator?.name}: ${annotator?.kind}`).sort()).toEqual([
      'HelpSteer3 1: imported',
      'HelpSteer3 2: imported',
      'HelpSteer3: model',
    ]);
    const { report, kinds, names } = await settled(researcher, db, projectId);
    expect(report).toMatchObject({ prompts: 3, annotations: 6, comparisons: 3 });
    expect(
      Object.entries(kinds)
        .map(([id, kind]) => `${kind} ${names[id]}`)
        .sort(),
    ).toEqual(['imported HelpSteer3 1', 'imported HelpSteer3 2', 'model HelpSteer3']);
    // Compared with people, whether it counts or not.
    const [measured] = report!.judges;
    expect(names[measured!.annotatorId]).toBe('HelpSteer3');
    expect(measured).toMatchObject({ prompts: 3, withPeople: { comparisons: 6 }, amongPeople: { comparisons: 3 } });
    expect(measured!.tests).toHaveLength(6);
    await counting(db, researcher, projectId, { modelsCountIn: 'consensus' });
    expect(await counted()).toEqual(['imported', 'imported', 'model']);
    expect((await settled(researcher, db, projectId)).report).toMatchObject({ annotations: 9 });
    await counting(db, researcher, projectId, { modelsCountIn: 'comparison', importedCountIn: 'comparison' });
    expect(await counted()).toEqual([]);
    expect((await settled(researcher, db, projectId)).report).toMatchObject({ annotations: 0 });
  });

  it('are a model’s once a researcher says so, and then count as the project says', async () => {
    const db = database();
    const { projectId, researcher, outsiders } = await projectWithPeople(db);
    await importPrompts(researcher, db, projectId, lines(study));
    const { annotators } = await listImportedAnnotators(researcher, db, projectId);
    expect(annotators.map(({ name, kind, prompts: n }) => [name, kind, n])).toEqual([
      ['HelpSteer3 1', 'imported', 3],
      ['HelpSteer3 2', 'imported', 3],
      ['HelpSteer3 3', 'imported', 3],
    ]);
    expect((await settled(researcher, db, projectId)).report).toMatchObject({ annotations: 9, judges: [] });
    const { userId } = annotators[2]!;
    await setImportedKind(researcher, db, projectId, { userId, kind: 'model' });
    const { report } = await settled(researcher, db, projectId);
    expect(report).toMatchObject({ annotations: 6, judges: [{ annotatorId: userId, prompts: 3 }] });
    const entries = await db.select().from(auditEntries).where(eq(auditEntries.subjectId, userId));
    expect(entries.map(({ kind, details }) => [kind, details])).toEqual([
      ['imported_annotator_kind_set', { kind: 'model', project: 'A project' }],
    ]);
    // Nobody else's, and no person.
    const other = await projectWithPeople(db);
    const change = { userId, kind: 'imported' as const };
    await refusal(setImportedKind(other.researcher, db, other.projectId, change), 'not_found');
    await refusal(setImportedKind(researcher, db, projectId, { ...change, userId: researcher.userId }), 'not_found');
    await refusal(setImportedKind(outsiders[0]!, db, projectId, change), 'not_found');
  });

  it('are left out where that is chosen', async () => {
    const db = database();
    const { projectId, researcher } = await projectWithPeople(db);
    const result = await importPrompts(researcher, db, projectId, lines(study), { judgements: 'leave-out' });
    expect(result).toEqual({ imported: 3, unchanged: 0, extended: 0 });
    expect(await stored(db, projectId)).toEqual({});
  });

  it('of more levels than there are tiers share tiers, those that are both bad lie in the last', async () => {
    const db = database();
    const { projectId, researcher } = await projectWithPeople(db, ['yes', 'half', 'no']);
    const ranked = {
      prompt: '\n\nHuman: Rank.\n\nAssistant: ',
      answers: [1, 2, 3, 4, 5].map((rank) => ({ answer: `${rank}th`, model: `m${rank}`, rank })),
    };
    const { found } = await previewImport(researcher, db, projectId, lines([ranked]), { translate: english });
    expect(found).toMatchObject({ judgements: 1, compressed: 1 });
    await importPrompts(researcher, db, projectId, lines([ranked]));
    const conversation = (content: string) => [
      { role: 'user', content: 'Battle?' },
      { role: 'assistant', content },
    ];
    const battle = {
      question_id: 'b',
      model_a: 'x',
      model_b: 'y',
      winner: 'tie (bothbad)',
      judge: 'Ann',
      conversation_a: conversation('Left'),
      conversation_b: conversation('Right'),
    };
    await importPrompts(researcher, db, projectId, lines([battle]));
    const told = await stored(db, projectId);
    expect(Object.values(told['imported Nectar']!)).toEqual(['1th:0 2th:1 3th:1 4th:2 5th:2']);
    expect(told['imported Ann']).toEqual({ b: 'Left:2! Right:2!' });
  });

  it('come from an annotation export, too, with what the file says its annotators are', async () => {
    const db = database();
    const from = await projectWithPeople(db);
    await importPrompts(from.researcher, db, from.projectId, promptFile(2));
    await annotate(db, from.annotator, { projectId: from.projectId, externalId: 'p0' }, { a: 0, b: 3, c: 3 });
    await annotate(db, from.other, { projectId: from.projectId, externalId: 'p1' }, { a: 1, c: 2 }, { allBad: true });
    const text = await collect((await exportAnnotations(from.researcher, db, from.projectId, annotationWriter)).lines);
    const exported = text.trimEnd().split('\n').map(parseAnnotationLine);
    expect(exported.map(({ annotator }) => annotator.kind)).toEqual(['person', 'person']);
    const asModel = exported.map((line, i) => ({
      ...line,
      annotator: { ...line.annotator, name: `who ${i}`, ...(i === 1 && { kind: 'model' }) },
    }));

    const { projectId, researcher } = await projectWithPeople(db);
    // The prompts must be there first.
    expect(
      (await previewImport(researcher, db, projectId, lines(asModel), { translate: english })).errors[0]?.message,
    ).toBe('this project has no prompt "p0": import its prompts first');
    await refusal(importPrompts(researcher, db, projectId, lines(asModel)), 'invalid');
    await importPrompts(researcher, db, projectId, promptFile(2));
    expect(await previewImport(researcher, db, projectId, lines(asModel), { translate: english })).toMatchObject({
      ok: true,
      found: { judgements: 2, annotators: 2 },
    });
    expect(await importPrompts(researcher, db, projectId, lines(asModel))).toEqual({
      imported: 0,
      unchanged: 0,
      extended: 0,
      judgements: 2,
    });
    expect(await stored(db, projectId)).toEqual({
      'imported who 0': { p0: 'It:0 It:3 Quite:3' },
      'model who 1': { p1: 'It:1! It:not_judged! Quite:2!' },
    });
    const wrong = [
      { ...asModel[0], placements: [{ response: 'zz', source: 's', state: 'placed', tier: 0, tier_name: 'best' }] },
    ];
    expect(
      (await previewImport(researcher, db, projectId, lines(wrong), { translate: english })).errors[0]?.message,
    ).toBe('the prompt "p0" has no response "zz" in this project');
  });

  it('are of so many annotators at most', async () => {
    const db = database();
    const { projectId, researcher } = await projectWithPeople(db);
    const many = [comparison('q1', ...new Array(importLimits.annotators + 1).fill(1))];
    const { found } = await previewImport(researcher, db, projectId, lines(many), { translate: english });
    expect(found.tooManyAnnotators).toBe(true);
    await refusal(importPrompts(researcher, db, projectId, lines(many)), 'invalid');
    await importPrompts(researcher, db, projectId, lines(many), { judgements: 'leave-out' });
    expect(await stored(db, projectId)).toEqual({});
  });

  it('show to nobody before the own answer, and make nobody a worker', async () => {
    const db = database();
    const { projectId, researcher, annotator } = await projectWithPeople(db);
    await importPrompts(researcher, db, projectId, lines(study));
    await importPrompts(
      researcher,
      db,
      projectId,
      lines(study.map((row) => ({ ...row, individual_preference: undefined, overall_preference: 1 }))),
      { judgements: 'model' },
    );
    const queue = await getNextTasks(annotator, db, projectId, { exclude: [], count: 3 });
    expect(queue.tasks).toHaveLength(3);
    expect(queue.tasks.every(({ annotation }) => annotation === null)).toBe(true);
    expect(JSON.stringify(queue)).not.toContain('HelpSteer3');
    await settled(researcher, db, projectId);
    expect((await getWork(researcher, db, projectId)).rows).toEqual([]);
    const progress = await getProgress(researcher, db, projectId);
    expect(progress.report).toMatchObject({ days: [], coverage: { prompts: 3, judged: 0, done: 0 } });
    expect(progress.tierUse).toEqual([]);
    expect(progress.durations.annotators).toEqual([]);
  });
});

it('the tier of a level: the best and the worst keep their own, as far as there are tiers', () => {
  const judgement = (levelCount: number, allBad = false) => ({ levelCount, allBad }) as ParsedJudgement;
  const tiers = (levelCount: number, tierCount: number) =>
    Array.from({ length: levelCount }, (_, level) => tierOf(level, judgement(levelCount), tierCount));
  expect(tiers(2, 4)).toEqual([0, 1]);
  expect(tiers(4, 4)).toEqual([0, 1, 2, 3]);
  expect(tiers(7, 5)).toEqual([0, 1, 1, 2, 3, 3, 4]);
  expect(tiers(3, 2)).toEqual([0, 1, 1]);
  expect(tiers(1, 4)).toEqual([0]);
  expect(tierOf(0, judgement(1, true), 4)).toBe(3);
});

const published = join(process.cwd(), '../shared/data/pairwise-3-annotators/pairs.jsonl');
it.skipIf(!existsSync(published))(
  "give the published kappa of PandaLM's three annotators",
  async () => {
    const { db, close } = await freshPGlite();
    const { projectId, researcher } = await projectWithPeople(db);
    // A response must say something: what the file has empty, or as a boolean, is written out.
    const rows = readFileSync(published, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => {
        const { response1, response2, ...row } = JSON.parse(line);
        const written = (response: unknown) => String(response).trim() || '(empty)';
        return { ...row, response1: written(response1), response2: written(response2) };
      });
    const { imported, judgements } = await importPrompts(researcher, db, projectId, lines(rows));
    expect({ imported, judgements }).toEqual({ imported: 999, judgements: 2997 });
    const { report, names } = await settled(researcher, db, projectId);
    const kappas = report!.pairs.map(({ first, second, kappa }) => [
      [names[first], names[second]]
        .map((name) => name!.slice(-1))
        .sort()
        .join(''),
      kappa.value!.toFixed(2),
    ]);
    expect(Object.fromEntries(kappas)).toEqual({ '12': '0.85', '13': '0.88', '23': '0.86' });
    await close();
  },
  240_000,
);
