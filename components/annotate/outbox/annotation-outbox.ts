/**
 * The browser's queue of annotations and marks that the server has not acknowledged yet: one object a tab, all of them on one
 * store. The rules are in outbox-rules.ts; this file keeps the order of things:
 * an item is stored before it is sent, it is marked as sent before it goes out, and it leaves after the answer.
 * One tab sends at a time (`exclusively`), one item at a time, oldest first, each with its key through every retry.
 */
import { type RetryReason, retryDelayMs } from '@/components/ui/retry-policy';
import type { SaveAnnotationRequest } from '@/lib/schemas/annotation';
import type { MarkChange, MarkKind } from '@/lib/schemas/prompt-mark';
import {
  acknowledgeRule,
  addRule,
  applyChange,
  attemptRule,
  type Change,
  combine,
  discardRule,
  nextToSend,
  type OutboxItem,
  type OutboxRequest,
  pendingOn,
  type Rule,
  refuseRule,
  sendAgainRule,
} from './outbox-rules';
import type { OutboxStore } from './outbox-store';

export type { AnnotationItem, OutboxItem, OutboxRequest } from './outbox-rules';

export type SendResult =
  | { ok: true; version: number }
  | { ok: false; kind: 'retry'; reason: RetryReason; message: string }
  | { ok: false; kind: 'conflict' | 'refused'; message: string };

export type OutboxState = {
  /** false until what earlier pages left has been looked at. */
  loaded: boolean;
  items: readonly OutboxItem[];
  sending: boolean;
  /** Why the last try did not get through; null when it did. */
  failure: { reason: RetryReason; message: string } | null;
  /** How many items of this queue were acknowledged since the page was opened, whichever tab sent them. */
  acknowledged: number;
  /** What each acknowledged submission became, by its key, since the page was opened. */
  versions: ReadonlyMap<string, number>;
  /** Whether a reload would find everything again; if not, why the browser keeps no copy. */
  storage: 'ok' | 'full' | 'blocked';
};

export type OutboxMessage = { type: 'changed' } | { type: 'acknowledged'; key: string; version: number };

export type OutboxOptions = {
  owner: string;
  store: OutboxStore;
  send: (request: OutboxRequest) => Promise<SendResult>;
  /** Calls `run` after `ms`; answers a function that takes it back. */
  schedule: (run: () => void, ms: number) => () => void;
  /** Runs `work` while no other tab runs its own. */
  exclusively: (work: () => Promise<void>) => Promise<void>;
  /** Sends a message to the other tabs. */
  broadcast: (message: OutboxMessage) => void;
};

/** How long work of another tab may lie before this one looks after it. */
const TAKE_OVER_MS = 4_000;
const RECHECK_MS = 50;

export class AnnotationOutbox {
  private state: OutboxState = {
    loaded: false,
    items: [],
    sending: false,
    failure: null,
    acknowledged: 0,
    versions: new Map(),
    storage: 'ok',
  };
  private readonly listeners = new Set<() => void>();
  private readonly marks = new Map<string, MarkChange>();
  /** The queue as the store had it at the last look. */
  private stored: readonly OutboxItem[] = [];
  /** What the store would not take: this tab alone knows it. */
  private unstored: Change = { put: [], remove: [] };
  /** Shown already, and not stored yet. */
  private pendingRules: Rule[] = [];
  /** Changes are carried out one after the other. */
  private tail: Promise<void> = Promise.resolve();
  private running: Promise<void> | null = null;
  private failures = 0;
  private cancelTimer: (() => void) | null = null;
  private closed = false;

  constructor(private readonly options: OutboxOptions) {}

  getState = (): OutboxState => this.state;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /**
   * Reads what earlier pages left and sends it. Settles after the reading; never rejects.
   * `adopt`: work from another place to put into this queue first. @returns whether that is stored.
   */
  async open(adopt?: Rule): Promise<boolean> {
    await this.refresh();
    if (adopt) await this.change(adopt);
    this.show({ loaded: true });
    void this.flush();
    return this.state.storage === 'ok';
  }

  /** Stops: for tests that let a tab die. An answer that is still to come is ignored. */
  close(): void {
    this.closed = true;
    this.cancelTimer?.();
  }

  /** What the person last said with marks of this kind on a prompt, as far as this page knows: unsent, or made here. */
  lastMark(promptId: string, kind: MarkKind): MarkChange | undefined {
    return pendingOn(this.state.items, promptId, kind)?.request ?? this.marks.get(`${promptId} ${kind}`);
  }

  /**
   * Takes over one submission and starts sending. `builtOn`: the key of unsent work that the person was looking at;
   * if it has been acknowledged since, this submission's base is that version. Shown at once; settles when stored.
   */
  async add(request: SaveAnnotationRequest, label: string, builtOn: string | null = null): Promise<void> {
    const version = builtOn === null ? undefined : this.state.versions.get(builtOn);
    const baseVersion = Math.max(request.baseVersion, version ?? 0);
    await this.change(addRule(this.options.owner, { ...request, baseVersion }, label));
    void this.flush();
  }

  /** Takes over a mark that is set or taken away. Shown at once; settles when stored. */
  async addMark(change: MarkChange, label: string): Promise<void> {
    this.marks.set(`${change.promptId} ${change.kind}`, change);
    await this.change(addRule(this.options.owner, change, label));
    void this.flush();
  }

