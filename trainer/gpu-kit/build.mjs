// npm run gpu-kit [-- --out=folder]: makes a folder that measures a GPU where nothing is installed (start.sh says how).
// Node and Dawn are packed with xz; a Vulkan loader joins where this machine has one.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));
const flag = (name) => process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
const out = flag('out') ?? `${root}dist/gpu-kit`;
/** What a machine that is lent takes along at most, with some room. */
const MOST_BYTES = 55 * 2 ** 20;

rmSync(out, { recursive: true, force: true });
const folder = (path) => {
  mkdirSync(join(out, path), { recursive: true });
  return join(out, path);
};

// Each bundle lies where its sources find their fixtures and scripts.
for (const [source, bundle] of [
  ['measure.ts', 'trainer/bench/measure.mjs'],
  ['suite.ts', 'trainer/fixtures/suite.mjs'],
]) {
  await build({
    entryPoints: [`${here}${source}`],
    outfile: join(out, bundle),
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['webgpu'],
    alias: { vitest: `${here}test-runner.ts` },
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    logLevel: 'error',
  });
}
for (const name of ['step-torch.py', 'blas.py'])
  cpSync(`${root}trainer/bench/${name}`, join(folder('trainer/bench'), name));
for (const name of ['tiny-llama', 'goldens', 'variants']) {
  cpSync(`${root}trainer/fixtures/${name}`, join(folder('trainer/fixtures'), name), { recursive: true });
}
cpSync(`${here}start.sh`, join(out, 'start.sh'));
writeFileSync(join(out, 'package.json'), '{ "type": "module" }\n');

const webgpu = `${root}node_modules/webgpu`;
const dawn = folder('node_modules/webgpu/dist/linux-x64');
for (const name of ['index.js', 'package.json', 'LICENSE']) {
  if (existsSync(join(webgpu, name))) cpSync(join(webgpu, name), join(out, 'node_modules/webgpu', name));
}
pack(join(webgpu, 'dist/linux-x64/dawn.node'), join(dawn, 'dawn.node'));
pack(process.execPath, join(out, 'node'));
const loader = ['/usr/lib/x86_64-linux-gnu/libvulkan.so.1', '/usr/lib/chromium/libvulkan.so.1'].find(existsSync);
if (loader) cpSync(loader, join(folder('lib'), 'libvulkan.so.1'), { dereference: true });
else
  console.warn('No Vulkan loader found here (Debian: libvulkan1): the kit needs one on the machine that it measures.');

/** A stripped, packed copy: `to` with ".xz" behind it. */
function pack(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { dereference: true });
  try {
    execFileSync('strip', [to], { stdio: 'ignore' });
  } catch {
    // Without binutils the copy is larger, and works as well.
  }
  execFileSync('xz', ['-6', '-T0', to]);
}

const bytes = readdirSync(out, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
console.log(`${out}: ${(bytes / 2 ** 20).toFixed(1)} MiB`);
if (bytes > MOST_BYTES) throw new Error(`a kit may have ${MOST_BYTES / 2 ** 20} MiB`);
