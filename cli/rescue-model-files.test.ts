import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { startHubServer } from '../trainer/fixtures/hub-server';
import { type WholeModel, writeWholeModel } from '../trainer/fixtures/whole-model';
import { parseSafetensors, serializeSafetensors } from '../trainer/io/safetensors';
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

it.each([
  ['f32', 'F32', 'float32'],
  ['bf16', 'BF16', 'bfloat16'],
  ['f16', 'F16', 'float16'],
])('--dtype %s writes weights so, of a model, an adapter and what is merged', async (option, dtype, torch) => {
  await writeWholeModel(at('whole'));
  const out = (name: string) => at(`${name}-${option}`);
  const dtypes = (file: string) =>
    new Set([...parseSafetensors(readFileSync(file)).values()].map((tensor) => tensor.dtype));
  const train = (name: string, ...more: string[]) =>
    rescue('train', '--model', at('whole'), ...training, '--dtype', option, '--out', out(name), ...more);
  expect(train('model').status).toBe(0);
  expect(train('lora', '--lora-rank', '2').status).toBe(0);
  const merging = ['--model', at('whole'), '--adapter', out('lora'), '--dtype', option, '--out', out('merged')];
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
    at('data.jsonl'),
    '--out',
    `${out('scores')}.jsonl`,
  );
  expect(scored.status).toBe(0);
});

it('a weight that f16 cannot hold is refused by name, and what was learnt is written with another --dtype', async () => {
  await writeWholeModel(at('large'));
  const tensors = new Map(parseSafetensors(readFileSync(at('large/model.safetensors'))));
  const norm = tensors.get('model.norm.weight')!;
  tensors.set('model.norm.weight', { ...norm, data: norm.data.map(() => 70_000) });
  writeFileSync(at('large/model.safetensors'), serializeSafetensors(tensors));
  const train = (...more: string[]) =>
    rescue('train', '--model', at('large'), ...training, '--learning-rate', '1e-6', '--out', at('beyond'), ...more);
  const refused = train('--dtype', 'f16');
  expect(refused.stderr).toMatch(/tensor "model\.norm\.weight": [\d.]+ is beyond what F16 can hold/);
  expect(refused.status).toBe(1);
  expect(train('--dtype', 'bf16', '--resume').status).toBe(0);
  expect(parseSafetensors(readFileSync(at('beyond/model.safetensors'))).get('model.norm.weight')!.dtype).toBe('BF16');
});
