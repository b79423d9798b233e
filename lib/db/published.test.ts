import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** Queries by project that do not begin with `isPublished`, and why. */
const others = [
  // The gaps that it looks into end where the published prompts do.
  'lib/db/prompts.ts',
  // Is what says it.
  'lib/db/published.ts',
  // Works behind what people see: twice.
  ...['lib/db/staging.ts', 'lib/db/staging.ts'],
];

// Control: left out of the list, the first of them is found.
it('every query that starts from a project’s prompts sees the published ones alone', () => {
  const sources = ['lib', 'app']
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
    .filter((path) => /(?<!\.test|\.test-support)\.ts$/.test(path));
  expect(sources.length).toBeGreaterThan(100);
  const byProject = (path: string) => readFileSync(path, 'utf8').match(/eq\(prompts\.projectId,/g) ?? [];
  expect(sources.flatMap((path) => byProject(path).map(() => path)).sort()).toEqual(others);
});
