/** Playwright's globalSetup: creates the empty database that every test server gets a copy of. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer, TEMPLATE } from './server';

export default async function makeTemplate(): Promise<() => void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rescue-template-'));
  const server = await startServer({ dataDir });
  const code = await server.stop();
  if (code !== 0) throw new Error(`The server whose database was to be copied ended with ${code}.`);
  process.env[TEMPLATE] = dataDir;
  return () => rmSync(dataDir, { recursive: true, force: true });
}
