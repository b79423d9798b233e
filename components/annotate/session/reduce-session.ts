/** What happens to a session, as one pure function from state and event to the next state. */
import type { Task, TaskPage } from '@/lib/schemas/annotation';
import type { BoardContent } from '@/lib/schemas/draft';
import { type BoardAction, contentOf, createBoard, reduceBoard, untouchedIds } from '../board/board-state';
import { isNewIntention, type Press, type SaveObstacle, saveObstacle } from '../board/submission';
import type { OutboxState } from '../outbox/annotation-outbox';
import { chooseDraft } from '../outbox/draft-saver';
import { offQueue, pendingOn } from '../outbox/outbox-rules';
import { isOpen } from '../queue/queue-plan';
import { replacedKeys } from './replaced-keys';
import {
  hasNewContent,
  type OpenPrompt,
  type PromptMemory,
  type QueueState,
  type SessionEvent,
  type SessionState,
} from './session-state';

/** What a press of the save button does now. */
export function pressMeans({ open, lastPress }: SessionState, press: Press): 'nothing' | 'asks' | 'saves' {
  if (!open || open.submitted?.changedSince === false) return 'nothing';
  if (lastPress && !isNewIntention(press, lastPress.press)) {
    // The rest of a double click that saved the prompt before is not about this one, which nobody has seen yet.
    if (lastPress.board !== open.id) return 'nothing';
    // What was asked stays asked: only a press that is meant for the question answers it.
    if (open.question !== null) return 'nothing';
  }
  return obstacleOf(open) ? 'asks' : 'saves';
}

/** @param tierCount of the project as it is now; only a board that comes on screen takes it up. */
export function reduceSession(state: SessionState, event: SessionEvent, tierCount: number): SessionState {
  const next = reduce(state, event, tierCount);
  const first = next.queue.tasks[0]?.promptId;
  // A board comes on screen as soon as everything that it begins with is known.
  if (next.open?.task.promptId === first) return next;
  const shown = withBoard(next, tierCount);
  return shown.open && event.type === 'back' ? { ...shown, open: { ...shown.open, returned: true } } : shown;
}

function reduce(state: SessionState, event: SessionEvent, tierCount: number): SessionState {
  const { queue, open } = state;
  switch (event.type) {
    case 'outbox': {
      const hasAcknowledged = event.state.acknowledged !== state.outbox.acknowledged;
      const { prompts, open: rekeyed } = withNewKeys(state, replacedKeys(state.outbox, event.state));
      return {
        ...state,
        outbox: event.state,
        // Something got through: so may the next request.
        queue: hasAcknowledged && queue.failure ? { ...queue, failure: null } : queue,
        prompts,
        open: rekeyed && onNewestVersion(rekeyed, event.state),
      };
    }
    case 'tasks-asked':
      return withQueue(state, {
        request: {
          excluded: event.excluded,
          judged: queue.judged,
          acknowledged: state.outbox.acknowledged,
        },
      });
    case 'tasks-arrived':
      return withArrivedTasks(state, event.page);
    case 'tasks-failed': {
      const failed = { request: null, failure: event.failure, failures: queue.failures + 1 };
      if (!event.cached) return withQueue(state, failed);
      const { tasks, progress } = event.cached;
      return withQueue(withTasks(state, tasks), { ...failed, progress: queue.progress ?? progress });
    }
    case 'tasks-dropped':
      // Nobody will ask again when it is time to: the next look at it does.
      return withQueue(state, { request: null, failure: null });
    case 'retry':
      return withQueue(state, { failure: null });
    case 'draft-found': {
      const task = queue.tasks.find(({ promptId }) => promptId === event.promptId);
      if (!task) return state;
      const drafts = chooseDraft(task.annotation?.version ?? 0, event.draft, task.draft);
      return withMemory(state, event.promptId, { drafts });
    }
    case 'draft-state':
      return open?.task.promptId === event.promptId ? { ...state, open: { ...open, draft: event.state } } : state;
    case 'stale':
      if (!open?.stale) return state;
      return event.use ? withBoard(state, tierCount, open.stale) : { ...state, open: { ...open, stale: null } };
    case 'act':
      return open ? withAction(state, open, event.action, event.timeOnTaskMs) : state;
    case 'press': {
      if (!open || open.submitted?.changedSince === false) return state;
      const pressed = withPress(state, open, event.press);
      const obstacle = pressMeans(state, event.press) === 'asks' ? obstacleOf(open) : null;
      const untouched = untouchedIds(open.board).length;
      return obstacle ? { ...pressed, open: { ...open, question: { obstacle, untouched } } } : pressed;
    }
    case 'submit':
      return open ? withSubmission(withPress(state, open, event.press), open, event) : state;
    case 'skip':
      return open ? withoutCurrent(withContent(state, open.timeOnTaskMs), open.task, null) : state;
    case 'back':
      return withPrevious(withContent(state, open?.timeOnTaskMs ?? 0));
    case 'start-over': {
      const { promptId } = event.task;
      const prompts = new Map(state.prompts);
      prompts.delete(promptId);
      return { ...withQueue(state, { tasks: [event.task] }), prompts, open: null };
    }
  }
}

