import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readImport } from '../lib/containers/read-import';
import { jsonl, prepareCommandLine, records, rescue, rescueFile, tempPath } from './rescue-harness';

prepareCommandLine();

const sample = (data: string, out: string, ...more: string[]) => {
  const model = ['--model', tempPath('model'), '--data', data, '--out', tempPath(out), '--max-new-tokens', '6'];
  return rescue('sample', ...model, '--temperature', '1.5', '--top-p', '1', ...more);
};
const imported = async (name: string) => {
  const { prompts, errors } = await readImport(readFileSync(tempPath(name)));
  expect(errors).toEqual([]);
  return prompts.map(({ prompt }) => prompt);
};

describe('rescue sample', () => {
  it('writes a file that the app imports: old responses as they were, new ones behind them, none twice', async () => {
    const { status, stdout } = sample(tempPath('data.jsonl'), 'new.jsonl', '--responses', '3', '--seed', '5');
    expect(status).toBe(0);
    const told = JSON.parse(stdout);
    expect(told).toMatchObject({ prompts: 8, left_out: 0, beyond: 0, resumed: 0, out: tempPath('new.jsonl') });
    expect(told.added + told.empty + told.duplicates).toBe(24);
    expect(told.added).toBeGreaterThan(12);
    const prompts = await imported('new.jsonl');
    expect(prompts.map(({ externalId }) => externalId)).toEqual(records.map(({ id }) => id));
    for (const [i, { responses }] of prompts.entries()) {
      const given = records[i]!.responses.map(({ id, text, source }) => ({ id, text, source }));
      expect(responses.slice(0, 2)).toEqual(given);
      expect(new Set(responses.map(({ text }) => text)).size).toBe(responses.length);
      for (const { source } of responses.slice(2)) expect(source).toBe('model');
    }
    expect(prompts.flatMap(({ responses }) => responses).length).toBe(16 + told.added);
    expect(existsSync(tempPath('new.jsonl.partial'))).toBe(false);
  });

  it('resumes after a kill and writes the same bytes; resuming with other options is refused', async () => {
    const many = Array.from({ length: 300 }, (_, i) => ({ ...records[i % records.length]!, id: `p${i}` }));
    writeFileSync(tempPath('many.jsonl'), jsonl(many));
    const argv = (out: string, ...more: string[]) => {
      const input = [
        '--model',
        tempPath('model'),
        '--data',
        tempPath('many.jsonl'),
        '--out',
        tempPath(out),
        '--temperature',
        '1.5',
      ];
      return ['sample', ...input, '--responses', '3', '--max-new-tokens', '20', ...more];
    };
    expect(rescue(...argv('whole.jsonl')).status).toBe(0);

    const child = spawn(process.execPath, [rescueFile, ...argv('cut.jsonl')], { stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const partial = tempPath('cut.jsonl.partial');
    const linesSoFar = () => (existsSync(partial) ? readFileSync(partial, 'utf8').split('\n').length - 1 : 0);
    while (linesSoFar() < 5 && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 1));
    child.kill('SIGKILL');
    await ended;
    expect(existsSync(tempPath('cut.jsonl'))).toBe(false);
    const whole = readFileSync(partial, 'utf8').split('\n').slice(0, -1);
    expect(whole.length).toBeGreaterThan(4);
    writeFileSync(partial, `${whole.join('\n')}\n[{"text":"half a li`);

    const other = rescue(...argv('cut.jsonl', '--seed', '1'));
    expect(other.stderr).toContain('cut.jsonl.partial: begun with other options');
    expect(other.status).toBe(1);
    const { status, stdout, stderr } = rescue(...argv('cut.jsonl'));
    expect(stderr).toContain(`going on behind the ${whole.length - 1} prompts of`);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ prompts: 300, resumed: whole.length - 1 });
    expect(readFileSync(tempPath('cut.jsonl'), 'utf8')).toBe(readFileSync(tempPath('whole.jsonl'), 'utf8'));
    expect(existsSync(partial)).toBe(false);
  });

  it('samples for prompts without responses; prompts with fewer than two responses afterwards are left out and counted', async () => {
    writeFileSync(
      tempPath('questions.jsonl'),
      jsonl([
        { id: 'q1', prompt: 'about boats' },
        { id: 'q2', prompt: 'about rain' },
      ]),
    );
    const { stdout } = sample(tempPath('questions.jsonl'), 'asked.jsonl', '--responses', '4', '--source', 'mine');
    expect(JSON.parse(stdout)).toMatchObject({ prompts: 2, left_out: 0 });
    expect((await imported('asked.jsonl')).flatMap(({ responses }) => responses.map(({ source }) => source))).toContain(
      'mine',
    );
    const one = sample(tempPath('questions.jsonl'), 'greedy.jsonl', '--temperature', '0');
    expect(JSON.parse(one.stdout)).toMatchObject({ prompts: 0, added: 0, left_out: 2 });
  });

  it.each([
    [['--responses', '13'], '--responses is 13; a prompt has at most 12'],
    [['--responses', '2', '--temperature', '0'], 'at temperature 0 all answers of a prompt are the same'],
    [['--source', 'human'], '--source is "human", but a model writes these responses'],
  ])('refuses %j', (options, message) => {
    const { status, stderr } = sample(tempPath('data.jsonl'), 'refused.jsonl', ...options);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
    expect(existsSync(tempPath('refused.jsonl.partial'))).toBe(false);
  });

  it('names file and line of a prompt that leaves no room for an answer, and writes nothing', () => {
    writeFileSync(tempPath('long.jsonl'), jsonl([records[0]!, { id: 'long', prompt: 'x'.repeat(96) }]));
    const { status, stderr } = sample(tempPath('long.jsonl'), 'refused.jsonl');
    expect(stderr).toMatch(/long\.jsonl:2: prompt "long" takes 96 tokens/);
    expect(status).toBe(1);
    expect(existsSync(tempPath('refused.jsonl'))).toBe(false);
  });
});