  /** Tries again now instead of at the next planned time. */
  retry(): void {
    this.failures = 0;
    void this.flush();
  }

  async sendAgain(key: string): Promise<void> {
    await this.change(sendAgainRule(key));
    this.retry();
  }

  /** The person gives an item up (after a conflict or refusal). */
  async discard(key: string): Promise<void> {
    await this.change(discardRule(key));
    void this.flush();
  }

  /** Takes a message of another tab. */
  receive(message: OutboxMessage): void {
    if (message.type === 'acknowledged') {
      this.noteVersion(message.key, message.version);
      if (this.state.items.some((item) => item.key === message.key)) this.countAcknowledged();
    }
    void this.refresh().then(() => {
      // Whoever added it sends it, unless that tab is gone by then.
      if (this.hasWaiting() && !this.running && !this.cancelTimer) this.plan(TAKE_OVER_MS);
    });
  }

  /** Looks at the store again. */
  refresh(): Promise<void> {
    return this.inTurn(async () => {
      try {
        this.stored = await this.options.store.read();
        this.show({ items: this.visible() });
      } catch (error) {
        this.show({ storage: storageFailure(error) });
      }
    });
  }

  /** Sends what waits, oldest first; settles when nothing can be sent right now. Never rejects. */
  flush(): Promise<void> {
    if (this.closed) return Promise.resolve();
    if (this.running) return this.running;
    this.cancelTimer?.();
    this.cancelTimer = null;
    this.running = this.options
      .exclusively(() => this.run())
      .catch(() => undefined)
      .finally(() => {
        this.running = null;
        if (this.state.sending) this.show({ sending: false });
        // Something may have come in after the last look, or the store failed: nothing that waits is forgotten.
        if (this.hasWaiting() && !this.cancelTimer) this.plan(RECHECK_MS);
      });
    return this.running;
  }

  private async run(): Promise<void> {
    const skipped = new Set<string>();
    let fault: OutboxState['failure'] = null;
    for (;;) {
      await this.refresh();
      if (this.closed) return;
      const chosen = nextToSend(this.state.items, skipped);
      if (!chosen) break;
      this.show({ sending: true });
      await this.change(attemptRule(chosen.key), false);
      // Newer work of another tab may have taken its place just before it was marked: then it must not go out.
      const item = this.state.items.find((other) => other.key === chosen.key);
      if (!item || this.closed) continue;
      const result = await this.options
        .send(item.request)
        .catch(
          (error: unknown): SendResult => ({ ok: false, kind: 'retry', reason: 'offline', message: String(error) }),
        );
      if (this.closed) return;
      if (result.ok) {
        await this.acknowledge(item, result.version);
      } else if (result.kind !== 'retry') {
        await this.change(refuseRule(item.key, result.kind, result.message));
      } else {
        fault = { reason: result.reason, message: result.message };
        // A fault of the server's may lie in this item: the others are not held up by it.
        if (result.reason !== 'fault') break;
        skipped.add(item.request.promptId);
      }
    }
    this.show({ failure: fault, sending: false });
    if (fault === null) this.failures = 0;
    else {
      this.failures += 1;
      this.plan(retryDelayMs(this.failures));
    }
  }

  private async acknowledge({ key }: OutboxItem, version: number): Promise<void> {
    this.noteVersion(key, version);
    await this.change(acknowledgeRule(key, version), false);
    this.countAcknowledged();
    this.options.broadcast({ type: 'acknowledged', key, version });
  }

  private hasWaiting(): boolean {
    return !this.closed && nextToSend(this.state.items, new Set()) !== undefined;
  }

  private plan(ms: number): void {
    this.cancelTimer?.();
    this.cancelTimer = this.options.schedule(() => void this.flush(), ms);
  }

  private noteVersion(key: string, version: number): void {
    this.show({ versions: new Map(this.state.versions).set(key, version) });
  }

  private countAcknowledged(): void {
    this.show({ acknowledged: this.state.acknowledged + 1 });
  }

  /** Shows a change at once and stores it in its turn; what cannot be stored stays in this tab, and it says so. */
  private change(rule: Rule, announce = true): Promise<void> {
    this.pendingRules.push(rule);
    this.show({ items: this.visible() });
    return this.inTurn(async () => {
      try {
        this.stored = await this.options.store.update(rule, this.unstored);
        this.unstored = { put: [], remove: [] };
        this.show({ storage: 'ok' });
        if (announce) this.options.broadcast({ type: 'changed' });
      } catch (error) {
        this.unstored = combine(this.unstored, rule(applyChange(this.stored, this.unstored)));
        if (this.unstored.put.length > 0) this.show({ storage: storageFailure(error) });
      }
      this.pendingRules.splice(this.pendingRules.indexOf(rule), 1);
      this.show({ items: this.visible() });
    });
  }

  private visible(): OutboxItem[] {
    const known = applyChange(this.stored, this.unstored);
    return this.pendingRules.reduce((items, rule) => applyChange(items, rule(items)), known);
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.tail.then(work);
    this.tail = turn.catch(() => undefined);
    return turn;
  }

  private show(part: Partial<OutboxState>): void {
    this.state = { ...this.state, ...part };
    for (const listener of this.listeners) listener();
  }
}

function storageFailure(error: unknown): 'full' | 'blocked' {
  return error instanceof Error && error.name === 'QuotaExceededError' ? 'full' : 'blocked';
}
