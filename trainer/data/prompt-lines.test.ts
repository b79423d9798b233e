import { describe, expect, it } from 'vitest';
import { readPromptLines, serializePromptLine } from './prompt-lines';

const read = (...lines: unknown[]) =>
  readPromptLines(
    new TextEncoder().encode(lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')),
    'f.jsonl',
  ).records;

describe('readPromptLines', () => {
  it('reads import lines, snapshot records and bare questions', () => {
    const imported = { external_id: 'a', prompt: 'Why?', responses: [{ text: 'x' }, { text: 'y', source: 'human' }] };
    const record = {
      id: 'b',
      prompt: [{ role: 'user', content: 'Why?' }],
      responses: [{ id: 'k', text: 'x', source: 'm', label: 'l', tier: 0 }],
      reference_label: 'l',
      pairs: [],
      target: null,
    };
    const prompts = read('\uFEFF', imported, '', record, { id: 'c', prompt: 'Who?' });
    expect(prompts.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(prompts[0]!.responses).toEqual([
      { id: 'r1', text: 'x', source: 'unknown' },
      { id: 'r2', text: 'y', source: 'human' },
    ]);
    expect(JSON.parse(serializePromptLine(prompts[1]!))).toEqual({
      external_id: 'b',
      prompt: [{ role: 'user', content: 'Why?' }],
      responses: [{ id: 'k', text: 'x', source: 'm', label: 'l' }],
      reference_label: 'l',
    });
    expect(prompts[2]!.responses).toEqual([]);
  });

  it.each([
    [['{'], 'f.jsonl:1: the line is not valid JSON'],
    [[{ id: 'a', prompt: 'x' }, { prompt: 'x' }], 'f.jsonl:2: id: is missing'],
    [[{ id: 'a', prompt: 'x' }, '', { id: 'a', prompt: 'x' }], 'f.jsonl:3: prompt "a" was already on line 1'],
    [[{ id: 'a', prompt: ' ' }], 'f.jsonl:1: prompt[0]: must not be empty'],
    [[{ id: 'a', prompt: 'x', responses: [{ id: 'k' }] }], 'f.jsonl:1: responses[0].text'],
    [[' '], 'f.jsonl: there are no prompts'],
  ])('refuses %j by line and reason', (lines, message) => expect(() => read(...lines)).toThrow(message));
});
