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
  ['lib/db/example.ts', '@/lib/auth/permissions'],
  ['lib/db/example.ts', '../services/save-annotation'],
  ['lib/backup/example.ts', '@/lib/services/save-annotation'],
  ['lib/auth/example.ts', '@/lib/services/save-annotation'],
  ['lib/services/example.ts', '@/app/layout'],
  ['lib/services/example.ts', 'next/headers'],
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

/** Lints one-import files, each in a folder of a copy of the tree's shape, and returns which of them were refused. */
function refused(cases: [string, string][]): Set<string> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'boundaries-')));
  folders.push(root);
  copyFileSync('biome.json', join(root, 'biome.json'));
  spawnSync('git', ['init', '-q'], { cwd: root });
  cases.forEach(([path, target], index) => {
    const file = join(root, path.replace('example', `example-${index}`));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `import { x } from '${target}';\n\nconsole.log(x);\n`);
  });
  const run = spawnSync(resolve('node_modules/.bin/biome'), ['lint', '--reporter=json', '--max-diagnostics=500', '.'], {
    cwd: root,
    encoding: 'utf8',
  });
  const report = JSON.parse(run.stdout) as { diagnostics: { category: string; location: { path: string } }[] };
  return new Set(
    report.diagnostics
      .filter((diagnostic) => diagnostic.category === 'lint/style/noRestrictedImports')
      .map((diagnostic) => /example-(\d+)/.exec(diagnostic.location.path)?.[1] ?? ''),
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
});
