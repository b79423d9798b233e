// Compiles assembly/ four times ({SIMD, relaxed SIMD} x {one thread, threads}) and writes build/kernels.ts with all of
// them as base64 strings: an ordinary module, so that Node, vitest, esbuild and a bundled Web Worker all load the
// kernels the same way.
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const here = fileURLToPath(new URL('.', import.meta.url));
const threads = ['assembly/calls.ts', '--enable', 'threads', '--sharedMemory', '--importMemory'];
const builds = {
  simd: ['--enable', 'simd'],
  'relaxed-simd': ['--enable', 'simd', '--enable', 'relaxed-simd'],
  'simd-threads': ['--enable', 'simd', ...threads],
  'relaxed-simd-threads': ['--enable', 'simd', '--enable', 'relaxed-simd', ...threads],
};

/** 64 pages hold the static data and one scratch region; 65536 pages are the 4 GiB of a 32-bit memory. */
async function compile(options) {
  let binary;
  const { error, stderr } = await asc.main(
    [
      'assembly/index.ts',
      '--baseDir',
      here,
      ...options,
      ...['--runtime', 'stub', '-O3', '--noAssert', '--uncheckedBehavior', 'always'],
      ...['--initialMemory', '64', '--maximumMemory', '65536', '--outFile', 'out.wasm'],
    ],
    {
      writeFile: (_name, contents) => {
        binary = contents;
      },
    },
  );
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  return Buffer.from(binary).toString('base64');
}

let entries = '';
for (const [name, options] of Object.entries(builds)) entries += `  '${name}': '${await compile(options)}',\n`;
const source = `/** Made by trainer/backends/wasm/build.mjs from assembly/: the kernels' bytes in base64. */
export const kernelBytes = {
${entries}};
`;
await mkdir(`${here}build`, { recursive: true });
// Renamed into place: somebody may be importing the old file right now.
const temporary = `${here}build/kernels.${process.pid}.tmp`;
await writeFile(temporary, source);
await rename(temporary, `${here}build/kernels.ts`);
