import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeModelFolder } from '../trainer/io/model-folder';
import { parseSafetensors, serializeSafetensors } from '../trainer/io/safetensors';
import { parseModelConfig } from '../trainer/model/config';
import { initialWeights } from '../trainer/model/parameters';
import { trainBpe } from '../trainer/tokenizer/train-bpe';

const root = fileURLToPath(new URL('..', import.meta.url));
const rescueFile = join(root, 'cli/rescue.mjs');
const shared = join(root, '../shared');
const dir = mkdtempSync(join(tmpdir(), 'rescue-cli-'));
const at = (...names: string[]) => join(dir, ...names);

function rescue(...argv: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [rescueFile, ...argv], { encoding: 'utf8', cwd: dir });
  return { status, stdout, stderr };
}

const config = {
  model_type: 'llama',
  vocab_size: 260,
  hidden_size: 16,
  intermediate_size: 32,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  num_key_value_heads: 1,
  max_position_embeddings: 96,
  tie_word_embeddings: true,
  rope_scaling: null,
};
const words = ['boats', 'bread', 'rain', 'trains', 'music', 'gardens', 'labs', 'paper'];
const records = words.map((word, i) => ({
  id: `p${i}`,
  prompt: [{ role: 'user', content: `about ${word}` }],
  responses: [
    { id: 'good', text: `${word} are good`, source: 'human', tier: 0 },
    { id: 'bad', text: `${word} no no`, source: 'm', tier: 1 },
  ],
  pairs: [{ chosen: 'good', rejected: 'bad', margin: 1, support: [], against: [] }],
}));
const jsonl = (items: readonly object[]) => items.map((item) => `${JSON.stringify(item)}\n`).join('');

