/**
 * `npm run build`: builds the web app and stores a hash of its sources, so that `npm start` builds only when needed.
 */
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundle, threads } from './build.mjs';
import { isBuilt, sourceHash, stampPath } from './source-hash.mjs';

const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * Builds the app and the server's worker threads, so that both have the same version. @returns whether the build
 * succeeded
 */
async function buildApp(root = projectRoot) {
  rmSync(stampPath(root), { force: true });
  const hash = sourceHash(root);
  const next = join(dirname(createRequire(join(root, 'package.json')).resolve('next/package.json')), 'dist/bin/next');
  const { status } = spawnSync(process.execPath, [next, 'build'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
  });
  if (status !== 0) return false;
  await bundle(threads);
  writeFileSync(stampPath(root), hash);
  return true;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (process.argv.includes('--if-needed') && isBuilt(projectRoot)) process.exit(0);
  process.exit((await buildApp()) ? 0 : 1);
}
