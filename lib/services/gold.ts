import { authorizeInProject, requireUuid } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { invalid, notFound } from '@/lib/auth/refusal';
import { currentAnnotationsBy, firstAnnotationBy } from '@/lib/db/annotations';
import type { Database } from '@/lib/db/client';
import { deleteGold, goldAmong, goldOfProject, upsertGold } from '@/lib/db/gold';
import { promptOfProject, responsesOfPrompts } from '@/lib/db/prompts';
import { collapseOrder, collapsePlacements } from '@/lib/ranking/equal-responses';
import { compareWithGold } from '@/lib/ranking/gold';
import { weakOrder } from '@/lib/ranking/tiers';
import type { GoldFeedback, GoldPrompt } from '@/lib/schemas/gold';
import type { PromptId } from '@/trainer/contract/ids';
import { getTask } from './tasks';

/**
 * Copies the actor's current tiers of a prompt as the expected ones; a later edit does not change them.
 * @throws Refusal 'invalid' when the actor has not placed two responses of it
 */
export async function setGold(
  actor: Actor,
  db: Database,
  projectId: string,
  promptId: PromptId,
  explanation: string,
): Promise<void> {
  await authorizeInProject(db, actor, 'project.edit', projectId);
  await db.transaction(async (tx) => {
    const prompt = await promptOfProject(tx, projectId, requireUuid(promptId));
    if (!prompt) throw notFound();
    const [own] = await currentAnnotationsBy(tx, actor.userId, [prompt.id]);
    const responses = (await responsesOfPrompts(tx, [prompt.id])).get(prompt.id)!;
    const order = weakOrder(collapsePlacements(own?.placements ?? [], responses));
    if (order.size < 2) throw invalid('goldNeedsTwo');
    const expected = Object.fromEntries(order);
    await upsertGold(tx, { promptId: prompt.id, projectId, expected, explanation, createdBy: actor.userId });
  });
}

/** Turns a gold prompt into an ordinary one. */
export async function removeGold(actor: Actor, db: Database, projectId: string, promptId: PromptId): Promise<void> {
  await authorizeInProject(db, actor, 'project.edit', projectId);
  await deleteGold(db, projectId, requireUuid(promptId));
}

export async function listGold(actor: Actor, db: Database, projectId: string): Promise<GoldPrompt[]> {
  await authorizeInProject(db, actor, 'prompts.read', projectId);
  const rows = await goldOfProject(db, projectId);
  return rows.map(({ gold: { promptId, explanation, createdAt }, externalId }) => ({
    promptId,
    externalId,
    explanation,
    createdAt: createdAt.toISOString(),
  }));
}

/**
 * Compares the actor's judgement with the expected one. It uses the first version, since later ones were made after
 * seeing the answer.
 * @throws Refusal 'not_found' before the actor has judged the prompt, so that nothing reveals that it is gold
 */
export async function goldFeedback(
  actor: Actor,
  db: Database,
  projectId: string,
  promptId: PromptId,
): Promise<GoldFeedback> {
  const task = await getTask(actor, db, projectId, promptId);
  const gold = (await goldAmong(db, [task.promptId])).get(task.promptId);
  const first = await firstAnnotationBy(db, actor.userId, task.promptId);
  if (!gold || !first) throw notFound();
  const responses = (await responsesOfPrompts(db, [task.promptId])).get(task.promptId)!;
  const expected = collapseOrder(new Map(Object.entries(gold.expected)), responses);
  const given = weakOrder(collapsePlacements(first.placements, responses));
  return {
    externalId: task.externalId,
    explanation: gold.explanation,
    responses: task.responses.map(({ id, text }) => ({
      id,
      text,
      expected: expected.get(id) ?? null,
      given: given.get(id) ?? null,
    })),
    ...compareWithGold(expected, given),
  };
}