beforeAll(async () => {
  const build = spawnSync(process.execPath, [join(root, 'cli/build.mjs')], { encoding: 'utf8' });
  expect(build.stderr).toBe('');
  const tokenizer = trainBpe(words, { vocabSize: 260, specialTokens: ['<s>', '</s>'], minimumCount: 1 });
  const weights = serializeSafetensors(initialWeights(parseModelConfig(config), 1));
  await writeModelFolder(at('model'), { config, weights, tokenizer });
  const small = { ...config, vocab_size: 200 };
  const smallWeights = serializeSafetensors(initialWeights(parseModelConfig(small), 1));
  await writeModelFolder(at('misfit'), { config: small, weights: smallWeights, tokenizer });
  writeFileSync(at('data.jsonl'), jsonl(records));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

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
    const grads = at(`${packing}-${name}.safetensors`);
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
    rescue('train', '--model', at('model'), '--data', at('data.jsonl'), '--out', out, ...more);

  it('train a model folder that scores better, and leave metrics, config and result', () => {
    const { status, stdout } = train(at('out'), '--epochs', '12', '--learning-rate', '0.02', '--batch-size', '2');
    expect(status).toBe(0);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ status: 'finished', steps: 36, totalSteps: 36 });
    const metrics = readFileSync(at('out/metrics.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(metrics.map(({ step }) => step)).toEqual(Array.from({ length: 37 }, (_, step) => step));
    expect(metrics[36].loss).toBeLessThan(metrics[1].loss / 2);
    expect(JSON.parse(readFileSync(at('out/train-config.json'), 'utf8'))).toMatchObject({ epochs: 12, alpha: 0.1 });
    expect(readdirSync(at('out')).sort()).toEqual([
      'config.json',
      'metrics.jsonl',
      'model.safetensors',
      'result.json',
      'tokenizer.json',
      'train-config.json',
    ]);

    const scoreWith = (model: string, out: string) => {
      const run = rescue('score', '--model', model, '--data', at('data.jsonl'), '--out', out, '--lambda-model', '1');
      expect(run.status).toBe(0);
      return JSON.parse(run.stdout);
    };
    expect(scoreWith(at('out'), at('after.jsonl'))).toMatchObject({ prompts: 8, responses: 16, pairs: 8, accuracy: 1 });
    const lines = readFileSync(at('after.jsonl'), 'utf8')
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
    expect(scoreWith(at('model'), at('before.jsonl')).accuracy).toBeLessThanOrEqual(1);

    const again = train(at('out'));
    expect(again.status).toBe(1);
    expect(again.stderr).toContain('there is a run or a model in it already');
  });

  it('options win over the config file, the file over defaults', () => {
    writeFileSync(at('config.json'), JSON.stringify({ epochs: 2, alpha: 0.5, heldOutFraction: 0 }));
    expect(train(at('configured'), '--config', at('config.json'), '--alpha', '0.7').status).toBe(0);
    const used = JSON.parse(readFileSync(at('configured/train-config.json'), 'utf8'));
    expect(used).toMatchObject({ epochs: 2, alpha: 0.7, heldOutFraction: 0, margin: 0 });
  });

  it('an interrupted run goes on with --resume and ends with the same bytes', async () => {
    const options = ['--epochs', '200', '--batch-size', '1', '--learning-rate', '0.002'];
    expect(train(at('straight'), ...options).status).toBe(0);

    const input = ['--model', at('model'), '--data', at('data.jsonl'), '--out', at('resumed')];
    const child = spawn(process.execPath, [rescueFile, 'train', ...input, ...options], { stdio: 'ignore' });
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const stepsSoFar = () =>
      existsSync(at('resumed/metrics.jsonl'))
        ? readFileSync(at('resumed/metrics.jsonl'), 'utf8').split('\n').length
        : 0;
    while (stepsSoFar() < 20 && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(existsSync(at('resumed/model.safetensors'))).toBe(false);
    expect(existsSync(at('resumed/checkpoint.safetensors'))).toBe(true);

    const other = rescue('train', ...input, '--resume', '--learning-rate', '0.5');
    expect(other.status).toBe(1);
    expect(other.stderr).toContain('another config');
    const resumed = rescue('train', ...input, '--resume');
    expect(resumed.stderr).not.toContain('Error');
    expect(resumed.status).toBe(0);
    expect(readFileSync(at('resumed/model.safetensors')).equals(readFileSync(at('straight/model.safetensors')))).toBe(
      true,
    );
    const steps = readFileSync(at('resumed/metrics.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).step);
    expect(steps).toEqual(Array.from({ length: steps.length }, (_, step) => step));
    expect(rescue('train', ...input, '--resume').stderr).toContain('this run is finished; there is nothing to resume');
  });
});

describe('what cannot be used is refused with a sentence, a place and an exit code, and changes nothing', () => {
  const write = (name: string, content: string | Uint8Array) => {
    mkdirSync(at('bad'), { recursive: true });
    writeFileSync(at('bad', name), content);
    return at('bad', name);
  };
  const trainOn = (data: string, model = at('model')) =>
    rescue('train', '--model', model, '--data', data, '--out', at('refused'));
  const tiny = join(root, 'trainer/fixtures/tiny-llama');
  const tinyCase = join(root, 'trainer/fixtures/goldens/tiny-0.json');

  it.each([
    ['no command', () => rescue(), 2, ''],
    ['an unknown command', () => rescue('rank'), 2, 'there is no command "rank"'],
    ['an unknown option', () => rescue('loss', '--modle', 'x'), 2, "rescue loss: Unknown option '--modle'"],
    ['a missing option', () => rescue('train', '--model', 'x'), 2, 'rescue train: --data is missing'],
    [
      'an unknown packing',
      () => rescue('loss', '--model', tiny, '--case', 'x', '--packing', 'z'),
      2,
      '--packing is "z"',
    ],
    [
      'an unknown backend',
      () => rescue('loss', '--model', tiny, '--case', tinyCase, '--backend', 'z'),
      2,
      '--backend is "z"',
    ],
    [
      'a missing file',
      () => rescue('loss', '--model', tiny, '--case', 'none.json'),
      1,
      'none.json: there is no such file',
    ],
    [
      'a missing model',
      () => rescue('score', '--model', 'none', '--data', at('data.jsonl'), '--out', 'o'),
      1,
      'none/config.json: there is no such file',
    ],
    [
      'a malformed case',
      () => rescue('loss', '--model', tiny, '--case', write('case.json', '{}')),
      1,
      'bad/case.json: ',
    ],
    [
      'an option out of range',
      () => rescue('train', '--model', 'x', '--data', 'x', '--out', 'o', '--alpha', '-1'),
      2,
      'alpha',
    ],
    [
      'an option that is no number',
      () => rescue('train', '--model', 'x', '--data', 'x', '--out', 'o', '--epochs', 'many'),
      2,
      '--epochs is "many", not a number',
    ],
    [
      'an unknown key in --config',
      () => rescue('train', '--model', 'x', '--data', 'x', '--out', 'o', '--config', write('c.json', '{"alhpa":1}')),
      1,
      'bad/c.json: "alhpa" is not one of',
    ],
    [
      'nothing to resume',
      () => rescue('train', '--model', 'x', '--data', 'x', '--out', at('refused'), '--resume'),
      1,
      'there is no checkpoint to resume from',
    ],
    ['a line that is not JSON', () => trainOn(write('a.jsonl', `${jsonl(records)}{`)), 1, 'bad/a.jsonl:9: not JSON'],
    [
      'a pair of strangers',
      () => trainOn(write('b.jsonl', jsonl([{ ...records[0], pairs: [{ chosen: 'x', rejected: 'bad' }] }]))),
      1,
      'bad/b.jsonl:1: a pair names response "x"',
    ],
    [
      'a snapshot without pairs',
      () => trainOn(write('c.jsonl', jsonl(records.map((record) => ({ ...record, pairs: [] }))))),
      1,
      'bad/c.jsonl: the training prompts have no pairs',
    ],
    [
      'a prompt longer than the context',
      () =>
        trainOn(
          write(
            'd.jsonl',
            jsonl([...records, { ...records[0], id: 'long', prompt: [{ role: 'user', content: 'x'.repeat(99) }] }]),
          ),
        ),
      1,
      'bad/d.jsonl:9: prompt "long" takes',
    ],
    [
      'a tokenizer that does not fit',
      () => trainOn(at('data.jsonl'), at('misfit')),
      1,
      "highest token id is 259, but the model's embedding has 200 rows",
    ],
  ])('%s', (_, run, status, message) => {
    const result = run();
    expect(result.stderr).toContain(message);
    expect(result.status).toBe(status);
    expect(result.stderr).not.toMatch(/\n\s+at /);
    expect(existsSync(at('refused'))).toBe(false);
    expect(existsSync(at('o'))).toBe(false);
  });

  it('a safetensors file that is cut off', async () => {
    const whole = readFileSync(at('model/model.safetensors'));
    const files = { config, tokenizer: JSON.parse(readFileSync(at('model/tokenizer.json'), 'utf8')) };
    await writeModelFolder(at('cut'), { ...files, weights: whole.subarray(0, whole.length - 10) });
    const { status, stderr } = trainOn(at('data.jsonl'), at('cut'));
    expect(stderr).toMatch(/rescue train: .*cut: .*its data ends at byte/);
    expect(status).toBe(1);
    expect(existsSync(at('refused'))).toBe(false);
  });
});

describe('help', () => {
  it.each(['loss', 'train', 'score', 'serve'])('rescue %s --help', (command) => {
    const { status, stdout } = rescue(command, '--help');
    expect(status).toBe(0);
    expect(stdout).toContain(`rescue ${command}`);
    expect(stdout).toContain('--');
  });

  it('lists every command, and tells the version', () => {
    const { status, stdout } = rescue('--help');
    expect(status).toBe(0);
    for (const command of ['loss', 'train', 'score', 'serve']) expect(stdout).toContain(`rescue ${command}`);
    expect(rescue('--version').stdout.trim()).toBe(
      JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version,
    );
  });
});
