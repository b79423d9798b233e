import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { startHubServer } from '../trainer/fixtures/hub-server';
import { type WholeModel, writeWholeModel } from '../trainer/fixtures/whole-model';
import { parseSafetensors, serializeSafetensors } from '../trainer/io/safetensors';
import { prepareCommandLine, rescue, rescueFile, tempPath } from './rescue-harness';

prepareCommandLine();

const training = ['--data', tempPath('data.jsonl'), '--epochs', '1', '--backend', 'wasm'];

function expectKept(out: string, { kept }: WholeModel): void {
  for (const [name, bytes] of kept) {
    expect(Buffer.compare(readFileSync(tempPath(out, name)), bytes), `${out}/${name}`).toBe(0);
  }
  expect(readdirSync(tempPath(out))).not.toContain('README.md');
}

it('a trained and a merged model keep every file that training does not change, byte for byte', async () => {
  const model = await writeWholeModel(tempPath('whole'));
  expect(rescue('train', '--model', tempPath('whole'), ...training, '--out', tempPath('trained')).stderr).not.toContain(
    'rror',
  );
  expectKept('trained', model);
  rescue('train', '--model', tempPath('whole'), ...training, '--lora-rank', '2', '--out', tempPath('adapter'));
  const merged = rescue(
    'merge',
    '--model',
    tempPath('whole'),
    '--adapter',
    tempPath('adapter'),
    '--out',
    tempPath('merged'),
  );
  expect(merged).toMatchObject({ status: 0, stderr: '' });
  expectKept('merged', model);
});

it('and so does one from a hub', async () => {
  const model = await writeWholeModel(tempPath('whole'), { sharded: true });
  const hub = await startHubServer();
  for (const [name, bytes] of model.all) hub.files.set(`owner/name/c0ffee/${name}`, bytes);
  const argv = ['train', '--model', `${hub.origin}/owner/name`, ...training, '--out', tempPath('from-hub')];
  const env = { ...process.env, RESCUE_CACHE: tempPath('cache') };
  const child = spawn(process.execPath, [rescueFile, ...argv], { cwd: tempPath('.'), env, stdio: 'ignore' });
  expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(0);
  await hub.close();
  expectKept('from-hub', model);
});

it.each([
  ['f32', 'F32', 'float32'],
  ['bf16', 'BF16', 'bfloat16'],
  ['f16', 'F16', 'float16'],
])('--dtype %s writes weights so, of a model, an adapter and what is merged', async (option, dtype, torch) => {
  await writeWholeModel(tempPath('whole'));
  const out = (name: string) => tempPath(`${name}-${option}`);
  const dtypes = (file: string) =>
    new Set([...parseSafetensors(readFileSync(file)).values()].map((tensor) => tensor.dtype));
  const train = (name: string, ...more: string[]) =>
    rescue('train', '--model', tempPath('whole'), ...training, '--dtype', option, '--out', out(name), ...more);
  expect(train('model').status).toBe(0);
  expect(train('lora', '--lora-rank', '2').status).toBe(0);
  const merging = ['--model', tempPath('whole'), '--adapter', out('lora'), '--dtype', option, '--out', out('merged')];
  expect(rescue('merge', ...merging)).toMatchObject({ status: 0, stderr: '' });
  for (const name of ['model', 'merged']) {
    expect(dtypes(`${out(name)}/model.safetensors`)).toEqual(new Set([dtype]));
    expect(JSON.parse(readFileSync(`${out(name)}/config.json`, 'utf8')).torch_dtype).toBe(torch);
  }
  expect(dtypes(`${out('lora')}/adapter_model.safetensors`)).toEqual(new Set([dtype]));
  expect(readdirSync(out('model'))).not.toContain('checkpoint.safetensors');
  const scored = rescue(
    'score',
    '--model',
    out('model'),
    '--data',
    tempPath('data.jsonl'),
    '--out',
    `${out('scores')}.jsonl`,
  );
  expect(scored.status).toBe(0);
});

it('a weight out of the range of f16 is refused by name, and the trained weights can be written with another --dtype', async () => {
  await writeWholeModel(tempPath('large'));
  const tensors = new Map(parseSafetensors(readFileSync(tempPath('large/model.safetensors'))));
  const norm = tensors.get('model.norm.weight')!;
  tensors.set('model.norm.weight', { ...norm, data: norm.data.map(() => 70_000) });
  writeFileSync(tempPath('large/model.safetensors'), serializeSafetensors(tensors));
  const train = (...more: string[]) =>
    rescue(
      'train',
      '--model',
      tempPath('large'),
      ...training,
      '--learning-rate',
      '1e-6',
      '--out',
      tempPath('beyond'),
      ...more,
    );
  const refused = train('--dtype', 'f16');
  expect(refused.stderr).toMatch(/tensor "model\.norm\.weight": [\d.]+ is beyond what F16 can hold/);
  expect(refused.status).toBe(1);
  expect(train('--dtype', 'bf16', '--resume').status).toBe(0);
  expect(parseSafetensors(readFileSync(tempPath('beyond/model.safetensors'))).get('model.norm.weight')!.dtype).toBe(
    'BF16',
  );
});
