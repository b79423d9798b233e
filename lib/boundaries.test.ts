import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const forbidden: [string, string][] = [
  ['lib/ranking/example.ts', '@/lib/db/client'],
  ['lib/ranking/example.ts', '../services/save-annotation'],
  ['lib/formats/example.ts', 'node:fs'],
  ['lib/schemas/example.ts', 'drizzle-orm/pg-core'],
  ['lib/formats/example.ts', '@/trainer/model/llama'],
  ['lib/containers/example.ts', '@/lib/db/client'],
  ['lib/containers/example.ts', '../services/save-annotation'],
  ['lib/containers/example.ts', '@/trainer/model/llama'],
  ['lib/db/example.ts', '@/lib/auth/permissions'],
  ['lib/db/example.ts', '../services/save-annotation'],
  ['lib/backup/example.ts', '@/lib/services/save-annotation'],
  ['lib/auth/example.ts', '@/lib/services/save-annotation'],
  ['lib/services/example.ts', '@/app/layout'],
  ['lib/services/example.ts', 'next/headers'],
  ['lib/http/example.ts', '@/app/layout'],
  ['lib/http/example.ts', '@/components/ui/api'],
  ['lib/http/example.ts', '@/trainer/model/llama'],
  ['lib/i18n/example.ts', '@/lib/db/client'],
  ['lib/i18n/example.ts', '../services/save-annotation'],
  ['lib/i18n/example.ts', '@/components/ui/api'],
  ['app/example.ts', '@/lib/db/client'],
  ['app/api/projects/example.ts', '@/drizzle/schema'],
  ['app/api/projects/example.ts', 'drizzle-orm'],
  ['app/api/projects/example.ts', '@/trainer/model/llama'],
  ['cli/example.ts', '../app/layout'],
  ['cli/example.ts', '../components/ui/api'],
  ['cli/example.ts', '../lib/services/save-annotation'],
  ['drizzle/schema/example.ts', '../../lib/db/client'],
  ['drizzle/schema/example.ts', '@/lib/schemas/remarks'],
  ['drizzle/schema/example.ts', '../../trainer/model/llama'],
  ['e2e/journeys/example.ts', '@/lib/services/save-annotation'],
  ['e2e/journeys/example.ts', '../../drizzle/schema'],
  ['app/example.ts', '@/e2e/server'],
  ['cli/example.ts', '../e2e/server'],
  ['lib/db/example.ts', '@/e2e/server'],
  ['lib/db/example.ts', '@/cli/main'],
  ['lib/services/example.ts', '@/e2e/server'],
  ['components/train/example.ts', '@/e2e/server'],
  ['trainer/model/example.ts', '../../e2e/server'],
  ['components/ui/example.ts', '@/components/account/use-me'],
  ['components/ui/example.ts', '../account/use-me'],
  ['components/ui/example.ts', '@/lib/db/client'],
  ['components/charts/example.ts', '@/components/train/run-store'],
  ['components/content/example.ts', '@/components/annotate/board/board-state'],
  ['components/content/example.ts', '@/lib/services/save-annotation'],
  ['components/annotate/example.ts', '@/lib/db/client'],
  ['components/annotate/example.ts', '@/trainer/model/llama'],
  ['components/annotate/outbox/example.ts', '@/components/ui/api'],
  ['components/annotate/outbox/example.ts', '../board/board-state'],
  ['components/annotate/outbox/example.ts', 'react'],
  ['lib/schemas/example.ts', '@/components/annotate/outbox/outbox-rules'],
  ['lib/services/example.ts', '@/components/annotate/outbox/outbox-rules'],
  ['trainer/model/example.ts', '@/lib/schemas/snapshot'],
  ['trainer/model/example.ts', '../../lib/schemas/snapshot'],
  ['trainer/contract/example.ts', '../io/model-files'],
  ['trainer/contract/example.ts', '@/lib/schemas/snapshot'],
  ['trainer/contract/example.ts', 'node:fs'],
  ['lib/schemas/example.ts', '@/trainer/model/config'],
];
const allowed: [string, string][] = [
  ['lib/ranking/example.ts', '@/lib/schemas/snapshot'],
  ['lib/formats/example.ts', '@/trainer/data/json-lines'],
  ['lib/db/example.ts', '@/drizzle/schema'],
  ['lib/backup/example.ts', '../db/migrate'],
  ['lib/auth/example.ts', '@/lib/db/client'],
  ['lib/services/example.ts', '@/lib/auth/permissions'],
  ['lib/http/example.ts', '@/lib/services/save-annotation'],
  ['lib/http/example.ts', '@/lib/db/client'],
  ['lib/http/example.ts', 'next/server'],
  ['lib/i18n/example.ts', '@/messages/en.json'],
  ['lib/i18n/example.ts', '@/trainer/contract/message'],
  ['app/example.ts', '@/components/shell/app-shell'],
  ['app/api/projects/example.ts', '@/lib/http/route'],
  ['app/api/projects/example.ts', '@/lib/services/save-annotation'],
  ['cli/example.ts', '../lib/backup/write-backup'],
  ['cli/example.ts', '../trainer/cli/train'],
  ['drizzle/schema/example.ts', '../../lib/schemas/remarks'],
  ['drizzle/schema/example.ts', '../../trainer/contract/ids'],
  ['drizzle/schema/example.ts', 'drizzle-orm/pg-core'],
  ['e2e/journeys/example.ts', '../../lib/schemas/annotation'],
  ['e2e/journeys/example.ts', '../server'],
  ['components/ui/example.ts', './button'],
  ['components/ui/example.ts', '@/lib/schemas/tier-rules'],
  ['components/content/example.ts', '@/components/ui/button'],
  ['components/train/example.ts', '@/components/charts/series'],
  ['components/annotate/example.ts', '@/lib/ranking/tiers'],
  ['components/annotate/outbox/example.ts', '@/lib/schemas/draft'],
  ['components/annotate/outbox/example.ts', './outbox-rules'],
  ['components/train/example.ts', '@/trainer/index'],
  ['trainer/model/example.ts', '../backends/backend'],
  ['trainer/model/example.ts', '../contract/model-files'],
  ['trainer/contract/example.ts', './model-files'],
  ['trainer/contract/example.ts', 'zod'],
  ['lib/schemas/example.ts', '@/trainer/contract/model-files'],
  ['lib/db/example.ts', '@/trainer/contract/model-files'],
  ['components/train/example.ts', '@/trainer/contract/model-files'],
];

