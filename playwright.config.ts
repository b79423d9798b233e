import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';
import { chromiumFlags, findChromium } from './e2e/browser';

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  // Absolute, since e2e/screenshots begins from this file.
  globalSetup: fileURLToPath(new URL('./e2e/template.ts', import.meta.url)),
  // Each file has a server and a browser of its own, so two files share two cores; tests of a file come after each other.
  workers: 2,
  timeout: 120_000,
  // One more try where nobody watches: the report names what needed it as flaky, so that it is mended and not hidden.
  retries: process.env.CI ? 1 : 0,
  expect: { timeout: 15_000 },
  reporter: process.env.CI ? [['list']] : [['list'], ['html', { open: 'never' }]],
  use: {
    // Taken of every test, it is a third of what browser specs cost: `npx playwright test --trace on` for one's own.
    trace: 'on-first-retry',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: findChromium(),
      args: chromiumFlags,
    },
  },
});
