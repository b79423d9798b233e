/** What --data may be, what is said of it, and what is asked before any work. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { jsonl, prepareCommandLine, records, rescue, root, tempPath } from './rescue-harness';

prepareCommandLine();

const write = (name: string, content: string) => {
  writeFileSync(tempPath(name), content);
  return tempPath(name);
};
const score = (data: string, out: string, ...more: string[]) =>
  rescue('score', '--model', tempPath('model'), '--data', data, '--out', tempPath(out), ...more);
const linesOf = (name: string) => readFileSync(tempPath(name), 'utf8').trim().split('\n');

describe('the files that a command reads', () => {
  const header = { snapshot: { schema_version: 1, name: 'first', hash: '0'.repeat(64) } };
  const importLines = records.map(({ id, prompt, responses }) => ({
    external_id: id,
    prompt: prompt[0]!.content,
    reference_label: 1,
    responses: responses.map(({ tier: _, ...response }) => response),
  }));

  it('the app’s lossless snapshot, header and all, is scored, evaluated, trained on and sampled for', () => {
    const bundle = write('bundle.jsonl', `\ufeff${jsonl([header, ...records])}`);
    expect(JSON.parse(score(bundle, 'bundle-scores.jsonl').stdout)).toMatchObject({ prompts: 8, pairs: 8 });
    expect(score(tempPath('data.jsonl'), 'scores.jsonl').status).toBe(0);
    expect(linesOf('bundle-scores.jsonl')).toEqual(linesOf('scores.jsonl'));
    const model = ['--model', tempPath('model'), '--data', bundle];
    expect(JSON.parse(rescue('evaluate', ...model).stdout).pairs.pairs).toBe(8);
    expect(rescue('train', ...model, '--out', tempPath('trained'), '--epochs', '1')).toMatchObject({ status: 0 });
    const sampled = rescue('sample', ...model, '--out', tempPath('sampled.jsonl'), '--max-new-tokens', '4');
    expect(JSON.parse(sampled.stdout).prompts).toBe(8);
    // What was sampled is an import file, and is read as one.
    expect(JSON.parse(score(tempPath('sampled.jsonl'), 'sampled-scores.jsonl').stdout)).toMatchObject({
      prompts: 8,
      pairs: 0,
      accuracy: null,
    });
  });

  it('an import file can be scored and evaluated; training on it is refused with the name of its format', () => {
    const file = write('import.jsonl', jsonl(importLines));
    expect(JSON.parse(score(file, 'import-scores.jsonl').stdout)).toMatchObject({
      prompts: 8,
      pairs: 0,
      accuracy: null,
    });
    expect(linesOf('import-scores.jsonl').map((line) => JSON.parse(line).id)).toEqual(records.map(({ id }) => id));
    const evaluated = JSON.parse(
      rescue('evaluate', '--model', tempPath('model'), '--data', file, '--max-new-tokens', '4').stdout,
    );
    expect(evaluated).toMatchObject({ label: { prompts: 8 }, pairs: { accuracy: null } });
    const refused = rescue('train', '--model', tempPath('model'), '--data', file, '--out', tempPath('untrained'));
    expect(refused).toMatchObject({ status: 1, stdout: '' });
    expect(refused.stderr).toBe(
      `rescue train: ${file}: this is an import file: its prompts have no pairs to train on; create a snapshot in the app and train on that\n`,
    );
    expect(existsSync(tempPath('untrained'))).toBe(false);
  });

  it('another format is named in one sentence', () => {
    const trl = write('trl.jsonl', jsonl([{ prompt: 'q', chosen: 'a', rejected: 'b' }]));
    for (const command of ['score', 'train', 'evaluate', 'sample']) {
      const { status, stderr } = rescue(
        command,
        '--model',
        tempPath('model'),
        '--data',
        trl,
        '--out',
        tempPath(`${command}-trl`),
      );
      // Without an id it is no question to sample answers for, either.
      expect(stderr).toContain('trl.jsonl:1: this is a TRL preference file;');
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(status).toBe(1);
    }
  });

  it('contradictions are reported by file and line, and a pair that is listed three times counts once', () => {
    const [first, ...rest] = records;
    const pair = first!.pairs[0]!;
    const file = write('thrice.jsonl', jsonl([{ ...first, pairs: [pair, pair, pair] }, ...rest]));
    const { stdout, stderr } = score(file, 'thrice-scores.jsonl');
    expect(JSON.parse(stdout).pairs).toBe(8);
    expect(stderr).toContain(`rescue: ${file}:1: pairs that are listed more than once count once: "good" before "bad"`);
    // The training is the same as without the repetitions, to the last bit.
    const options = ['--model', tempPath('model'), '--epochs', '2', '--alpha', '1', '--held-out-fraction', '0'];
    expect(rescue('train', ...options, '--data', file, '--out', tempPath('thrice')).status).toBe(0);
    expect(rescue('train', ...options, '--data', tempPath('data.jsonl'), '--out', tempPath('once')).status).toBe(0);
    expect(
      readFileSync(tempPath('thrice/model.safetensors')).equals(readFileSync(tempPath('once/model.safetensors'))),
    ).toBe(true);
  });

  it('a file with a warning on every line is reported by its first lines', () => {
    const odd = Array.from({ length: 30 }, (_, i) => ({
      ...records[0],
      id: `p${i}`,
      pairs: [...records[0]!.pairs, ...records[0]!.pairs],
    }));
    const { stderr } = score(write('odd.jsonl', jsonl(odd)), 'odd-scores.jsonl');
    expect(stderr.match(/listed more than once/g)).toHaveLength(20);
    expect(stderr).toContain('odd.jsonl: 10 more of such notes');
  });
});

describe('--max-length', () => {
  it('score and evaluate truncate texts that are too long and report it; without the option they are refused', () => {
    const long = {
      ...records[0],
      id: 'long',
      prompt: [{ role: 'user', content: 'x '.repeat(99) }],
      reference_label: 'a',
    };
    const file = write('long.jsonl', jsonl([...records, long]));
    const evaluate = (...more: string[]) =>
      rescue('evaluate', '--model', tempPath('model'), '--data', file, '--max-new-tokens', '4', ...more);
    for (const refused of [score(file, 'long-scores.jsonl'), evaluate()]) {
      expect(refused.stderr).toContain('long.jsonl:9: prompt "long"');
      expect(refused.status).toBe(1);
    }
    const scored = score(file, 'long-scores.jsonl', '--max-length', '64');
    expect(scored.stderr).toContain('rescue score: prompt "long": cut from ');
    expect(JSON.parse(scored.stdout).prompts).toBe(9);
    const evaluated = evaluate('--max-length', '64');
    expect(evaluated.stderr).toContain('rescue evaluate: prompt "long": cut from ');
    expect(JSON.parse(evaluated.stdout).label.prompts).toBe(1);
    expect(score(file, 'x.jsonl', '--max-length', '0')).toMatchObject({ status: 2 });
  });
});

describe('--out is checked before any work', () => {
  it.each([
    ['score', 'nowhere/scores.jsonl', 'there is no folder'],
    ['evaluate', 'nowhere/answers.jsonl', 'there is no folder'],
    ['sample', 'nowhere/sampled.jsonl', 'there is no folder'],
    ['score', 'model', 'this is a folder; name a file'],
    ['sample', 'model', 'this is a folder; name a file'],
    ['train', 'data.jsonl', 'this is a file; name a folder'],
    ['train', 'data.jsonl/run', 'data.jsonl is a file, not a folder'],
  ])('rescue %s --out %s', (command, out, reason) => {
    mkdirSync(tempPath('model'), { recursive: true });
    // There is no such model and no such data: what is asked first is said first.
    const { status, stderr } = rescue(command, '--model', 'none', '--data', 'none', '--out', tempPath(out));
    expect(stderr).toContain(`--out ${tempPath(out)}: `);
    expect(stderr).toContain(reason);
    expect(status).toBe(1);
  });

  it('a missing folder is created with its missing parents', () => {
    const { stderr } = rescue('train', '--model', 'none', '--data', tempPath('none'), '--out', tempPath('new/run'));
    expect(stderr).toContain('none: there is no such file');
  });
});

describe('the formats', () => {
  it('are documented with examples that can be parsed, and every help text refers to that page', () => {
    const page = readFileSync(`${root}/docs/formats.md`, 'utf8');
    const examples = [...page.matchAll(/```jsonl\n([\s\S]*?)```/g)].map(([, text]) => text!);
    expect(examples.length).toBeGreaterThanOrEqual(3);
    examples.forEach((text, i) => {
      const { status, stderr } = score(
        write(`example-${i}.jsonl`, text),
        `example-${i}-scores.jsonl`,
        '--max-length',
        '90',
      );
      // Nothing about an example is odd.
      expect({ status, notes: stderr.match(/^rescue: .*$/gm) }).toEqual({ status: 0, notes: null });
    });
    for (const command of ['train', 'score', 'evaluate', 'sample']) {
      expect(rescue(command, '--help').stdout).toContain('docs/formats.md');
    }
    expect(rescue('--help').stdout).toContain('docs/formats.md');
  });
});
