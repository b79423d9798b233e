import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

it('bundles for a browser worker: nothing in the public door needs Node', async () => {
  const { metafile, outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./index.ts', import.meta.url))],
    bundle: true,
    platform: 'browser',
    format: 'esm',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const [output] = Object.values(metafile.outputs);
  expect(output!.imports.filter(({ external }) => external)).toEqual([]);
  expect(output!.exports).toEqual(expect.arrayContaining(['createBackend', 'loadModel', 'scoreRecords', 'train']));
  expect(outputFiles[0]!.text).not.toContain('node:');
});
