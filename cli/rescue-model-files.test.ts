import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { startHubServer } from '../trainer/fixtures/hub-server';
import { type WholeModel, writeWholeModel } from '../trainer/fixtures/whole-model';
import { at, prepareCommandLine, rescue, rescueFile } from './rescue-harness';

prepareCommandLine();

const training = ['--data', at('data.jsonl'), '--epochs', '1', '--backend', 'wasm'];

function expectKept(out: string, { kept }: WholeModel): void {
  for (const [name, bytes] of kept) {
    expect(Buffer.compare(readFileSync(at(out, name)), bytes), `${out}/${name}`).toBe(0);
  }
  expect(readdirSync(at(out))).not.toContain('README.md');
}

it('a trained and a merged model keep every file that training leaves as it is, byte for byte', async () => {
  const model = await writeWholeModel(at('whole'));
  expect(rescue('train', '--model', at('whole'), ...training, '--out', at('trained')).stderr).not.toContain('rror');
  expectKept('trained', model);
  rescue('train', '--model', at('whole'), ...training, '--lora-rank', '2', '--out', at('adapter'));
  const merged = rescue('merge', '--model', at('whole'), '--adapter', at('adapter'), '--out', at('merged'));
  expect(merged).toMatchObject({ status: 0, stderr: '' });
  expectKept('merged', model);
});

it('and so does one from a hub', async () => {
  const model = await writeWholeModel(at('whole'), { sharded: true });
  const hub = await startHubServer();
  for (const [name, bytes] of model.all) hub.files.set(`owner/name/c0ffee/${name}`, bytes);
  const argv = ['train', '--model', `${hub.origin}/owner/name`, ...training, '--out', at('from-hub')];
  const env = { ...process.env, RESCUE_CACHE: at('cache') };
  const child = spawn(process.execPath, [rescueFile, ...argv], { cwd: at('.'), env, stdio: 'ignore' });
  expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(0);
  await hub.close();
  expectKept('from-hub', model);
});
