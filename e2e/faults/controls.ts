/** Takes one guard out of the page, so that a test can show that it would notice. */
import type { BrowserContext, Page } from '@playwright/test';

/** The browser keeps nothing: unsent work lives in the page alone. */
export function withoutIndexedDb(context: BrowserContext): Promise<unknown> {
  return context.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('taken out by a test', 'InvalidStateError');
    };
  });
}

/** Tabs know nothing of each other's sending. */
export function withoutLocks(context: BrowserContext): Promise<unknown> {
  return context.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'locks', { value: undefined });
  });
}

/** A retry does not say that it is one. */
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
