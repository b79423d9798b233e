/**
 * Bundles the command line into dist/cli: one file a door, so that `rescue loss` never loads what `rescue serve` needs.
 * Packages stay outside the bundles; `npm ci` has put them beside.
 */
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const entries = {
  main: 'cli/main.ts',
  serve: 'cli/serve.ts',
  'pretrain-demo': 'trainer/cli/pretrain-demo.ts',
  esnli: 'trainer/bench/esnli.ts',
};

const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: Object.fromEntries(Object.entries(entries).filter(([, path]) => existsSync(resolve(root, path)))),
  outdir: 'dist/cli',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  loader: { '.wasm': 'binary' },
  sourcemap: true,
  logLevel: 'warning',
  write: false,
});

// Renamed into place: a command that starts meanwhile gets the old bundle or the new, never half of one.
for (const { path, contents } of outputFiles) {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, contents);
  await rename(temporary, path);
}
