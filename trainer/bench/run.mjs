// npm run bench [name ...] [-- flags]: bundles each named *.bench.ts (all of them when none is named) and runs it in a
// process of its own. --relaxed also measures the relaxed SIMD kernels on a Node that hides them behind a flag.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));
const flags = process.argv.slice(2).filter((argument) => argument.startsWith('-'));
const named = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
/** Name -> file, of the trainer and of the app in a browser. */
const files = new Map(
  [here, `${root}e2e/bench/`].flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith('.bench.ts'))
      .map((file) => [file.slice(0, -'.bench.ts'.length), `${folder}${file}`]),
  ),
);
const known = [...files.keys()];

for (const name of named) {
  if (!known.includes(name)) {
    console.error(`There is no bench "${name}". Known: ${known.join(', ')}.`);
    process.exit(2);
  }
}
const hidden = flags.includes('--relaxed') && Number(process.versions.node.split('.')[0]) < 21;
for (const name of named.length > 0 ? named : known) {
  const outfile = `${root}dist/bench/${name}.mjs`;
  await build({
    entryPoints: [files.get(name)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    // webgpu, esbuild, PGlite and the tokenizers find their native parts beside their own files.
    external: ['@playwright/test', '@anush008/tokenizers', 'webgpu', 'esbuild', '@electric-sql/*'],
    // tfjs registers its gradients only in its module build, whose emscripten part still expects CommonJS.
    mainFields: ['module', 'main'],
    banner: {
      js: [
        "import { createRequire as requireFrom } from 'node:module'; import { dirname as folderOf } from 'node:path';",
        "import { fileURLToPath as pathOfThisFile } from 'node:url'; const require = requireFrom(import.meta.url);",
        'const __filename = pathOfThisFile(import.meta.url); const __dirname = folderOf(__filename);',
      ].join('\n'),
    },
    logLevel: 'error',
  });
  console.log(`\n# ${name}`);
  const nodeFlags = hidden ? ['--experimental-wasm-relaxed-simd'] : [];
  const { status } = spawnSync(process.execPath, [...nodeFlags, outfile, ...flags], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
