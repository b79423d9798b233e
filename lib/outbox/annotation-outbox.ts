/**
 * The browser's queue of annotations that the server has not acknowledged yet.
 * Invariants: an item leaves only after an acknowledgement or by the person's own decision; it keeps its
 * idempotency key through every retry, so a repeated send stores nothing twice; items go out one at a time, oldest
 * first; every change is written to storage before it is told to anybody.
 */
import type { SaveAnnotationRequest } from '@/lib/schemas/annotation';

/** waiting: will be sent; sending; failed: tried, will be tried again; the last two need the person. */
export type OutboxStatus = 'waiting' | 'sending' | 'failed' | 'conflict' | 'refused';

export type OutboxItem = {
  request: SaveAnnotationRequest;
  /** What people call it: the prompt's external id. */
  label: string;
  status: OutboxStatus;
  message: string | null;
};

export type OutboxState = {
  items: readonly OutboxItem[];
  /** How many were acknowledged since the page was opened. */
  acknowledged: number;
  /** false: the browser refuses to keep a copy (full or blocked storage); a reload would lose what waits. */
  durable: boolean;
};

/** retry: no answer or the server's fault; conflict: a newer version exists; refused: it will never be accepted. */
export type SendResult = { ok: true } | { ok: false; kind: 'retry' | 'conflict' | 'refused'; message: string };

export type OutboxOptions = {
  key: string;
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  send: (request: SaveAnnotationRequest) => Promise<SendResult>;
  /** Calls `run` after `ms`; answers a function that takes it back. */
  schedule: (run: () => void, ms: number) => () => void;
};

const retryDelaysMs = [1_000, 2_000, 5_000, 10_000, 30_000];

export class AnnotationOutbox {
  private state: OutboxState;
  private readonly listeners = new Set<() => void>();
  private running: Promise<void> | null = null;
  private failures = 0;
  private cancelRetry: (() => void) | null = null;

  constructor(private readonly options: OutboxOptions) {
    this.state = { items: this.load(), acknowledged: 0, durable: true };
  }

  getState = (): OutboxState => this.state;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Takes over one submission and starts sending. Whatever still waits for the same prompt is replaced. */
  add(request: SaveAnnotationRequest, label: string): void {
    const kept = this.state.items.filter(
      (item) => item.status === 'sending' || item.request.promptId !== request.promptId,
    );
    this.update([...kept, { request, label, status: 'waiting', message: null }]);
    void this.flush();
  }

  /** Tries again now instead of at the next planned time. */
  retry(): void {
    this.update(this.state.items.map((item) => (item.status === 'failed' ? { ...item, status: 'waiting' } : item)));
    void this.flush();
  }

  /** The person gives an item up (after a conflict or refusal). */
  discard(idempotencyKey: string): void {
    this.update(this.state.items.filter((item) => item.request.idempotencyKey !== idempotencyKey));
  }

  /** Sends what waits, oldest first; settles when nothing can be sent right now. Never rejects. */
  flush(): Promise<void> {
    this.cancelRetry?.();
    this.cancelRetry = null;
    this.running ??= this.run().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async run(): Promise<void> {
    for (;;) {
      const item = this.state.items.find((entry) => entry.status === 'waiting' || entry.status === 'failed');
      if (!item) return;
      const key = item.request.idempotencyKey;
      this.mark(key, 'sending', null);
      const result = await this.options
        .send(item.request)
        .catch((error: unknown): SendResult => ({ ok: false, kind: 'retry', message: String(error) }));
      if (result.ok) {
        this.failures = 0;
        this.state = { ...this.state, acknowledged: this.state.acknowledged + 1 };
        this.discard(key);
      } else if (result.kind === 'retry') {
        this.mark(key, 'failed', result.message);
        const delay = retryDelaysMs[Math.min(this.failures, retryDelaysMs.length - 1)] ?? 30_000;
        this.failures += 1;
        this.cancelRetry = this.options.schedule(() => void this.flush(), delay);
        return;
      } else {
        this.mark(key, result.kind, result.message);
      }
    }
  }

  private mark(key: string, status: OutboxStatus, message: string | null): void {
    this.update(
      this.state.items.map((item) => (item.request.idempotencyKey === key ? { ...item, status, message } : item)),
    );
  }

  private update(items: readonly OutboxItem[]): void {
    this.state = { ...this.state, items, durable: this.store(items) };
    for (const listener of this.listeners) listener();
  }

  private store(items: readonly OutboxItem[]): boolean {
    try {
      if (items.length === 0) this.options.storage.removeItem(this.options.key);
      else this.options.storage.setItem(this.options.key, JSON.stringify(items));
      return true;
    } catch {
      return false;
    }
  }

  private load(): OutboxItem[] {
    try {
      const text = this.options.storage.getItem(this.options.key);
      const items = text ? (JSON.parse(text) as OutboxItem[]) : [];
      // Nobody knows whether a send that the page did not survive arrived: the key makes sending it again harmless.
      return items.map((item) =>
        item.status === 'sending' || item.status === 'failed' ? { ...item, status: 'waiting' } : item,
      );
    } catch {
      return [];
    }
  }
}
