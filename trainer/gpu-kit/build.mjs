// npm run gpu-kit [-- --out=folder] [--programs-only]: makes a folder that measures a GPU where nothing is installed
// (start.sh says how). Node and Dawn are packed with xz; libraries of graphics join where this machine has them.
// --programs-only leaves these out: then the folder has to lie where Node finds the package `webgpu`.
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

/** Vulkan's loader, and what NVIDIA's Vulkan driver asks for on machines without a display. */
const LIBRARIES = ['libvulkan.so.1', 'libGLdispatch.so.0', 'libGLX.so.0', 'libGL.so.1', 'libEGL.so.1'];

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

if (!process.argv.includes('--programs-only')) addRuntime();

const bytes = readdirSync(out, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
console.log(`${out}: ${(bytes / 2 ** 20).toFixed(1)} MiB`);
if (bytes > MOST_BYTES) throw new Error(`a kit may have ${MOST_BYTES / 2 ** 20} MiB`);

/** Node, Dawn, and libraries of graphics. */
function addRuntime() {
  const webgpu = `${root}node_modules/webgpu`;
  const dawn = folder('node_modules/webgpu/dist/linux-x64');
  for (const name of ['index.js', 'package.json', 'LICENSE']) {
    if (existsSync(join(webgpu, name))) cpSync(join(webgpu, name), join(out, 'node_modules/webgpu', name));
  }
  pack(join(webgpu, 'dist/linux-x64/dawn.node'), join(dawn, 'dawn.node'));
  pack(process.execPath, join(out, 'node'));
  for (const name of LIBRARIES) {
    const path = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/chromium'].map((at) => join(at, name)).find(existsSync);
    if (path) cpSync(path, join(folder('lib'), name), { dereference: true });
    else
      console.warn(`${name} is not here (Debian: libvulkan1, libegl1, libgl1): a headless machine may lack it, too.`);
  }
}

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
