/**
 * Bundles the command line into dist/cli: one file per entry point, so that `rescue loss` never loads what
 * `rescue serve` needs. Packages are not bundled; they are imported from node_modules.
 */
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** The server's worker threads. Tests bundle them too, so that they never run outdated ones. */
export const threads = {
  'agreement-worker': 'lib/services/agreement-worker.ts',
  'embedded-worker': 'lib/db/embedded-worker.ts',
  'import-reading-worker': 'lib/services/import-reading-worker.ts',
  'judgement-model-worker': 'lib/services/judgement-model-worker.ts',
  'parse-file-worker': 'lib/services/parse-file-worker.ts',
};

const entries = {
  ...threads,
  main: 'cli/main.ts',
  serve: 'cli/serve.ts',
  backup: 'cli/backup.ts',
  admin: 'cli/admin.ts',
  export: 'cli/export.ts',
  remote: 'cli/remote.ts',
  'pretrain-demo': 'trainer/cli/pretrain-demo.ts',
  esnli: 'trainer/bench/esnli.ts',
};

/** @param {Record<string, string>} wanted name in dist/cli without .mjs -> path of the source */
export async function bundle(wanted) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(Object.entries(wanted).filter(([, path]) => existsSync(resolve(root, path)))),
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

  // Files are renamed into place, so that a command that starts meanwhile loads the old bundle or the new one, never a
  // part.
  for (const { path, contents } of outputFiles) {
    await mkdir(dirname(path), { recursive: true });
    const temporary = `${path}.${process.pid}.tmp`;
    await writeFile(temporary, contents);
    await rename(temporary, path);
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await bundle(entries);
