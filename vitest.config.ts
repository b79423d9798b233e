import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, '') } },
  test: {
    include: ['{app,components,lib,trainer,cli,drizzle,public,e2e}/**/*.test.{ts,tsx}'],
    globalSetup: ['lib/db/testing-postgres.ts', 'lib/db/testing-worker.mjs'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
