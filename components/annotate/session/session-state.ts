/**
 * One person's annotating on one page, as one state. It alone says which prompt is on the board, what lies there, on
 * which version a save builds, and the way back. reduce-session.ts says what may happen to it, and annotation-session.ts
 * carries out what follows.
 */
import type { ApiError } from '@/components/ui/api';
import type { SaveAnnotationRequest, Task, TaskPage } from '@/lib/schemas/annotation';
import type { BoardContent, Draft } from '@/lib/schemas/draft';
import type { BoardAction, BoardState } from '../board/board-state';
import type { Press, SaveObstacle } from '../board/submission';
import type { OutboxState } from '../outbox/annotation-outbox';
import type { DraftChoice, DraftState } from '../outbox/draft-saver';
import type { Submitted } from '../queue/queue-plan';
import type { CachedQueue } from './cached-queue';

type Progress = TaskPage['progress'];

export type QueueState = {
  /** Prompts that are still to be judged; the first is the one on screen. */
  tasks: readonly Task[];
  /** done counts what the server knew at the last look plus what was submitted since. */
  progress: Progress | null;
  /** How many prompts were judged on this page; one that was gone back to and saved again is one. */
  judged: number;
  /** The request under way: the prompts it must not bring, and how many were judged here and acknowledged before it. */
  request: { excluded: readonly string[]; judged: number; acknowledged: number } | null;
  /** How many saves were acknowledged when the server had no more prompts; null while it may have some. */
  exhaustedAt: number | null;
  failure: ApiError | null;
  /** Requests in a row that failed. */
  failures: number;
};

export type OpenPrompt = {
  /** Each board that comes on screen has another one. */
  id: number;
  task: Task;
  board: BoardState;
  timeOnTaskMs: number;
  /** The version of the annotation that a save builds on; 0 for none. */
  version: number;
  /** The key of this person's own save that the board shows and the next one replaces. */
  builtOn: string | null;
  /** It was judged on this page before, and counts as done. */
  judged: boolean;
  /** It came on screen because the person went back to it, not because it was next. */
  returned: boolean;
  /** What was begun on an older version: to be offered, never put on the board unasked. */
  stale: BoardContent | null;
  draft: DraftState;
  /** What the last press of the save button has asked. */
  question: { obstacle: SaveObstacle; untouched: number } | null;
  /** The save that was made of this board. Only a page for one prompt still shows it then. */
  submitted: { key: string; changedSince: boolean } | null;
};

/** What this page knows of a prompt beside its task. */
export type PromptMemory = {
  /** Missing until this browser was asked for its draft. */
  drafts?: DraftChoice;
  /** What its board held when it left the screen. */
  content?: BoardContent;
  /** The key of the newest save made here. */
  key?: string;
  /** It was gone back to and not left since. */
  returned?: boolean;
};

/** A prompt that was submitted or skipped on this page. */
export type FinishedPrompt = { task: Task; skipped: boolean };

export type SessionState = {
  /** queue: one prompt after the other; prompt: a second look at one. */
  kind: 'queue' | 'prompt';
  queue: QueueState;
  /** The prompt on screen; null until its draft was looked up, and when there is none. */
  open: OpenPrompt | null;
  /** The way back, the last one at the end. */
  past: readonly FinishedPrompt[];
  submitted: Submitted;
  prompts: ReadonlyMap<string, PromptMemory>;
  outbox: OutboxState;
  /** Boards that were on screen so far. */
  boards: number;
  /** The last press of the save button, and the board that it was meant for. */
  lastPress: { press: Press; board: number } | null;
};

export type SessionEvent =
  | { type: 'outbox'; state: OutboxState }
  | { type: 'tasks-asked'; excluded: readonly string[] }
  | { type: 'tasks-arrived'; page: TaskPage }
  | { type: 'tasks-failed'; failure: ApiError; cached: CachedQueue | null }
  | { type: 'tasks-dropped' }
  | { type: 'retry' }
  | { type: 'draft-found'; promptId: string; draft: Draft | null }
  | { type: 'draft-state'; promptId: string; state: DraftState }
  | { type: 'stale'; use: boolean }
  | { type: 'act'; action: BoardAction; timeOnTaskMs: number }
  | { type: 'press'; press: Press }
  | { type: 'submit'; key: string; timeOnTaskMs: number; press: Press }
  | { type: 'skip' }
  | { type: 'back' }
  | { type: 'start-over'; task: Task };

export function startSession(outbox: OutboxState, task: Task | null): SessionState {
  return {
    kind: task ? 'prompt' : 'queue',
    queue: {
      tasks: task ? [task] : [],
      progress: null,
      judged: 0,
      request: null,
      exhaustedAt: null,
      failure: null,
      failures: 0,
    },
    open: null,
    past: [],
    submitted: new Map(),
    prompts: new Map(),
    outbox,
    boards: 0,
    lastPress: null,
  };
}

/** Whether there is a prompt, or why not. */
export function queueStatus({ tasks, exhaustedAt, failure }: QueueState): 'ready' | 'finished' | 'error' | 'loading' {
  if (tasks.length > 0) return 'ready';
  if (exhaustedAt !== null) return 'finished';
  return failure ? 'error' : 'loading';
}

/** It came back because responses were added, not because a reviewer asks about the answer. */
export function isReopened({ task, judged }: OpenPrompt): boolean {
  return task.annotation !== null && task.sentBack === null && !judged;
}

/** Whether an action changed anything that is kept or saved, and not only what is in focus. */
export function hasNewContent(before: BoardState, after: BoardState): boolean {
  return before.places !== after.places || before.allBad !== after.allBad || before.remarks !== after.remarks;
}

export function contentOfRequest({
  allBad,
  placements,
  timeOnTaskMs,
  remarks,
}: Pick<SaveAnnotationRequest, keyof BoardContent>): BoardContent {
  return { allBad, placements, timeOnTaskMs, remarks };
}
