import { expect, test } from '@playwright/test';
import { join } from '../people';
import { startRefused, startServer } from '../server';

test('a second server on the same data directory is refused with what to do, and harms nothing', async () => {
  const first = await startServer();
  try {
    const ada = await join(first, first.setupUrl, 'Ada');
    const refused = await startRefused({ dataDir: first.dataDir });
    expect(refused.code).toBe(1);
    expect(refused.log).toMatch(
      new RegExp(
        `Another Rescue Studio is using .* \\(process ${first.pid()}, since .*\\)\\. ` +
          'Stop it, or start this one with a different DATA_DIR\\.',
      ),
    );
    expect(refused.log).not.toContain('    at '); // A sentence, not a stack.
    expect((await ada.ask('GET', '/users')).status).toBe(200);

    // The control: killed, its lock stays behind, and the next server may take it over.
    await first.kill9();
    await first.restart();
    expect((await ada.ask('GET', '/users')).status).toBe(200);
    expect(first.setupUrl).toBe('');
  } finally {
    expect(await first.stop()).toBe(0);
  }
});

test('SIGTERM ends a server that is holding a connection open, with exit code 0', async () => {
  const server = await startServer();
  const started = Date.now();
  const open = fetch(`${server.url}/api/me`).then((answer) => answer.text());
  await open;
  expect(await server.stop()).toBe(0);
  // A generous bound that only a hanging server passes, not a measure of speed.
  expect(Date.now() - started).toBeLessThan(30_000);
});

test('a request that comes while the server starts gets an answer, and never hangs', async () => {
  const server = await startServer();
  try {
    await server.kill9();
    let done = false;
    const restarted = server.restart().then(() => {
      done = true;
    });
    const statuses: number[] = [];
    while (!done) {
      const answer = await fetch(`${server.url}/api/me`, { signal: AbortSignal.timeout(20_000) }).catch(
        (error: Error) => {
          if (error.name === 'TimeoutError') throw error;
          return null; // Nobody listens yet.
        },
      );
      if (answer) statuses.push(answer.status);
      await new Promise((next) => setTimeout(next, 20));
    }
    await restarted;
    expect(statuses).toContain(503);
    expect((await fetch(`${server.url}/api/me`)).status).toBe(200);
  } finally {
    await server.stop();
  }
});
