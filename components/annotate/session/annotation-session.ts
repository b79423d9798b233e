/**
 * The store of one page's annotating: it holds the state (session-state.ts, reduce-session.ts), and does what follows from it: fetches
 * prompts ahead, looks up and keeps drafts, hands saves, skips and flags to the outbox. It needs no React and no browser;
 * what it reaches the world by is its `SessionHost`.
 */
import type { ApiError } from '@/components/ui/api';
import { retryDelayMs } from '@/components/ui/retry-policy';
import type { Task, TaskPage } from '@/lib/schemas/annotation';
import type { Draft } from '@/lib/schemas/draft';
import type { SkipReason } from '@/lib/schemas/prompt-mark';
import { type BoardAction, type BoardState, contentOf, touchedOnly } from '../board/board-state';
import type { Press } from '../board/submission';
import type { AnnotationOutbox } from '../outbox/annotation-outbox';
import { type DraftAnswer, DraftSaver } from '../outbox/draft-saver';
import { offQueue } from '../outbox/outbox-rules';
import { nextRequest } from '../queue/queue-plan';
import { type CachedQueue, readCachedQueue } from './cached-queue';
import { pressMeans, reduceSession } from './reduce-session';
import { hasNewContent, type OpenPrompt, type SessionEvent, type SessionState, startSession } from './session-state';

export type SessionHost = {
  outbox: AnnotationOutbox;
  /** Of the project, as it is now. */
  tierCount: () => number;
  /** The prompts that come next. Never rejects. */
  fetchTasks: (count: number, exclude: readonly string[], signal: AbortSignal) => Promise<TaskPage | ApiError>;
  /** One prompt as the server has it, as far as this page can know; null for not at all. Never rejects. */
  fetchTask: (promptId: string) => Promise<Task | null>;
  /** What a page that opens without a server works through; it may be of an earlier version. Neither rejects. */
  cache: { read: () => Promise<unknown>; write: (queue: CachedQueue) => Promise<void> };
  drafts: {
    /** Never rejects. */
    load: (promptId: string) => Promise<Draft | null>;
    /** Rejects when the browser will not keep it. */
    store: (promptId: string, draft: Draft) => Promise<void>;
    /** Deletes what is kept of it up to this sequence. */
    remove: (promptId: string, sequence: number) => Promise<void>;
    /** Never rejects. */
    send: (promptId: string, draft: Draft, leaving: boolean) => Promise<DraftAnswer>;
  };
  schedule: (run: () => void, ms: number) => () => void;
  newKey: () => string;
  /** The save of a page for one prompt is in force. */
  onSaved?: () => void;
};

const isFailure = (answer: TaskPage | ApiError): answer is ApiError => answer instanceof Error;

export class AnnotationSession {
  readonly outbox: AnnotationOutbox;
  private state: SessionState;
  private readonly listeners = new Set<() => void>();
  private readonly draftsAsked = new Set<string>();
  private drafting: { promptId: string; saver: DraftSaver } | null = null;
  /** The largest sequence of each prompt's drafts that left the screen. */
  private readonly sequences = new Map<string, number>();
  private life: AbortController | null = null;
  private cancelRetry: (() => void) | null = null;
  private isChanging = false;
  /** The save of a page for one prompt whose end was followed up. */
  private finished: string | null = null;

  /** @param task the one prompt that is looked at again; null for the queue. */
  constructor(
    private readonly host: SessionHost,
    task: Task | null = null,
  ) {
    this.outbox = host.outbox;
    this.state = startSession(host.outbox.getState(), task);
  }

  getState = (): SessionState => this.state;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Begins to work. @returns what ends it: the board is left as it is, its draft stays. It may be opened again. */
  open(): () => void {
    const life = new AbortController();
    this.life = life;
    const takeOutboxState = () => this.dispatch({ type: 'outbox', state: this.outbox.getState() });
    const unsubscribe = this.outbox.subscribe(takeOutboxState);
    takeOutboxState();
    return () => {
      unsubscribe();
      life.abort();
      this.life = null;
      this.cancelRetry?.();
      this.leaveDraft();
      this.dispatch({ type: 'tasks-dropped' });
    };
  }

