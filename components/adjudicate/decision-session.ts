/**
 * A reviewer's board: the same as annotators have, on which a decision is made. It is the session of one prompt without
 * outbox and drafts; a save hands what is on the board to `decide`.
 */
import { type BoardAction, contentOf } from '@/components/annotate/board/board-state';
import type { Press } from '@/components/annotate/board/submission';
import type { BoardSession } from '@/components/annotate/board/use-board';
import type { OutboxState } from '@/components/annotate/outbox/annotation-outbox';
import { pressMeans, reduceSession } from '@/components/annotate/session/reduce-session';
import {
  hasNewContent,
  type SessionEvent,
  type SessionState,
  startSession,
} from '@/components/annotate/session/session-state';
import type { Task } from '@/lib/schemas/annotation';
import type { PromptAnswers } from '@/lib/schemas/decision';
import type { BoardContent } from '@/lib/schemas/draft';

const nothingUnsent: OutboxState = {
  loaded: true,
  items: [],
  sending: false,
  failure: null,
  acknowledged: 0,
  versions: new Map(),
  storage: 'ok',
};

export class DecisionSession implements BoardSession {
  /** What becomes of a save. @param tiersVersion of the names that the board shows */
  decide: (content: BoardContent, tiersVersion: number) => void = () => undefined;
  private state: SessionState;
  private readonly listeners = new Set<() => void>();

  /**
   * @param kept what an earlier look at this page had begun; else the board begins with the decision in force
   * @param keep is given what is on the board after each change
   */
  constructor(
    answers: PromptAnswers,
    private readonly tierCount: number,
    kept: BoardContent | null,
    private readonly keep: (content: BoardContent) => void,
  ) {
    const task = taskOf(answers);
    const { promptId, annotation } = task;
    const draft = kept && { baseVersion: annotation?.version ?? 0, sequence: 1, content: kept };
    const begun = startSession(nothingUnsent, task);
    this.state = reduceSession(begun, { type: 'draft-found', promptId, draft }, tierCount);
  }

  getState = (): SessionState => this.state;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  act(action: BoardAction, timeOnTaskMs: number) {
    const before = this.state.open?.board;
    if (!before) return null;
    this.dispatch({ type: 'act', action, timeOnTaskMs });
    const after = this.state.open!.board;
    if (hasNewContent(before, after)) this.keep(contentOf(after, timeOnTaskMs));
    return { before, after };
  }

  save(press: Press, timeOnTaskMs: number, tiersVersion: number): void {
    const { open } = this.state;
    if (!open) return;
    const means = pressMeans(this.state, press);
    this.dispatch({ type: 'press', press });
    if (means === 'saves') this.decide(contentOf(open.board, timeOnTaskMs), tiersVersion);
  }

  private dispatch(event: SessionEvent): void {
    const before = this.state;
    this.state = reduceSession(before, event, this.tierCount);
    if (this.state !== before) for (const listener of this.listeners) listener();
  }
}

/** The prompt as the board takes it, with the decision in force in place of an annotation. */
function taskOf({ promptId, externalId, messages, documents, textVersion, responses, decisions }: PromptAnswers): Task {
  const [newest] = decisions;
  return {
    promptId,
    externalId,
    messages,
    documents,
    textVersion,
    withdrawn: false,
    responses: responses.map(({ id, text }) => ({ id, text })),
    annotation: newest?.kind === 'decided' ? newest : null,
    flagged: false,
    sentBack: null,
    draft: null,
  };
}
