/** Checks whether `.next` was built from the current sources. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The sources of the web app. Tests, the command line and the demo's data are not part of it. */
const sources = [
  'app',
  'components',
  'drizzle/schema',
  'instrumentation.ts',
  'lib',
  'messages',
  'next.config.mjs',
  'package-lock.json',
  'postcss.config.mjs',
  'proxy.ts',
  'trainer',
  'tsconfig.json',
];

const skipped = /(^|\/)(fixtures|bench|cli)$|\.test\.tsx?$|\.md$|\.map$/;

export const stampPath = (root) => join(root, '.next', 'rescue-sources');

export function sourceHash(root) {
  const hash = createHash('sha256');
  hash.update(process.version.split('.')[0]);
  for (const path of sources) add(path);
  return hash.digest('hex');

  function add(path) {
    const full = join(root, path);
    if (!existsSync(full) || skipped.test(path)) return;
    if (statSync(full).isDirectory()) {
      for (const name of readdirSync(full).sort()) add(`${path}/${name}`);
    } else {
      hash.update(path).update('\0').update(readFileSync(full)).update('\0');
    }
  }
}

export function isBuilt(root) {
  const stamp = stampPath(root);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === sourceHash(root);
}
