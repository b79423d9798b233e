/** Disables one protection in the page, so that a test can prove that it detects the failure. */
import type { BrowserContext, Page } from '@playwright/test';

/** Disables IndexedDB: unsent work exists only in the page's memory. */
export function withoutIndexedDb(context: BrowserContext): Promise<unknown> {
  return context.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('taken out by a test', 'InvalidStateError');
    };
  });
}

/** Disables Web Locks: tabs send independently of each other. */
export function withoutLocks(context: BrowserContext): Promise<unknown> {
  return context.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'locks', { value: undefined });
  });
}

/** Gives each retry a new idempotency key. */
export async function newKeyEachTry(page: Page): Promise<void> {
  await page.addInitScript(rewriteKeys);
  await page.evaluate(rewriteKeys);
}

function rewriteKeys(): void {
  const send = window.fetch;
  window.fetch = (input, init) => {
    if (init?.method === 'POST' && String(input).endsWith('/annotations')) {
      const body = { ...JSON.parse(String(init.body)), idempotencyKey: crypto.randomUUID() };
      return send(input, { ...init, body: JSON.stringify(body) });
    }
    return send(input, init);
  };
}