  /** @returns the board before and after, for whoever says what changed. */
  act(action: BoardAction, timeOnTaskMs: number): { before: BoardState; after: BoardState } | null {
    const before = this.state.open?.board;
    if (!before) return null;
    this.dispatch({ type: 'act', action, timeOnTaskMs });
    const { open } = this.state;
    if (!open) return null;
    if (hasNewContent(before, open.board)) {
      this.saverOf(open).change(touchedOnly(contentOf(open.board, timeOnTaskMs)));
    }
    return { before, after: open.board };
  }

  /** A press of the save button, or its key. @param tiersVersion of the names that the board shows. */
  save(press: Press, timeOnTaskMs: number, tiersVersion: number): void {
    const { open } = this.state;
    if (!open) return;
    if (pressMeans(this.state, press) !== 'saves') {
      this.dispatch({ type: 'press', press });
      return;
    }
    const { promptId, externalId } = open.task;
    const key = this.host.newKey();
    const request = {
      ...contentOf(open.board, timeOnTaskMs),
      promptId,
      idempotencyKey: key,
      baseVersion: open.version,
      tiersVersion,
      textVersion: open.task.textVersion,
    };
    this.together(() => {
      const stored = this.outbox.add(request, externalId, open.builtOn);
      const saver = this.saverOf(open);
      this.sequences.set(promptId, saver.lastSequence);
      this.drafting = null;
      void saver.stop(stored);
      this.dispatch({ type: 'submit', key, timeOnTaskMs, press });
    });
  }

  /** What was begun on it stays a draft, for the return to it. */
  skip(reason: SkipReason, note: string): void {
    const { open } = this.state;
    if (!open) return;
    this.together(() => {
      this.mark(open.task, { kind: 'skipped', reason, note }, 'skipped');
      this.leaveDraft();
      this.dispatch({ type: 'skip' });
    });
  }

  /** Goes back to the prompt before. */
  back(): void {
    const last = this.state.past.at(-1);
    if (!last) return;
    this.together(() => {
      this.leaveDraft();
      if (last.skipped) this.mark(last.task, null, 'skipped');
      this.dispatch({ type: 'back' });
    });
  }

  /** Whether the prompt on screen is flagged, as far as the person has said. */
  isFlagged({ promptId, flagged }: Task): boolean {
    const last = this.outbox.lastMark(promptId, 'flagged');
    return last ? last.mark !== null : flagged;
  }

  /** @param note null takes the flag away. */
  flag(note: string | null): void {
    const { open } = this.state;
    if (open) this.mark(open.task, note === null ? null : { kind: 'flagged', note }, 'flagged');
  }

  /** What was begun on an older version goes on the board, or is left out. */
  chooseStale(use: boolean): void {
    this.dispatch({ type: 'stale', use });
  }

  /** A page for one prompt shows what counts now. */
  async startOver(): Promise<void> {
    const task = this.state.queue.tasks[0];
    if (!task) return;
    const { promptId } = task;
    const fresh = (await this.host.fetchTask(promptId)) ?? task;
    this.leaveDraft();
    this.draftsAsked.delete(promptId);
    this.dispatch({ type: 'start-over', task: fresh });
  }

  /** The network is back, or the person asks: what failed is tried again now. */
  retry(): void {
    this.drafting?.saver.flush();
    if (this.state.queue.failure) this.dispatch({ type: 'retry' });
  }

  /** The page is being hidden, and may not come back. */
  hide(): void {
    this.drafting?.saver.flush(true);
  }

  private mark(
    { promptId, externalId }: Task,
    mark: Parameters<AnnotationOutbox['addMark']>[0]['mark'],
    kind: 'skipped' | 'flagged',
  ): void {
    void this.outbox.addMark({ promptId, idempotencyKey: this.host.newKey(), kind, mark }, externalId);
  }

  private dispatch(event: SessionEvent): void {
    const before = this.state;
    this.state = reduceSession(before, event, this.host.tierCount());
    if (this.state !== before) for (const listener of this.listeners) listener();
    this.follow();
  }

