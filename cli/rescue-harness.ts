/** A harness for tests of the command line: the built command, a tiny model with a tokenizer, and data for it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect } from 'vitest';
import { jsonl, records, tinyConfig, writeTinyModel } from '../trainer/fixtures/tiny-command-line';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const rescueFile = join(root, 'cli/rescue.mjs');
const dir = mkdtempSync(join(tmpdir(), 'rescue-cli-'));
/** A path in this test file's temporary folder. */
export const tempPath = (...names: string[]) => join(dir, ...names);

/** Runs the real command line as a child process. */
export function rescue(...argv: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [rescueFile, ...argv], { encoding: 'utf8', cwd: dir });
  return { status, stdout, stderr };
}

export { jsonl, records, tinyConfig };

/**
 * Call it at the top of a test file: it builds the command line and writes a model, and deletes the folder at the end.
 */
export function prepareCommandLine(): void {
  beforeAll(async () => {
    const build = spawnSync(process.execPath, [join(root, 'cli/build.mjs')], { encoding: 'utf8' });
    expect(build.stderr).toBe('');
    await writeTinyModel(tempPath('model'));
    await writeTinyModel(tempPath('misfit'), 200);
    writeFileSync(tempPath('data.jsonl'), jsonl(records));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
}
