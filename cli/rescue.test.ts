import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startHubServer } from '../trainer/fixtures/hub-server';
import { parseSafetensors } from '../trainer/io/safetensors';
import { prepareCommandLine, records, rescue, rescueFile, root, tempPath } from './rescue-harness';

const shared = join(root, '../shared');
prepareCommandLine();

/** Each number within `relative` of the golden one. */
function expectClose(got: readonly number[], wanted: readonly number[], relative: number) {
  expect(got).toHaveLength(wanted.length);
  got.forEach((value, i) => {
    expect(Math.abs(value - wanted[i]!)).toBeLessThanOrEqual(relative * Math.max(Math.abs(wanted[i]!), 1e-6));
  });
}

/** Relative error of the whole tensor within 1e-3, direction within 1 - 1e-4 of the golden one's. */
function expectSameGradients(gotFile: string, wantedFile: string) {
  const got = parseSafetensors(readFileSync(gotFile));
  const wanted = parseSafetensors(readFileSync(wantedFile));
  expect([...got.keys()].sort()).toEqual([...wanted.keys()].sort());
  for (const [name, { data, shape }] of wanted) {
    const own = got.get(name)!;
    expect(own.shape, name).toEqual(shape);
    const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    const difference = own.data.map((value, i) => value - data[i]!);
    const norm = Math.sqrt(dot(data, data));
    expect(Math.sqrt(dot(difference, difference)), name).toBeLessThanOrEqual(1e-3 * norm);
    if (norm > 0) {
      expect(dot(own.data, data) / (norm * Math.sqrt(dot(own.data, own.data))), name).toBeGreaterThan(0.9999);
    }
  }
}

function goldenCases(modelDir: string, goldenDir: string) {
  return readdirSync(goldenDir)
    .filter((name) => /-\d\.json$/.test(name))
    .flatMap((name) => ['shared', 'naive'].map((packing) => ({ name, packing, modelDir, goldenDir })));
}
const cases = [
  ...goldenCases(join(root, 'trainer/fixtures/tiny-llama'), join(root, 'trainer/fixtures/goldens')),
  // The cases beside the checkout run where that folder is.
  ...(existsSync(shared) ? goldenCases(join(shared, 'models/stories260K'), join(shared, 'goldens')) : []),
];

describe('rescue loss', () => {
  it.each(cases)("gives $name's losses, scores and gradients under $packing packing", (each) => {
    const { name, packing, modelDir, goldenDir } = each;
    const golden = JSON.parse(readFileSync(join(goldenDir, name), 'utf8'));
    const grads = tempPath(`${packing}-${name}.safetensors`);
    const input = ['--model', modelDir, '--case', join(goldenDir, name)];
    const { status, stdout, stderr } = rescue('loss', ...input, '--packing', packing, '--grads', grads);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const result = JSON.parse(stdout);
    for (const key of ['sft_loss', 'rank_loss', 'loss', 'grad_norm']) expectClose([result[key]], [golden[key]], 1e-4);
    for (const key of ['score', 'sequence_logprob']) expectClose(result[key], golden[key], 1e-4);
    expect(result.backend).toBe('wasm');
    expectSameGradients(grads, join(goldenDir, name.replace('.json', '.grads.safetensors')));
  });
});

