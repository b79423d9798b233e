import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { main } from './main';
import { jsonl, prepareCommandLine, records, rescue, tempPath } from './rescue-harness';

prepareCommandLine();

/** Half of the prompts have a known label; the good response says it, the bad one says another. */
const labelled = records.map((record, i) => ({
  ...record,
  responses: record.responses.map((response) => ({
    ...response,
    text: response.id === 'good' ? 'is #### yes' : 'no #### no',
  })),
  ...(i % 2 === 0 ? { reference_label: 'Yes' } : {}),
}));
const evaluate = (model: string, data: string, ...more: string[]) =>
  rescue('evaluate', '--model', model, '--data', data, '--max-new-tokens', '16', ...more);
const linesOf = (file: string) =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('rescue evaluate', () => {
  it('measures the effect of training: labels of generated answers, and the order of given ones', () => {
    writeFileSync(tempPath('labelled.jsonl'), jsonl(labelled));
    const before = evaluate(tempPath('model'), tempPath('labelled.jsonl'), '--out', tempPath('before.jsonl'));
    expect(before.status).toBe(0);
    const untrained = JSON.parse(before.stdout);
    expect(untrained).toMatchObject({
      prompts: 8,
      label: { accuracy: 0, right: 0, prompts: 4, unparsable: 4, interval: [0, 0] },
      pairs: { pairs: 8, prompts: 8 },
      backend: 'wasm',
    });
    expect(untrained.label.words).toBe(
      '0.0 % of 4 prompts (95 % interval 0.0 % to 0.0 %); 4 without a label, counted as wrong',
    );

    const data = ['--data', tempPath('labelled.jsonl'), '--out', tempPath('taught')];
    const options = ['--epochs', '30', '--learning-rate', '0.02', '--batch-size', '2', '--held-out-fraction', '0'];
    expect(rescue('train', '--model', tempPath('model'), ...data, ...options).status).toBe(0);
    const after = evaluate(tempPath('taught'), tempPath('labelled.jsonl'), '--out', tempPath('answers.jsonl'));
    expect(JSON.parse(after.stdout)).toMatchObject({
      label: { accuracy: 1, right: 4, prompts: 4, unparsable: 0, interval: [1, 1] },
      pairs: { accuracy: 1, pairs: 8, interval: [1, 1] },
    });
    expect(linesOf(tempPath('answers.jsonl'))).toEqual(
      ['p0', 'p2', 'p4', 'p6'].map((id) => ({
        id,
        text: 'is #### yes',
        label: 'yes',
        right: true,
        reference_label: 'Yes',
        stopped: 'eos',
      })),
    );
    // The same seed, the same bytes; threads change nothing.
    const again = evaluate(
      tempPath('taught'),
      tempPath('labelled.jsonl'),
      '--temperature',
      '1',
      '--seed',
      '4',
      '--threads',
      '2',
    );
    expect(again.stdout).toBe(
      evaluate(tempPath('taught'), tempPath('labelled.jsonl'), '--temperature', '1', '--seed', '4', '--threads', '1')
        .stdout,
    );
    expect(JSON.parse(evaluate(tempPath('taught'), tempPath('labelled.jsonl'), '--limit', '3').stdout)).toMatchObject({
      prompts: 3,
      label: { prompts: 2 },
      pairs: { pairs: 3 },
    });
  });

  it('says why a number is undefined', () => {
    writeFileSync(tempPath('bare.jsonl'), jsonl(records.map((record) => ({ ...record, pairs: [] }))));
    const { status, stdout } = evaluate(tempPath('model'), tempPath('bare.jsonl'));
    expect(status).toBe(0);
    expect(stdout).not.toContain('NaN');
    const { label, pairs } = JSON.parse(stdout);
    expect([label.accuracy, label.interval, pairs.accuracy, pairs.interval]).toEqual([null, null, null, null]);
    expect(label.words).toBe('undefined: no prompt has a reference label');
    expect(pairs.words).toBe('undefined: there are no pairs to judge by');
  });

  it('prints a table on a terminal', async () => {
    const written: string[] = [];
    const io = { stdout: (text: string) => void written.push(text), terminal: true, stderr: { write: () => true } };
    expect(
      await main(['evaluate', '--model', tempPath('model'), '--data', tempPath('data.jsonl'), '--backend', 'wasm'], io),
    ).toBe(0);
    expect(written.join('')).toMatch(
      /^Label accuracy {5}undefined: .*\nPairwise accuracy {2}[\d.]+ % of 8 pairs \(95 % .*\)\nPrompts {12}8, on wasm\n$/,
    );
  });

  it('names file and line of a prompt that leaves no room for an answer', () => {
    const long = { ...labelled[0]!, id: 'long', prompt: [{ role: 'user', content: 'x'.repeat(96) }] };
    writeFileSync(tempPath('long.jsonl'), jsonl([...labelled, long]));
    const { status, stderr } = evaluate(tempPath('model'), tempPath('long.jsonl'));
    expect(stderr).toMatch(/long\.jsonl:9: prompt "long" takes 96 tokens; the model's context is 96/);
    expect(status).toBe(1);
  });

  it.each([
    [['--temperature=-1'], '--temperature is -1; it may be 0 or more'],
    [['--top-p', '0'], '--top-p is 0; it may be above 0 and at most 1'],
    [['--limit', '0'], '--limit is "0"; it may be a whole number from 1'],
    [['--seed', '0.5'], '--seed is 0.5; it may be a whole number'],
  ])('refuses %j', (options, message) => {
    const { status, stderr } = evaluate(tempPath('model'), tempPath('data.jsonl'), ...options);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });
});
