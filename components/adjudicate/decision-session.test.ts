import { describe, expect, it } from 'vitest';
import type { PromptAnswers } from '@/lib/schemas/decision';
import type { BoardContent } from '@/lib/schemas/draft';
import { noRemarks } from '@/lib/schemas/remark-rules';
import type { ExternalPromptId, ExternalResponseId, PromptId, ResponseId } from '@/trainer/contract/ids';
import type { Placement } from '@/trainer/contract/judgement';
import { DecisionSession } from './decision-session';

const placed = (...tiers: number[]): Placement[] =>
  tiers.map((tier, i) => ({ responseId: `r${i}` as ResponseId, state: 'placed', tier }));
const decided = (kind: 'decided' | 'withdrawn', version: number, placements: Placement[]) => ({
  kind,
  version,
  placements,
  allBad: false,
  createdAt: '2026-01-01T00:00:00Z',
  remarks: noRemarks,
  tiers: ['good', 'bad'],
  reviewer: 'Rob',
  mine: true,
  judgedToo: false,
});
const answers = (decisions: PromptAnswers['decisions'] = []): PromptAnswers => ({
  promptId: 'p' as PromptId,
  externalId: 'p' as ExternalPromptId,
  messages: [],
  documents: [],
  textVersion: 1,
  responses: ['r0', 'r1'].map((id) => ({
    id: id as ResponseId,
    externalId: id as ExternalResponseId,
    text: id,
    source: null,
  })),
  disagreement: 1000,
  isGold: false,
  answers: [],
  decisions,
  consensus: [],
  ownDraft: false,
  next: null,
});
const press = (at: number) => ({ clicks: 0, at });

function sessionOf(from: PromptAnswers, kept: BoardContent | null = null) {
  const keptContents: BoardContent[] = [];
  const decisions: BoardContent[] = [];
  const session = new DecisionSession(from, 2, kept, (content) => keptContents.push(content));
  session.decide = (content) => decisions.push(content);
  return { session, keptContents, decisions, places: () => session.getState().open!.board.places };
}

describe('the board of a decision', () => {
  it('begins empty, or with the decision in force, or with what was begun before a reload', () => {
    expect(sessionOf(answers()).places()).toEqual({ r0: null, r1: null });
    expect(sessionOf(answers([decided('decided', 1, placed(0, 1))])).places()).toEqual({ r0: 0, r1: 1 });
    const withdrawn = answers([decided('withdrawn', 2, []), decided('decided', 1, placed(0, 1))]);
    expect(sessionOf(withdrawn).places()).toEqual({ r0: null, r1: null });
    const kept = { allBad: false, timeOnTaskMs: 5, placements: placed(1, 1) };
    expect(sessionOf(withdrawn, kept).places()).toEqual({ r0: 1, r1: 1 });
  });

  it('starts from somebody’s answer in one step, which undo takes back', () => {
    const { session, places, keptContents } = sessionOf(answers());
    session.act({ type: 'place', id: 'r0', place: 1 }, 1);
    session.act({ type: 'fill', judgement: { allBad: true, placements: placed(0, 1) } }, 1);
    expect([places(), session.getState().open!.board.allBad]).toEqual([{ r0: 0, r1: 1 }, true]);
    session.act({ type: 'undo' }, 1);
    expect([places(), session.getState().open!.board.allBad]).toEqual([{ r0: 1, r1: null }, false]);
    expect(keptContents).toHaveLength(3);
  });

  it('asks about responses that are not placed, as the annotators’ board does, and decides at the second press', () => {
    const { session, decisions } = sessionOf(answers());
    session.act({ type: 'place', id: 'r0', place: 1 }, 1);
    session.save(press(1000), 9, 1);
    expect([decisions.length, session.getState().open!.question?.obstacle]).toEqual([0, 'untouched']);
    session.save(press(3000), 9, 1);
    expect(decisions).toEqual([expect.objectContaining({ timeOnTaskMs: 9 })]);
    // A refused decision can be made again: the board is still there.
    session.save(press(6000), 9, 1);
    expect(decisions).toHaveLength(2);
  });
});
