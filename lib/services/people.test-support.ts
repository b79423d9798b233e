import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { expect } from 'vitest';
import { prompts, responses, users } from '@/drizzle/schema';
import type { Actor } from '@/lib/auth/permissions';
import { Refusal, type RefusalCode } from '@/lib/auth/refusal';
import type { Database } from '@/lib/db/client';
import { upsertMember } from '@/lib/db/members';
import { type Translate, translate } from '@/lib/i18n/translate';
import type { Role } from '@/lib/schemas/account';
import type { SaveAnnotationRequest } from '@/lib/schemas/annotation';
import { type AnnotationLine, annotationLineSchema } from '@/lib/schemas/annotation-line';
import type { Placement } from '@/trainer/contract/judgement';
import { createProject } from './projects';
import { saveAnnotation } from './save-annotation';

export async function person(db: Database, role: Role): Promise<Actor> {
  const userId = randomUUID();
  await db.insert(users).values({ id: userId, name: role, email: `${userId}@example.org`, role });
  return { userId, role };
}

export interface TestProject {
  projectId: string;
  researcher: Actor;
  annotator: Actor;
  other: Actor;
  /** A researcher and an annotator who are not members of the project. */
  outsiders: Actor[];
}

/** A project with a researcher, two annotators and people outside it. */
export async function projectWithPeople(db: Database, tiers = ['best', 'good', 'weak', 'bad']): Promise<TestProject> {
  const [researcher, annotator, other] = [
    await person(db, 'researcher'),
    await person(db, 'annotator'),
    await person(db, 'annotator'),
  ];
  const { id: projectId } = await createProject(researcher, db, { name: 'A project', tiers });
  for (const { userId } of [annotator, other]) await upsertMember(db, { projectId, userId, role: 'annotator' });
  const outsiders = [await person(db, 'researcher'), await person(db, 'annotator')];
  return { projectId, researcher, annotator, other, outsiders };
}

/** The refusal that the attempt throws, with its message in English. */
export async function refusal(attempt: Promise<unknown>, code: RefusalCode) {
  const error = await attempt.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Refusal);
  expect((error as Refusal).code, (error as Refusal).message).toBe(code);
  return { code, ...(error as Refusal).translated(english) };
}

export const english: Translate = (message) => translate('en', message);

export const encode = (text: string) => new TextEncoder().encode(text);

/** An import file: prompt p0, p1, … with responses a (human), b, c in labels right, right, wrong. */
export function promptFile(count: number, { from = 0, text = 'Ask' } = {}): Uint8Array {
  const lines = Array.from({ length: count }, (_, i) =>
    JSON.stringify({
      external_id: `p${from + i}`,
      prompt: `${text} ${from + i}?`,
      reference_label: 'yes',
      responses: [
        { id: 'b', text: 'It follows, as model b says.', source: 'model-b', label: 'yes' },
        { id: 'a', text: 'It follows from what was said.', source: 'human', label: 'yes' },
        { id: 'c', text: 'Quite impossible!', source: 'model-c', label: 'no' },
      ],
    }),
  );
  return encode(`${lines.join('\n')}\n`);
}

/** Annotates a prompt, with tiers by the responses' external ids; responses without a tier are not judged. */
export async function annotate(
  db: Database,
  actor: Actor,
  { projectId, externalId }: { projectId: string; externalId: string },
  tiers: Record<string, number>,
  {
    baseVersion = 0,
    ...more
  }: Partial<Pick<SaveAnnotationRequest, 'baseVersion' | 'allBad' | 'timeOnTaskMs' | 'tiersVersion'>> = {},
): Promise<void> {
  const [prompt] = await db
    .select()
    .from(prompts)
    .where(and(eq(prompts.projectId, projectId), eq(prompts.externalId, externalId)));
  const rows = await db.select().from(responses).where(eq(responses.promptId, prompt!.id));
  const placements = rows.map(({ id, externalId }): Placement => {
    const tier = tiers[externalId];
    return tier === undefined
      ? { responseId: id, state: 'not_judged', tier: null }
      : { responseId: id, state: 'placed', tier };
  });
  const idempotencyKey = randomUUID();
  await saveAnnotation(actor, db, projectId, {
    promptId: prompt!.id,
    idempotencyKey,
    baseVersion,
    allBad: false,
    timeOnTaskMs: 1,
    placements,
    ...more,
  });
}

export async function collect(lines: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of lines) text += piece;
  return text;
}

/** A line of the annotations' export. @throws when it is not of that format */
export function parseAnnotationLine(text: string): AnnotationLine {
  return annotationLineSchema.parse(JSON.parse(text));
}