describe('rescue train and score', () => {
  const train = (out: string, ...more: string[]) =>
    rescue('train', '--model', tempPath('model'), '--data', tempPath('data.jsonl'), '--out', out, ...more);

  it('train a model folder that scores better, and leave metrics, config and result', () => {
    const { status, stdout } = train(tempPath('out'), '--epochs', '12', '--learning-rate', '0.02', '--batch-size', '2');
    expect(status).toBe(0);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ status: 'finished', steps: 36, totalSteps: 36 });
    const metrics = readFileSync(tempPath('out/metrics.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(metrics.map(({ step }) => step)).toEqual(Array.from({ length: 37 }, (_, step) => step));
    expect(metrics[36].loss).toBeLessThan(metrics[1].loss / 2);
    expect(JSON.parse(readFileSync(tempPath('out/train-config.json'), 'utf8'))).toMatchObject({
      epochs: 12,
      alpha: 0.1,
    });
    expect(readdirSync(tempPath('out')).sort()).toEqual([
      'config.json',
      'metrics.jsonl',
      'model.safetensors',
      'result.json',
      'tokenizer.json',
      'train-config.json',
    ]);

    const scoreWith = (model: string, out: string) => {
      const run = rescue(
        'score',
        '--model',
        model,
        '--data',
        tempPath('data.jsonl'),
        '--out',
        out,
        '--lambda-model',
        '1',
      );
      expect(run.status).toBe(0);
      return JSON.parse(run.stdout);
    };
    expect(scoreWith(tempPath('out'), tempPath('after.jsonl'))).toMatchObject({
      prompts: 8,
      responses: 16,
      pairs: 8,
      accuracy: 1,
    });
    const lines = readFileSync(tempPath('after.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ id }) => id)).toEqual(records.map(({ id }) => id));
    for (const { responses } of lines) {
      expect(responses.map(({ id, rank }: { id: string; rank: number }) => [id, rank])).toEqual([
        ['good', 1],
        ['bad', 2],
      ]);
      expect(responses[0].score).toBeGreaterThan(responses[1].score);
    }
    expect(scoreWith(tempPath('model'), tempPath('before.jsonl')).accuracy).toBeLessThanOrEqual(1);

    const again = train(tempPath('out'));
    expect(again.status).toBe(1);
    expect(again.stderr).toContain('there is a run or a model in it already');
  });

  it('an adapter trains alone, scores beside its model, and merged into it scores the same', () => {
    const steps = ['--epochs', '12', '--learning-rate', '0.05', '--batch-size', '2'];
    const { status, stderr } = train(tempPath('adapter'), '--lora-rank', '4', '--lora-dropout', '0.1', ...steps);
    expect({ status, stderr: stderr.includes('adapter') }).toEqual({ status: 0, stderr: false });
    expect(readdirSync(tempPath('adapter')).sort()).toEqual([
      'adapter_config.json',
      'adapter_model.safetensors',
      'metrics.jsonl',
      'result.json',
      'train-config.json',
    ]);
    const peft = JSON.parse(readFileSync(tempPath('adapter/adapter_config.json'), 'utf8'));
    expect(peft).toMatchObject({ peft_type: 'LORA', r: 4, lora_alpha: 8, lora_dropout: 0.1 });
    const merged = rescue(
      'merge',
      '--model',
      tempPath('model'),
      '--adapter',
      tempPath('adapter'),
      '--out',
      tempPath('merged'),
    );
    expect(merged).toMatchObject({ status: 0, stderr: '' });
    expect(readdirSync(tempPath('merged')).sort()).toEqual(['config.json', 'model.safetensors', 'tokenizer.json']);

    const scores = (name: string, ...model: string[]): number[] => {
      const run = rescue(
        'score',
        ...model,
        '--data',
        tempPath('data.jsonl'),
        '--out',
        tempPath(name),
        '--lambda-model',
        '1',
      );
      expect(run.status).toBe(0);
      const lines = readFileSync(tempPath(name), 'utf8').trim().split('\n');
      const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
      return lines.flatMap((line) =>
        JSON.parse(line)
          .responses.sort(byId)
          .map((r: { score: number }) => r.score),
      );
    };
    const beside = scores('beside.jsonl', '--model', tempPath('model'), '--adapter', tempPath('adapter'));
    expectClose(scores('merged.jsonl', '--model', tempPath('merged')), beside, 1e-5);
    const plain = scores('plain.jsonl', '--model', tempPath('model'));
    expect(Math.max(...plain.map((score, i) => Math.abs(score - beside[i]!)))).toBeGreaterThan(0.05);

    expect(train(tempPath('adapter')).stderr).toContain('there is a run or a model in it already');
    const misfit = rescue(
      'merge',
      '--model',
      tempPath('misfit'),
      '--adapter',
      tempPath('model'),
      '--out',
      tempPath('nothing'),
    );
    expect(misfit.status).toBe(1);
  });

  it('a model comes from a hub by its address, once', async () => {
    const hub = await startHubServer();
    for (const file of readdirSync(tempPath('model'))) {
      hub.files.set(`owner/tiny/c0ffee/${file}`, readFileSync(tempPath('model', file)));
    }
    const env = { ...process.env, RESCUE_CACHE: tempPath('cache') };
    const score = (out: string) =>
      new Promise<number | null>((resolve) => {
        const model = ['--model', `${hub.origin}/owner/tiny`];
        const argv = [rescueFile, 'score', ...model, '--data', tempPath('data.jsonl'), '--out', tempPath(out)];
        spawn(process.execPath, argv, { env, stdio: 'ignore' }).once('exit', resolve);
      });
    expect(await score('first.jsonl')).toBe(0);
    expect(hub.requests).toContain('GET model.safetensors');
    hub.requests.length = 0;
    expect(await score('second.jsonl')).toBe(0);
    expect(hub.requests).not.toContain('GET model.safetensors');
    await hub.close();
    expect(await score('third.jsonl')).toBe(0);
    expect(
      rescue('score', '--model', tempPath('model'), '--data', tempPath('data.jsonl'), '--out', tempPath('local.jsonl'))
        .status,
    ).toBe(0);
    for (const name of ['first', 'second', 'third']) {
      expect(readFileSync(tempPath(`${name}.jsonl`), 'utf8')).toBe(readFileSync(tempPath('local.jsonl'), 'utf8'));
    }
  });

  it('options win over the config file, the file over defaults', () => {
    writeFileSync(tempPath('config.json'), JSON.stringify({ epochs: 2, alpha: 0.5, heldOutFraction: 0 }));
    expect(train(tempPath('configured'), '--config', tempPath('config.json'), '--alpha', '0.7').status).toBe(0);
    const used = JSON.parse(readFileSync(tempPath('configured/train-config.json'), 'utf8'));
    expect(used).toMatchObject({ epochs: 2, alpha: 0.7, heldOutFraction: 0, margin: 0 });
  });

  it('an interrupted run goes on with --resume and ends with the same bytes', { timeout: 180_000 }, async () => {
    const options = ['--epochs', '200', '--batch-size', '1'];
    expect(train(tempPath('straight'), ...options).status).toBe(0);

    const input = ['--model', tempPath('model'), '--data', tempPath('data.jsonl'), '--out', tempPath('resumed')];
    const child = spawn(process.execPath, [rescueFile, 'train', ...input, ...options], { stdio: 'ignore' });
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const stepsSoFar = () =>
      existsSync(tempPath('resumed/metrics.jsonl'))
        ? readFileSync(tempPath('resumed/metrics.jsonl'), 'utf8').split('\n').length
        : 0;
    while (stepsSoFar() < 20 && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(existsSync(tempPath('resumed/model.safetensors'))).toBe(false);
    expect(existsSync(tempPath('resumed/checkpoint.safetensors'))).toBe(true);

    const other = rescue('train', ...input, '--resume', '--learning-rate', '0.5');
    expect(other.status).toBe(1);
    expect(other.stderr).toContain('a different config');
    const resumed = rescue('train', ...input, '--resume');
    expect(resumed.stderr).not.toContain('Error');
    expect(resumed.status).toBe(0);
    expect(
      readFileSync(tempPath('resumed/model.safetensors')).equals(readFileSync(tempPath('straight/model.safetensors'))),
    ).toBe(true);
    const steps = readFileSync(tempPath('resumed/metrics.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).step);
    expect(steps).toEqual(Array.from({ length: steps.length }, (_, step) => step));
    expect(rescue('train', ...input, '--resume').stderr).toContain('this run is finished; there is nothing to resume');
  });
});

describe('help', () => {
  it.each(['loss', 'train', 'score', 'evaluate', 'sample', 'merge', 'serve'])('rescue %s --help', (command) => {
    const { status, stdout } = rescue(command, '--help');
    expect(status).toBe(0);
    expect(stdout).toContain(`rescue ${command}`);
    expect(stdout).toContain('--');
  });

  it('lists every command, and tells the version', () => {
    const { status, stdout } = rescue('--help');
    expect(status).toBe(0);
    for (const command of ['loss', 'train', 'score', 'evaluate', 'sample', 'merge', 'serve'])
      expect(stdout).toContain(`rescue ${command}`);
    expect(rescue('--version').stdout.trim()).toBe(
      JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version,
    );
  });
});
