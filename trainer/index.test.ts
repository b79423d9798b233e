import { readFileSync } from 'node:fs';
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

it('every name of the public door stands in docs/trainer-api.md (npm run docs:api makes it)', () => {
  const read = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');
  const exported = [...read('./index.ts').matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, names = '']) =>
    names.split(',').map((name) => name.trim().replace(/^type /, '')),
  );
  const documented = new Set([...read('../docs/trainer-api.md').matchAll(/^### (\w+)/gm)].map(([, name]) => name));
  expect(exported.length).toBeGreaterThan(50);
  expect(exported.filter((name) => name !== '' && !documented.has(name))).toEqual([]);
});
