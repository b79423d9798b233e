import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { decidedPrompts, differingPrompts } from '@/lib/db/decisions';
import { sentBackOn } from '@/lib/db/sent-back-answers';
import { type ReviewQueue, type ReviewQueueQuery, reviewQueueCursor } from '@/lib/schemas/decision';
import type { ChatMessage } from '@/trainer/contract/record';

const PAGE = 25;
const BEGINNING = 200;

/** Prompts that wait for a decision, those on which annotators differ most first; or those that are decided. */
export async function reviewQueue(
  actor: Actor,
  db: Database,
  projectId: string,
  { list, after }: ReviewQueueQuery,
): Promise<ReviewQueue> {
  await authorizeInProject(db, actor, 'prompts.read', projectId);
  const page = list === 'differing' ? differingPrompts : decidedPrompts;
  const rows = await page(db, projectId, after ?? null, PAGE);
  const sentBack = await sentBackOn(
    db,
    rows.map(({ promptId }) => promptId),
  );
  const last = rows.length === PAGE ? rows.at(-1) : undefined;
  return {
    items: rows.map(({ promptId, externalId, messages, disagreement, judged, decidedAt }) => {
      const own = sentBack.filter((row) => row.promptId === promptId && !row.withdrawnAt);
      const open = own.filter(({ answeredAt }) => answeredAt === null).length;
      return {
        promptId,
        externalId,
        beginning: beginningOf(messages),
        disagreement,
        annotators: judged,
        decidedAt: decidedAt?.toISOString() ?? null,
        sentBack: { open, answered: own.length - open },
      };
    }),
    next: last
      ? reviewQueueCursor.next({
          key: list === 'differing' ? last.disagreement! : Number(last.decidedMicros),
          promptId: last.promptId,
        })
      : null,
  };
}

/** The first words of what the model was asked last. */
function beginningOf(messages: readonly ChatMessage[]): string {
  const asked = messages.findLast(({ role }) => role === 'user') ?? messages.at(-1);
  return [...(asked?.content ?? '')].slice(0, BEGINNING).join('');
}
