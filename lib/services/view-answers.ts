import { authorizeInProject, requireUuid } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { notFound } from '@/lib/auth/refusal';
import { allAnnotationsOn } from '@/lib/db/annotations';
import type { Database } from '@/lib/db/client';
import { coverageOf } from '@/lib/db/coverage';
import { type Decision, decisionsOn, nextDiffering } from '@/lib/db/decisions';
import { type ProjectRow, tierNamesByVersion } from '@/lib/db/projects';
import { promptOfProject, type ResponseRow, responsesOfPrompts } from '@/lib/db/prompts';
import { type SentBackRow, sentBackOn } from '@/lib/db/sent-back-answers';
import { consensus, consensusRuleOf } from '@/lib/ranking/consensus';
import { collapsePlacements, firstOfEqualTexts } from '@/lib/ranking/equal-responses';
import { countsInConsensus } from '@/lib/schemas/annotator-kinds';
import type { Answer, PromptAnswers, SentBack } from '@/lib/schemas/decision';
import type { PromptId } from '@/trainer/contract/ids';
import type { Placement } from '@/trainer/contract/judgement';
import { hasOwnDraft } from './decide';
import { shownOrders } from './judged-prompts';
import { shuffled } from './shuffled';

type Annotation = Awaited<ReturnType<typeof allAnnotationsOn>>[number];

/** One prompt with everybody's answers side by side. Who they are is told once the prompt is decided. */
export async function viewAnswers(
  actor: Actor,
  db: Database,
  projectId: string,
  promptId: PromptId,
): Promise<PromptAnswers> {
  const { project } = await authorizeInProject(db, actor, 'prompts.read', projectId);
  const prompt = await promptOfProject(db, projectId, requireUuid(promptId));
  if (!prompt) throw notFound();
  const responses = (await responsesOfPrompts(db, [promptId])).get(promptId) ?? [];
  const annotations = await allAnnotationsOn(db, [promptId]);
  const decisions = await decisionsOn(db, [promptId]);
  const sentBack = await sentBackOn(db, [promptId]);
  const coverage = (await coverageOf(db, [promptId])).get(promptId);
  if (!coverage) throw new Error('Every prompt has a row of coverage.');
  const names = await tierNamesByVersion(db, project);
  const isDecided = decisions[0]?.kind === 'decided';
  const judgement = (stored: Annotation | Decision) => ({
    version: stored.version,
    createdAt: stored.createdAt.toISOString(),
    allBad: stored.allBad,
    placements: collapsePlacements(stored.placements, responses),
    remarks: stored.remarks,
    tiers: names.get(stored.tiersVersion) ?? project.tiers,
  });
  const counts = ({ textVersion, kind }: Annotation): Answer['counts'] => {
    if (textVersion < prompt.judgedFrom) return 'earlierText';
    return countsInConsensus(kind, project) ? 'consensus' : 'comparison';
  };
  const byAnnotator = new Map<string, Annotation[]>();
  for (const annotation of annotations) {
    byAnnotator.set(annotation.annotatorId, [annotation, ...(byAnnotator.get(annotation.annotatorId) ?? [])]);
  }
  const answers = shuffled(
    'annotators',
    promptId,
    [...byAnnotator].map(([id, versions]) => ({ id, versions })),
  );
  return {
    promptId,
    externalId: prompt.externalId,
    messages: prompt.messages,
    documents: prompt.documents,
    textVersion: prompt.textVersion,
    responses: shuffled(actor.userId, promptId, firstOfEqualTexts(responses)).map(
      ({ id, externalId, text, source }) => ({
        id,
        externalId,
        text,
        source: isDecided ? source : null,
      }),
    ),
    disagreement: coverage.disagreement,
    isGold: coverage.isGold,
    answers: answers.map(({ id, versions }) => ({
      versions: versions.map((version) => ({ id: version.id, ...judgement(version) })),
      annotator: isDecided ? { id, name: versions[0]!.annotatorName, kind: versions[0]!.kind } : null,
      counts: counts(versions[0]!),
      isPersons: versions[0]!.kind === 'person',
      mine: id === actor.userId,
      sentBack: sentBack.filter(({ annotatorId }) => annotatorId === id).map(toSentBack),
    })),
    decisions: decisions.map((decision) => ({
      ...judgement(decision),
      kind: decision.kind,
      reviewer: decision.reviewerName,
      mine: decision.reviewerId === actor.userId,
      judgedToo: byAnnotator.has(decision.reviewerId),
    })),
    consensus: consensusBoard(
      project,
      responses,
      answers.map(({ versions }) => versions[0]!).filter((one) => counts(one) === 'consensus'),
    ),
    ownDraft: await hasOwnDraft(db, actor, promptId),
    next: await nextDiffering(db, projectId, promptId, coverage.disagreement ?? 0),
  };
}

function consensusBoard(
  project: ProjectRow,
  responses: readonly ResponseRow[],
  annotations: readonly Annotation[],
): Placement[] {
  const shown = firstOfEqualTexts(responses).map(({ id }) => id);
  const orders = shownOrders(annotations, responses);
  return [...consensus(shown, orders, consensusRuleOf(project), project.tiers.length).tiers].map(([id, tier]) => ({
    responseId: id as Placement['responseId'],
    state: 'placed',
    tier,
  }));
}

const toSentBack = ({ id, note, createdAt, answeredAt, withdrawnAt }: SentBackRow): SentBack => ({
  id,
  note,
  at: createdAt.toISOString(),
  state: withdrawnAt ? 'withdrawn' : answeredAt ? 'answered' : 'open',
});
