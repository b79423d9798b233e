import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ImportBatch } from './import-reading';
import { openImport } from './open-import';
import { startThread } from './thread';

/** Rows in a file of some 110 MB. */
const ROWS = 160_000;
/** What reading it may take. */
const MOST = 90 * 2 ** 20;

let folder: string;
const before = process.env.DATA_DIR;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rescue-memory-'));
  process.env.DATA_DIR = folder;
});
afterAll(() => {
  if (before === undefined) delete process.env.DATA_DIR;
  else process.env.DATA_DIR = before;
  rmSync(folder, { recursive: true, force: true });
});

async function write(name: string, lines: Iterable<string>, packed = false): Promise<string> {
  const path = join(folder, name);
  const file = createWriteStream(path);
  const into = packed ? createGzip({ level: 1 }) : file;
  if (packed) into.pipe(file);
  let text = '';
  for (const line of lines) {
    text += `${line}\n`;
    if (text.length < 2 ** 20) continue;
    if (!into.write(text)) await once(into, 'drain');
    text = '';
  }
  into.end(text);
  await once(file, 'finish');
  return path;
}

const words = 'says in a few sentences what was asked and why ';
function* prompts() {
  for (let i = 0; i < ROWS; i++) {
    const responses = [0, 1].map((n) => ({ text: `${i} ${n} ${words.repeat(6)}`, source: `m${n}` }));
    yield JSON.stringify({ id: `p${i}`, prompt: `Question ${i}?`, responses });
  }
}
/** The two rows of each prompt stand far from each other. */
function* preferences() {
  for (let i = 0; i < ROWS; i++) {
    const prompt = `Question ${i % (ROWS / 2)}?`;
    yield JSON.stringify({ prompt, chosen: `${i} good ${words.repeat(6)}`, rejected: `${i} bad ${words.repeat(6)}` });
  }
}

/** Reads to the end. @returns how many prompts there are, and by how much the process grew at most */
async function reading(next: () => Promise<ImportBatch | null>): Promise<{ count: number; grown: number }> {
  const start = process.memoryUsage.rss();
  let count = 0;
  let peak = start;
  for (let batch = await next(); batch; batch = await next()) {
    count += batch.prompts.length;
    peak = Math.max(peak, process.memoryUsage.rss());
  }
  return { count, grown: peak - start };
}

it.each([
  ['lines', ROWS, prompts, false],
  ['lines in gzip', ROWS, prompts, true],
  ['rows that wait for others far away', ROWS / 2, preferences, false],
] as const)('a file of 110 MB is never in memory: %s', { timeout: 180_000 }, async (name, expected, lines, packed) => {
  const path = await write(name, lines(), packed);
  const open = await openImport({ path, bytes: statSync(path).size }, undefined, 'job');
  try {
    const { count, grown } = await reading(() => open.next());
    expect(count).toBe(expected);
    expect(grown).toBeLessThan(MOST);
  } finally {
    await open.close();
  }
});

it('control: where rows wait in memory, the file is in memory', { timeout: 180_000 }, async () => {
  const path = await write('control', preferences());
  const thread = startThread('import-reading-worker', { file: { path }, folder: null });
  try {
    const { count, grown } = await reading(async () => (await thread.ask('next')) as ImportBatch | null);
    expect(count).toBe(ROWS / 2);
    expect(grown).toBeGreaterThan(1.5 * MOST);
  } finally {
    await thread.end();
  }
});