function obstacleOf({ board, question }: OpenPrompt): SaveObstacle | null {
  return saveObstacle(untouchedIds(board).length, board.responseIds.length, board.allBad, question !== null);
}

/** An echo is noted as a part of the press that it came after, however many follow. */
function withPress(state: SessionState, open: OpenPrompt, press: Press): SessionState {
  const { lastPress } = state;
  const isEcho = lastPress !== null && !isNewIntention(press, lastPress.press);
  return { ...state, lastPress: { press, board: isEcho ? lastPress.board : open.id } };
}

function withQueue(state: SessionState, part: Partial<QueueState>): SessionState {
  return { ...state, queue: { ...state.queue, ...part } };
}

function withMemory(state: SessionState, promptId: string, part: PromptMemory): SessionState {
  const memory = state.prompts.get(promptId);
  return { ...state, prompts: new Map(state.prompts).set(promptId, { ...memory, ...part }) };
}

/** Notes what is on the board, for the return to it. */
function withContent(state: SessionState, timeOnTaskMs: number): SessionState {
  const { open } = state;
  return open ? withMemory(state, open.task.promptId, { content: contentOf(open.board, timeOnTaskMs) }) : state;
}

/** Puts the first prompt on the board: `given`, or as it was left here, as it was begun, or as it was judged. */
function withBoard(state: SessionState, tierCount: number, given?: BoardContent): SessionState {
  const task = state.queue.tasks[0];
  const memory = task && state.prompts.get(task.promptId);
  if (!task || !memory?.drafts || !state.outbox.loaded) return state.open ? { ...state, open: null } : state;
  const pending = pendingOn(state.outbox.items, task.promptId);
  // In the queue, what another tab said meanwhile stands for itself: this board begins as it was offered.
  const unsent = state.kind === 'prompt' && pending?.status === 'waiting' ? pending : null;
  const judged = unsent?.request ?? task.annotation;
  const content = given ?? memory.content ?? memory.drafts.start ?? (judged && { ...judged, timeOnTaskMs: 0 });
  const responseIds = task.responses.map(({ id }) => id);
  const open: OpenPrompt = {
    id: state.boards + 1,
    task,
    board: createBoard(responseIds, tierCount, content ?? undefined),
    timeOnTaskMs: content?.timeOnTaskMs ?? 0,
    version: Math.max(task.annotation?.version ?? 0, memory.drafts.version),
    builtOn: memory.key ?? unsent?.key ?? null,
    judged: memory.returned === true && memory.key !== undefined,
    returned: false,
    stale: given ? null : (memory.drafts.stale?.content ?? null),
    draft: 'none',
    question: null,
    submitted: null,
  };
  return { ...state, open: onNewestVersion(open, state.outbox), boards: open.id };
}

function withNewKeys({ prompts, open }: SessionState, newKeys: ReadonlyMap<string, string>) {
  if (newKeys.size === 0) return { prompts, open };
  const rekeyed = [...prompts].map(([promptId, memory]): [string, PromptMemory] => {
    const key = memory.key && newKeys.get(memory.key);
    return [promptId, key ? { ...memory, key } : memory];
  });
  const builtOn = open?.builtOn && newKeys.get(open.builtOn);
  return { prompts: new Map(rekeyed), open: open && builtOn ? { ...open, builtOn } : open };
}

/** The save that the board shows may have been acknowledged: then the next one builds on its version. */
function onNewestVersion(open: OpenPrompt, { versions }: OutboxState): OpenPrompt {
  const version = Math.max(open.version, (open.builtOn && versions.get(open.builtOn)) || 0);
  return version === open.version ? open : { ...open, version };
}

function withAction(state: SessionState, open: OpenPrompt, action: BoardAction, timeOnTaskMs: number): SessionState {
  const board = reduceBoard(open.board, action);
  if (!hasNewContent(open.board, board)) return board === open.board ? state : { ...state, open: { ...open, board } };
  const submitted = open.submitted && { ...open.submitted, changedSince: true };
  // Whoever works on this board has seen it: however soon the next press comes, it is meant for it.
  return { ...state, lastPress: null, open: { ...open, board, timeOnTaskMs, question: null, submitted } };
}

