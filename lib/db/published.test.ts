import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** What works behind what people see, and says so. */
const behind = ['lib/db/published.ts', 'lib/db/staging.ts'];

// Control: left out of the list, the first of them is found.
it('every query that starts from a project’s prompts sees the published ones alone', () => {
  const sources = ['lib', 'app']
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
    .filter((path) => /(?<!\.test|\.test-support)\.ts$/.test(path));
  expect(sources.length).toBeGreaterThan(100);
  const byProject = (path: string) => /eq\(prompts\.projectId,/.test(readFileSync(path, 'utf8'));
  expect(sources.filter(byProject).sort()).toEqual(behind);
});
