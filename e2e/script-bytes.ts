import { gzipSync } from 'node:zlib';
import type { Page, Request } from '@playwright/test';

/** Compressed bytes (gzip) of every script that the page asks for while `open` runs. */
export async function scriptBytes(page: Page, open: () => Promise<void>): Promise<number> {
  const scripts: Request[] = [];
  const keep = (request: Request) => {
    if (request.resourceType() === 'script') scripts.push(request);
  };
  page.on('request', keep);
  await open();
  page.off('request', keep);
  const bodies = await Promise.all(scripts.map(async (request) => (await request.response())!.body()));
  return bodies.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0);
}

/** For `addInitScript`: on a page that is never idle, what is fetched ahead of need is not fetched at all. */
export function neverIdle(): void {
  window.requestIdleCallback = () => 0;
}