function withSubmission(
  state: SessionState,
  open: OpenPrompt,
  { key, timeOnTaskMs }: { key: string; timeOnTaskMs: number },
): SessionState {
  const { promptId } = open.task;
  const drafts = state.prompts.get(promptId)?.drafts;
  // From here on the outbox keeps the work.
  const saved = withMemory(withContent(state, timeOnTaskMs), promptId, {
    key,
    drafts: { start: null, stale: null, sequence: drafts?.sequence ?? 0, version: drafts?.version ?? 0 },
  });
  if (state.kind === 'prompt') {
    return { ...saved, open: { ...open, stale: null, builtOn: key, submitted: { key, changedSince: false } } };
  }
  const { queue } = state;
  const seen = new Set(open.board.responseIds);
  return withoutCurrent(isCounted(open) ? saved : withQueue(saved, withOneMoreDone(queue)), open.task, seen);
}

/** Whether it is among those that are done already. */
function isCounted({ judged, task }: OpenPrompt): boolean {
  return judged || task.sentBack !== null;
}

/** One more is done. */
function withOneMoreDone({ judged, progress }: QueueState): Partial<QueueState> {
  const done = progress && { ...progress, done: Math.min(progress.total, progress.done + 1) };
  return { judged: judged + 1, progress: done };
}

/** Takes the first prompt off. `seen`: the responses that were judged; null for a skip. */
function withoutCurrent(state: SessionState, task: Task, seen: ReadonlySet<string> | null): SessionState {
  const { promptId } = task;
  const remembered = withMemory(state, promptId, { returned: false });
  return {
    // Whatever failed before: the next prompts are asked for at once.
    ...withQueue(remembered, { tasks: state.queue.tasks.slice(1), failure: null }),
    submitted: new Map(state.submitted).set(promptId, seen),
    past: [...state.past.filter((other) => other.task.promptId !== promptId), { task, skipped: seen === null }],
  };
}

/**
 * The last prompt comes back in front of the others. A save stands until it is made anew: unsent, the new one takes its
 * place; sent, it becomes a new version. A skip ends at once. What was done stays counted.
 */
function withPrevious(state: SessionState): SessionState {
  const last = state.past.at(-1);
  if (!last) return state;
  const { task } = last;
  const submitted = new Map(state.submitted);
  submitted.delete(task.promptId);
  const others = state.queue.tasks.filter(({ promptId }) => promptId !== task.promptId);
  return {
    ...withQueue(withMemory(state, task.promptId, { returned: true }), { tasks: [task, ...others] }),
    past: state.past.slice(0, -1),
    submitted,
    open: null,
    // Whoever goes back means the board that comes: the next press is for it.
    lastPress: null,
  };
}

function withArrivedTasks(state: SessionState, page: TaskPage): SessionState {
  const { queue } = state;
  // What was judged meanwhile and is not stored yet comes on top of what the server counted; a skip is not done. What was
  // stored meanwhile may be in its count or not, and is in the one on screen.
  const stored = state.outbox.acknowledged - (queue.request?.acknowledged ?? 0);
  const unstored = Math.max(0, queue.judged - (queue.request?.judged ?? 0) - stored);
  const { total } = page.progress;
  const next = withTasks(state, page.tasks);
  const isSame = next.queue.tasks.length === queue.tasks.length;
  return withQueue(next, {
    request: null,
    failure: null,
    failures: 0,
    exhaustedAt: isSame ? (queue.request?.acknowledged ?? null) : null,
    progress: { total, done: Math.min(total, Math.max(page.progress.done + unstored, queue.progress?.done ?? 0)) },
  });
}

/** Adds the prompts that are to be judged here. */
function withTasks(state: SessionState, offered: readonly Task[]): SessionState {
  const { queue, outbox } = state;
  const excluded = new Set([
    ...(queue.request?.excluded ?? []),
    ...queue.tasks.map(({ promptId }) => promptId),
    ...offQueue(outbox.items),
  ]);
  const fresh = offered.filter((task) => !excluded.has(task.promptId) && isOpen(task, state.submitted));
  const submitted = new Map(state.submitted);
  const prompts = new Map(state.prompts);
  for (const { promptId } of fresh) {
    submitted.delete(promptId);
    // It begins with what the server has of it.
    const memory = prompts.get(promptId);
    if (memory) prompts.set(promptId, { ...memory, content: undefined });
  }
  // What is to be judged again is no longer what one goes back to.
  const past = state.past.filter(({ task }) => !fresh.some(({ promptId }) => promptId === task.promptId));
  const [current, ...later] = queue.tasks;
  // What a reviewer asks about comes as soon as the prompt on screen is left.
  const [asked, others] = [true, false].map((isAsked) => fresh.filter((task) => (task.sentBack !== null) === isAsked));
  const tasks = [...(current ? [current] : []), ...asked!, ...later, ...others!];
  return { ...withQueue(state, { tasks }), past, submitted, prompts };
}
