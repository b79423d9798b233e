/** What a judgement that comes from a board must hold, and how it is stored; for annotations and for decisions alike. */
import { invalid } from '@/lib/auth/refusal';
import type { ResponseRow } from '@/lib/db/prompts';
import { collapsePlacements, expandPlacements, firstOfEqualTexts } from '@/lib/ranking/equal-responses';
import { remarksKey } from '@/lib/schemas/remark-rules';
import type { Remarks } from '@/lib/schemas/remarks';
import type { PromptId } from '@/trainer/contract/ids';
import type { Placement } from '@/trainer/contract/judgement';

type JudgedResponse = Pick<ResponseRow, 'id' | 'text' | 'addedAt' | 'withdrawnAt' | 'restoredAt'>;

/**
 * A response that was added, withdrawn or restored while the board was open may lack a placement; the others still count.
 * @throws Refusal 'invalid' when the placements are not exactly the prompt's responses or name an unknown tier
 */
export function checkPlacements(
  placements: readonly Placement[],
  expected: readonly JudgedResponse[],
  tierCount: number,
): void {
  const given = new Set(placements.map(({ responseId }) => responseId));
  const judged = new Set(collapsePlacements(placements, expected).map(({ responseId }) => responseId));
  const missing = firstOfEqualTexts(expected)
    .filter(
      ({ id, addedAt, withdrawnAt, restoredAt }) => (addedAt ?? withdrawnAt ?? restoredAt) === null && !judged.has(id),
    )
    .map(({ id }) => id);
  const foreign = [...given].filter((id) => !expected.some((response) => response.id === id));
  if (missing.length > 0 || foreign.length > 0) {
    throw invalid('allPlacements', {}, { missing, foreign });
  }
  const beyond = placements.find(({ tier }) => tier !== null && tier >= tierCount);
  if (beyond?.tier != null) throw invalid('noSuchTier', { tier: beyond.tier, last: tierCount - 1 });
}

/**
 * One placement per distinct text. Added responses that duplicate another's text exist from before duplicates were left
 * out; they keep placements of their own, which show that the annotator has seen every added response.
 */
export function placementsToStore(placements: readonly Placement[], responses: readonly JudgedResponse[]): Placement[] {
  const shown = new Set(firstOfEqualTexts(responses).map(({ id }) => id));
  const added = new Set(responses.filter(({ addedAt }) => addedAt !== null).map(({ id }) => id));
  return expandPlacements(placements, responses).filter(({ responseId: id }) => shown.has(id) || added.has(id));
}

interface SentJudgement {
  promptId: PromptId;
  allBad: boolean;
  remarks?: Remarks;
  placements: readonly Placement[];
}

/** Whether what came under a key is what is stored under it. */
export function isSameJudgement(
  stored: SentJudgement,
  sent: SentJudgement,
  responses: readonly JudgedResponse[],
): boolean {
  const place = ({ responseId, state, tier }: Placement) => `${responseId} ${state} ${tier}`;
  const places = (placements: readonly Placement[]) =>
    collapsePlacements(placements, responses).map(place).sort().join();
  return (
    stored.promptId === sent.promptId &&
    stored.allBad === sent.allBad &&
    remarksKey(stored.remarks) === remarksKey(sent.remarks) &&
    places(stored.placements) === places(sent.placements)
  );
}
