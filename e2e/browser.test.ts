import { chromium } from '@playwright/test';
import { expect, it } from 'vitest';
import { chromiumFlags, findChromium } from './browser';

const turnedOff = (flags: readonly string[]) =>
  flags
    .findLast((flag) => flag.startsWith('--disable-features='))!
    .split('=')[1]!
    .split(',');

it('what Playwright turns off in Chromium stays off', async () => {
  const server = await chromium.launchServer({ executablePath: findChromium(), args: ['--no-sandbox'] });
  const { spawnargs } = server.process();
  await server.close();
  // Those of "ms" are Edge's.
  const theirs = turnedOff(spawnargs).filter((name) => !name.startsWith('ms'));
  expect(theirs.length).toBeGreaterThan(5);
  expect(turnedOff(chromiumFlags)).toEqual(expect.arrayContaining(theirs));
});
