import { applyChange, type Change, type OutboxItem, type Rule } from './outbox-rules';

/** Where a queue is kept. Several tabs may hold one; `update` is one step that none of them can come between. */
export interface OutboxStore {
  /** Oldest first. @throws when the browser will not let us read. */
  read(): Promise<OutboxItem[]>;
  /**
   * Carries out a rule on what is stored after `before`, a change that an earlier update could not store.
   * Settles when it is durable. @returns the queue after it. @throws when the browser will not keep it.
   */
  update(rule: Rule, before: Change): Promise<OutboxItem[]>;
}

/** A store that lasts as long as this object: tabs in tests share one. */
export class MemoryOutboxStore implements OutboxStore {
  private items: OutboxItem[] = [];
  /** Set to make the store refuse, as a full disk does. */
  refusal: Error | null = null;

  async read(): Promise<OutboxItem[]> {
    return this.items;
  }

  async update(rule: Rule, before: Change): Promise<OutboxItem[]> {
    const items = applyChange(this.items, before);
    const next = applyChange(items, rule(items));
    if (this.refusal && next.length >= this.items.length) throw this.refusal;
    this.items = next;
    return next;
  }
}
