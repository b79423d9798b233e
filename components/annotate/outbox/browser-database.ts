/**
 * The browser's own database for work that the server does not have yet: IndexedDB `rescue-studio`.
 *   outbox  one record per unsent annotation, by idempotency key
 *   drafts  one record per person and prompt
 *   cache   copies of what the server told, so that work goes on without it
 */
import { BrowserError } from '@/components/ui/browser-error';
import { applyChange, byOrder, type OutboxItem } from './outbox-rules';
import type { OutboxStore } from './outbox-store';

export type StoreName = 'outbox' | 'drafts' | 'cache';

const NAME = 'rescue-studio';
const VERSION = 1;
const OPEN_MS = 8_000;

let opening: Promise<IDBDatabase> | null = null;

/** @throws when storage is blocked, missing or does not answer. */
export function openBrowserDatabase(): Promise<IDBDatabase> {
  opening ??= open().catch((error: unknown) => {
    // The next look may succeed: a full disk was emptied, a permission given.
    opening = null;
    throw error;
  });
  return opening;
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new BrowserError('noStorage')), OPEN_MS);
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('outbox', { keyPath: 'key' }).createIndex('owner', 'owner');
      request.result.createObjectStore('drafts', { keyPath: 'key' });
      request.result.createObjectStore('cache', { keyPath: 'key' });
    };
    request.onerror = () => {
      clearTimeout(timer);
      reject(request.error ?? new BrowserError('noStorage'));
    };
    request.onsuccess = () => {
      clearTimeout(timer);
      const database = request.result;
      const forget = () => {
        database.close();
        opening = null;
      };
      // A newer version of this app opens in another tab, or the browser takes the database away.
      database.onversionchange = forget;
      database.onclose = forget;
      resolve(database);
    };
  });
}

/**
 * One transaction on one store. `work` gets the store and says with `done` what to answer; the promise settles when
 * everything is on disk, or rejects with nothing changed.
 */
export async function transact<T>(
  name: StoreName,
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore, done: (value: T) => void) => void,
): Promise<T> {
  const database = await openBrowserDatabase();
  return new Promise<T>((resolve, reject) => {
    const transaction = database.transaction(name, mode, { durability: mode === 'readwrite' ? 'strict' : 'default' });
    let answer: T;
    transaction.oncomplete = () => resolve(answer);
    transaction.onabort = () => reject(transaction.error ?? new BrowserError('noStorage'));
    work(transaction.objectStore(name), (value) => {
      answer = value;
    });
  });
}

export function getRecord<T>(name: StoreName, key: string): Promise<T | undefined> {
  return transact<T | undefined>(name, 'readonly', (store, done) => {
    const request = store.get(key);
    request.onsuccess = () => done(request.result as T | undefined);
  });
}

export function putRecord<T extends { key: string }>(name: StoreName, record: T): Promise<void> {
  return transact<void>(name, 'readwrite', (store) => void store.put(record));
}

/** Deletes a record that fits the condition, in one step that no tab comes between. */
export function deleteRecord<T>(name: StoreName, key: string, condition: (record: T) => boolean): Promise<void> {
  return transact<void>(name, 'readwrite', (store) => {
    const request = store.get(key);
    request.onsuccess = () => {
      const record = request.result as T | undefined;
      if (record !== undefined && condition(record)) store.delete(key);
    };
  });
}

/** The keys of everything that this person's queues hold, of all projects. */
export function queuedKeys(userId: string): Promise<string[]> {
  return transact('outbox', 'readonly', (store, done) => {
    const request = store.index('owner').getAllKeys(IDBKeyRange.bound(`${userId}:`, `${userId}:\uffff`));
    request.onsuccess = () => done(request.result as string[]);
  });
}

/** The queue of one person and project in IndexedDB. A readwrite transaction is the step that no tab comes between. */
export function browserOutboxStore(owner: string): OutboxStore {
  return {
    read: () =>
      transact('outbox', 'readonly', (store, done) => {
        const request = store.index('owner').getAll(owner);
        request.onsuccess = () => done((request.result as OutboxItem[]).sort(byOrder));
      }),
    update: (rule, before) =>
      transact('outbox', 'readwrite', (store, done) => {
        const request = store.index('owner').getAll(owner);
        request.onsuccess = () => {
          const stored = (request.result as OutboxItem[]).sort(byOrder);
          const items = applyChange(stored, before);
          const next = applyChange(items, rule(items));
          const left = new Set(next);
          const keys = new Set(next.map((item) => item.key));
          for (const item of stored) {
            if (!keys.has(item.key)) store.delete(item.key);
            // Untouched: it is the very object that was read.
            left.delete(item);
          }
          for (const item of left) store.put(item);
          done(next);
        };
      }),
  };
}
