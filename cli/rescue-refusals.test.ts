import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeModelFolder } from '../trainer/io/model-folder';
import { jsonl, prepareCommandLine, records, rescue, root, tempPath, tinyConfig } from './rescue-harness';

prepareCommandLine();

describe('unusable input is refused with a sentence, its location and an exit code, and changes nothing', () => {
  const write = (name: string, content: string | Uint8Array) => {
    mkdirSync(tempPath('bad'), { recursive: true });
    writeFileSync(tempPath('bad', name), content);
    return tempPath('bad', name);
  };
  const trainOn = (data: string, model = tempPath('model')) =>
    rescue('train', '--model', model, '--data', data, '--out', tempPath('refused'));
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
      'no threads',
      () => rescue('loss', '--model', tiny, '--case', tinyCase, '--threads', '0'),
      2,
      '--threads is "0"; it may be a whole number from 1 to 32',
    ],
    [
      'an unknown dtype',
      () => rescue('train', '--model', 'x', '--data', 'x', '--out', 'o', '--dtype', 'int8'),
      2,
      '--dtype is "int8"; it may be bf16 or f16 or f32',
    ],
    [
      'a missing file',
      () => rescue('loss', '--model', tiny, '--case', 'none.json'),
      1,
      'none.json: there is no such file',
    ],
    [
      'a missing model',
      () => rescue('score', '--model', 'none', '--data', tempPath('data.jsonl'), '--out', 'o'),
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
      () => rescue('train', '--model', 'x', '--data', 'x', '--out', tempPath('refused'), '--resume'),
      1,
      'there is no checkpoint to resume from',
    ],
    [
      'a line that is not JSON',
      () => trainOn(write('a.jsonl', `${jsonl(records)}{`)),
      1,
      'bad/a.jsonl:9: the line is not valid JSON',
    ],
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
      () => trainOn(tempPath('data.jsonl'), tempPath('misfit')),
      1,
      "highest token id is 259, but the model's embedding has 200 rows",
    ],
  ])('%s', (_, run, status, message) => {
    const result = run();
    expect(result.stderr).toContain(message);
    expect(result.status).toBe(status);
    expect(result.stderr).not.toMatch(/\n\s+at /);
    expect(existsSync(tempPath('refused'))).toBe(false);
    expect(existsSync(tempPath('o'))).toBe(false);
  });

  it('weights, and an adapter, that are something else, by the name of the file', async () => {
    const files = { config: tinyConfig, tokenizer: JSON.parse(readFileSync(tempPath('model/tokenizer.json'), 'utf8')) };
    const pointer = Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a21\nsize 538090408\n');
    await writeModelFolder(tempPath('pointer'), { ...files, weights: pointer });
    const { status, stderr } = trainOn(tempPath('data.jsonl'), tempPath('pointer'));
    expect(stderr).toMatch(/rescue train: \S*pointer\/model\.safetensors: this is a Git LFS pointer/);
    expect(status).toBe(1);
    mkdirSync(tempPath('page'));
    writeFileSync(
      tempPath('page/adapter_config.json'),
      JSON.stringify({ peft_type: 'LORA', r: 2, lora_alpha: 4, target_modules: ['q_proj'] }),
    );
    writeFileSync(tempPath('page/adapter_model.safetensors'), '<!doctype html><title>Sign in</title>');
    const scored = rescue(
      'score',
      '--model',
      tempPath('model'),
      '--adapter',
      tempPath('page'),
      '--data',
      tempPath('data.jsonl'),
      '--out',
      'o',
    );
    expect(scored.stderr).toMatch(/rescue score: \S*page\/adapter_model\.safetensors: this is a web page/);
    expect(existsSync(tempPath('refused'))).toBe(false);
  });

  it('a safetensors file that is cut off', async () => {
    const whole = readFileSync(tempPath('model/model.safetensors'));
    const files = { config: tinyConfig, tokenizer: JSON.parse(readFileSync(tempPath('model/tokenizer.json'), 'utf8')) };
    await writeModelFolder(tempPath('cut'), { ...files, weights: whole.subarray(0, whole.length - 10) });
    const { status, stderr } = trainOn(tempPath('data.jsonl'), tempPath('cut'));
    expect(stderr).toMatch(/rescue train: .*cut\/model\.safetensors: .*its data ends at byte/);
    expect(status).toBe(1);
    expect(existsSync(tempPath('refused'))).toBe(false);
  });
});
