/**
 * Keeps what is on one prompt's board while the person works: in this browser at once, on the server a moment later.
 * Nothing here is waited for by a key press. Each change gets a larger sequence than any that was seen, so that a
 * late or repeated request never undoes a newer one.
 */
import { retryDelayMs } from '@/components/ui/retry-policy';
import type { BoardContent, Draft } from '@/lib/schemas/draft';

/** stale: the annotation has moved on, so this draft will never be taken; older: the server has a later sequence. */
export type DraftAnswer = 'stored' | 'unreachable' | { refused: 'stale' } | { refused: 'older'; sequence: number };

/** none: nothing was changed; local: in this browser; server: there too; lost: the browser would not keep it. */
export type DraftState = 'none' | 'local' | 'server' | 'lost';

export type DraftSaverOptions = {
  baseVersion: number;
  /** The largest sequence seen of this prompt's drafts; 0 for none. */
  sequence: number;
  /** Rejects when the browser will not keep it. */
  store: (draft: Draft) => Promise<void>;
  /** Deletes what is kept here up to this sequence: by then there may be a newer draft. */
  remove: (sequence: number) => Promise<void>;
  /** `leaving`: the page may be gone before the answer comes. Never rejects. */
  send: (draft: Draft, leaving: boolean) => Promise<DraftAnswer>;
  schedule: (run: () => void, ms: number) => () => void;
  onState: (state: DraftState) => void;
};

const PAUSE_MS = 800;

export class DraftSaver {
  private newest: Draft | null = null;
  private sequence: number;
  private baseVersion: number;
  private isStoring = false;
  private storedSequence = 0;
  private isSending = false;
  private sentSequence = 0;
  /** Sends in a row that nobody answered. */
  private failures = 0;
  private isStopped = false;
  private isHandedOver = false;
  private localState: 'local' | 'lost' = 'local';
  private cancelTimer: (() => void) | null = null;

  constructor(private readonly options: DraftSaverOptions) {
    this.sequence = options.sequence;
    this.baseVersion = options.baseVersion;
  }

  /** The largest sequence seen or given. */
  get lastSequence(): number {
    return this.sequence;
  }

  change(content: BoardContent): void {
    if (this.isStopped) return;
    this.sequence += 1;
    this.newest = { baseVersion: this.baseVersion, sequence: this.sequence, content };
    void this.storeNewest();
    this.plan(PAUSE_MS);
  }

  /** Sends what is not on the server yet, now: the page is being hidden, or the network is back. */
  flush(leaving = false): void {
    this.cancelTimer?.();
    this.cancelTimer = null;
    void this.send(leaving);
  }

  /** The annotation on screen became this version: what is on the board builds on it now. */
  rebase(baseVersion: number): void {
    if (baseVersion <= this.baseVersion) return;
    this.baseVersion = baseVersion;
    if (this.newest) this.change(this.newest.content);
  }

  /** The work was handed over: nothing more goes out, and once it is `stored` what is kept here goes. */
  async stop(stored: Promise<unknown> = Promise.resolve()): Promise<void> {
    this.isStopped = true;
    this.isHandedOver = true;
    this.cancelTimer?.();
    await stored;
    await this.options.remove(this.sequence).catch(() => undefined);
  }

  /** The board is left as it is; the draft stays. */
  leave(): void {
    this.flush(true);
    this.isStopped = true;
    this.cancelTimer?.();
  }

  /** One write at a time, always the newest. */
  private async storeNewest(): Promise<void> {
    if (this.isStoring) return;
    this.isStoring = true;
    try {
      while (this.newest && this.storedSequence < this.newest.sequence) {
        const draft = this.newest;
        try {
          await this.options.store(draft);
          this.localState = 'local';
        } catch {
          this.localState = 'lost';
        }
        this.storedSequence = draft.sequence;
        if (this.isHandedOver) return;
      }
      if (!this.isStopped) this.reportState();
    } finally {
      this.isStoring = false;
    }
  }

  private async send(leaving: boolean): Promise<void> {
    const draft = this.newest;
    if (!draft || this.isStopped || draft.sequence <= this.sentSequence) return;
    // A page that is left cannot wait for the answer to an earlier one.
    if (this.isSending && !leaving) return;
    this.isSending = true;
    const answer = await this.options.send(draft, leaving);
    this.isSending = false;
    if (this.isStopped) return;
    if (answer === 'unreachable') {
      this.failures += 1;
      return this.plan(retryDelayMs(this.failures));
    }
    this.failures = 0;
    if (answer === 'stored') this.sentSequence = Math.max(this.sentSequence, draft.sequence);
    else if (answer.refused === 'stale') return;
    else if (this.newest === draft) {
      // Another machine was here since: what the person does now comes after it.
      this.sequence = Math.max(this.sequence, answer.sequence) + 1;
      this.newest = { ...draft, sequence: this.sequence };
      void this.storeNewest();
    }
    this.reportState();
    if (this.newest && this.newest.sequence > this.sentSequence) this.plan(PAUSE_MS);
  }

  private plan(ms: number): void {
    this.cancelTimer?.();
    this.cancelTimer = this.options.schedule(() => this.flush(), ms);
  }

  private reportState(): void {
    if (this.newest) this.options.onState(this.newest.sequence <= this.sentSequence ? 'server' : this.localState);
  }
}

export type DraftChoice = {
  /** To put on the board without asking, or null. */
  start: BoardContent | null;
  /** Begun on an older version: to be offered, never put on the board unasked. */
  stale: Draft | null;
  /** The largest sequence seen. */
  sequence: number;
  /** What a save builds on: the version in force, as far as the draft or the page knows it. */
  version: number;
};

/**
 * Which draft counts: of those begun on the newest version that is known of, the one with the larger sequence. One on a
 * newer version than the page has heard of was begun by whoever saw that version, so it counts, too.
 */
export function chooseDraft(version: number, local: Draft | null, remote: Draft | null): DraftChoice {
  const sequence = Math.max(local?.sequence ?? 0, remote?.sequence ?? 0);
  const fitting = [local, remote].filter((draft): draft is Draft => draft !== null && draft.baseVersion >= version);
  // The first of equals is the local one.
  const [newest = null] = fitting.sort((a, b) => b.baseVersion - a.baseVersion || b.sequence - a.sequence);
  const stale = local !== null && local.baseVersion < version && newest === null ? local : null;
  return { start: newest?.content ?? null, stale, sequence, version: newest?.baseVersion ?? version };
}
