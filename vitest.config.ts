import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What every op is tried with, and the emulated GPU, take minutes: begun last, they would leave the other cores idle. */
const SLOW = /from '.*\/(testing-device|contract-suite)'/;

class SlowFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isSlow = new Map(sorted.map((file) => [file, SLOW.test(readFileSync(file.moduleId, 'utf8'))]));
    return [...sorted.filter((file) => isSlow.get(file)), ...sorted.filter((file) => !isSlow.get(file))];
  }
}

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, '') } },
  test: {
    include: ['{app,components,lib,trainer,cli,drizzle,public,e2e}/**/*.test.{ts,tsx}'],
    globalSetup: ['lib/db/testing-postgres.ts', 'lib/db/testing-worker.mjs'],
    // One fewer is the default, and leaves one of two cores idle.
    maxWorkers: availableParallelism(),
    sequence: { sequencer: SlowFilesFirst },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