/** What the project's lint rules say of files by path, in a folder of their own: the rule and the file. */
function diagnosed(files: Record<string, string>): { rule: string; path: string }[] {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'boundaries-')));
  folders.push(root);
  copyFileSync('biome.json', join(root, 'biome.json'));
  spawnSync('git', ['init', '-q'], { cwd: root });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  const run = spawnSync(resolve('node_modules/.bin/biome'), ['lint', '--reporter=json', '--max-diagnostics=500', '.'], {
    cwd: root,
    encoding: 'utf8',
  });
  const report = JSON.parse(run.stdout) as { diagnostics: { category: string; location: { path: string } }[] };
  return report.diagnostics.map(({ category, location }) => ({ rule: category, path: location.path }));
}

/** The numbers of the imports that are refused. */
function refused(cases: [string, string][]): Set<string> {
  const files = cases.map(([path, target], index) => [
    path.replace('example', `example-${index}`),
    `import { x } from '${target}';\n\nconsole.log(x);\n`,
  ]);
  return new Set(
    diagnosed(Object.fromEntries(files))
      .filter(({ rule }) => rule === 'lint/style/noRestrictedImports')
      .map(({ path }) => /example-(\d+)/.exec(path)?.[1] ?? ''),
  );
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe('the import boundaries of ARCHITECTURE.md are held by lint', () => {
  const seen = refused([...forbidden, ...allowed]);
  it.each(forbidden.map(([path, target], index) => ({ path, target, index })))(
    '$path may not import $target',
    ({ index }) => {
      expect(seen).toContain(String(index));
    },
  );
  it.each(allowed.map(([path, target], index) => ({ path, target, index })))(
    '$path may import $target',
    ({ index }) => {
      expect(seen).not.toContain(String(index + forbidden.length));
    },
  );

  it('no file imports itself by way of others, not even for a type', () => {
    const cycles = diagnosed({
      'lib/ranking/first.ts': "import type { Second } from './second';\n\nexport type First = { second?: Second };\n",
      'lib/ranking/second.ts': "import type { First } from './first';\n\nexport type Second = { first?: First };\n",
      'lib/ranking/third.ts': "import type { First } from './first';\n\nexport type Third = { first: First };\n",
    }).filter(({ rule }) => rule === 'lint/suspicious/noImportCycles');
    expect(cycles.map(({ path }) => path).sort()).toEqual(['lib/ranking/first.ts', 'lib/ranking/second.ts']);
  });
});