  /** Several changes of which only the outcome is followed up. */
  private together(changes: () => void): void {
    this.isChanging = true;
    try {
      changes();
    } finally {
      this.isChanging = false;
    }
    this.follow();
  }

  private follow(): void {
    if (!this.life || this.isChanging) return;
    this.askForDrafts();
    this.askForTasks();
    this.followVersion();
    this.followSubmission();
  }

  private askForDrafts(): void {
    for (const { promptId } of this.state.queue.tasks.slice(0, 2)) {
      if (this.draftsAsked.has(promptId)) continue;
      this.draftsAsked.add(promptId);
      void this.host.drafts.load(promptId).then((draft) => this.dispatch({ type: 'draft-found', promptId, draft }));
    }
  }

  private askForTasks(): void {
    const { kind, queue, outbox } = this.state;
    const { life } = this;
    if (kind !== 'queue' || !outbox.loaded || !life || queue.request || queue.failure) return;
    if (queue.exhaustedAt === outbox.acknowledged) return;
    const ahead = queue.tasks.map(({ promptId }) => promptId);
    const unsent = offQueue(outbox.items);
    const request = nextRequest(ahead, unsent);
    if (!request) return;
    this.cancelRetry?.();
    this.dispatch({ type: 'tasks-asked', excluded: [...ahead, ...unsent] });
    void this.fetchTasks(request.count, request.exclude, life.signal);
  }

  private async fetchTasks(count: number, exclude: readonly string[], signal: AbortSignal): Promise<void> {
    const answer = await this.host.fetchTasks(count, exclude, signal);
    if (signal.aborted) return;
    if (!isFailure(answer)) {
      this.dispatch({ type: 'tasks-arrived', page: answer });
      void this.host.cache.write({ tasks: this.state.queue.tasks, progress: answer.progress });
      return;
    }
    const isBare = answer.status === 0 && this.state.queue.tasks.length === 0;
    const cached = isBare ? readCachedQueue(await this.host.cache.read()) : null;
    if (signal.aborted) return;
    const delay = retryDelayMs(this.state.queue.failures + 1);
    this.cancelRetry = this.host.schedule(() => this.dispatch({ type: 'retry' }), delay);
    this.dispatch({ type: 'tasks-failed', failure: answer, cached });
  }

  /** The annotation on screen became a newer version: the draft builds on it too. */
  private followVersion(): void {
    const { open } = this.state;
    if (open && this.drafting?.promptId === open.task.promptId) this.drafting.saver.rebase(open.version);
  }

  /** On a page for one prompt: the save is in force, or the person decided otherwise, so the board shows what counts. */
  private followSubmission(): void {
    const { kind, open, outbox } = this.state;
    const { key, changedSince } = open?.submitted ?? {};
    if (kind !== 'prompt' || !key || key === this.finished) return;
    const isSaved = outbox.versions.has(key);
    if (!isSaved && outbox.items.some((item) => item.key === key)) return;
    // What was changed since is not saved yet, and builds on what is in force now.
    if (isSaved && changedSince) return;
    this.finished = key;
    if (isSaved) this.host.onSaved?.();
    else void this.startOver();
  }

  private saverOf(open: OpenPrompt): DraftSaver {
    const { promptId } = open.task;
    if (this.drafting?.promptId === promptId) return this.drafting.saver;
    this.leaveDraft();
    const { drafts } = this.host;
    const saver = new DraftSaver({
      baseVersion: open.version,
      sequence: Math.max(this.state.prompts.get(promptId)?.drafts?.sequence ?? 0, this.sequences.get(promptId) ?? 0),
      store: (draft) => drafts.store(promptId, draft),
      remove: (sequence) => drafts.remove(promptId, sequence),
      send: (draft, leaving) => drafts.send(promptId, draft, leaving),
      schedule: this.host.schedule,
      onState: (state) => this.dispatch({ type: 'draft-state', promptId, state }),
    });
    this.drafting = { promptId, saver };
    return saver;
  }

  private leaveDraft(): void {
    if (!this.drafting) return;
    const { promptId, saver } = this.drafting;
    this.sequences.set(promptId, saver.lastSequence);
    this.drafting = null;
    saver.leave();
  }
}
