/** A partial copy of a data directory: no server may begin anew over it. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { startRefused, startServer } from '../server';

test('a server over a damaged database refuses with a sentence and without a link for a first administrator', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'rescue-damaged-'));
  try {
    mkdirSync(join(dataDir, 'database/base'), { recursive: true });
    writeFileSync(join(dataDir, 'database/postgresql.conf'), '');
    const { code, log } = await startRefused({ dataDir });
    expect(code).toBe(1);
    expect(log).toContain(`The database in ${join(dataDir, 'database')} is damaged: `);
    expect(log).toContain('Restore a backup');
    expect(log).not.toContain('first administrator');
    expect(log).not.toMatch(/\n\s+at /);
    expect(readdirSync(join(dataDir, 'database')).sort()).toEqual(['base', 'postgresql.conf']);
    // The control: the same place without the remains.
    rmSync(join(dataDir, 'database'), { recursive: true });
    const server = await startServer({ dataDir });
    expect(server.setupUrl).toContain('/invite/');
    await server.stop();
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
