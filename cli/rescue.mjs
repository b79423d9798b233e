#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const bundle = fileURLToPath(new URL('../dist/cli/main.mjs', import.meta.url));
if (existsSync(bundle)) {
  const { main } = await import(pathToFileURL(bundle).href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  console.error(
    `rescue: the command line is not built yet (${bundle} is missing). Run "npm ci" or "npm run build:cli".`,
  );
  process.exitCode = 1;
}
