import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkFiles } from './check-files';

const names = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors'];
let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'check-files-'));
  for (const name of names) await cp(join('public/models/demo', name), join(dir, name));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const check = () => checkFiles(new Map(names.map((name) => [name, join(dir, name)])));

describe('a model that cannot be checked', () => {
  it('is taken when nothing is wrong with it', async () => {
    expect((await check()).parameters).toBeGreaterThan(1e6);
  });

  it('is refused with the reason, whatever the system says', async () => {
    await rm(join(dir, 'tokenizer.json'));
    await mkdir(join(dir, 'tokenizer.json'));
    await expect(check()).rejects.toMatchObject({
      code: 'invalid',
      translatable: { values: { reason: { key: 'trainer.cannotBeRead', values: { detail: 'EISDIR' } } } },
    });
  });

  it('is refused with the reason, however its files break what reads them', async () => {
    const depth = 100_000;
    const nested = `${'{"type":"Sequence","normalizers":['.repeat(depth)}${']}'.repeat(depth)}`;
    await writeFile(
      join(dir, 'tokenizer.json'),
      `{"model":{"type":"BPE","vocab":{},"merges":[]},"normalizer":${nested}}`,
    );
    await expect(check()).rejects.toMatchObject({
      code: 'invalid',
      translatable: { values: { reason: { values: { file: 'tokenizer.json' } } } },
    });
  });
});
