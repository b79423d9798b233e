import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBlank } from '@/trainer/data/response-text';
import { malformedImports } from '../containers/malformed-imports.test-support';
import { readImport } from '../containers/read-import';
import { translate } from '../i18n/translate';
import { type ImportedPrompt, importLimits } from '../schemas/prompt-import';
import { promptContent } from './prompts-jsonl';
import { serializePrompt } from './serialize-prompt.test-support';

const encode = (text: string) => new TextEncoder().encode(text);
const line = (id: string, more: object = {}) =>
  JSON.stringify({
    external_id: id,
    prompt: `Ask ${id}`,
    responses: [{ text: 'A' }, { text: 'B', source: 'human' }],
    ...more,
  });

describe('a malformed import is named by line and reason', () => {
  for (const { name, file, line: number, reason, andMore } of malformedImports) {
    it(name, async () => {
      const { errors } = await readImport(file);
      expect(
        errors.filter((error) => error.line === number && reason.test(translate('en', error.reason))),
        JSON.stringify(errors.slice(0, 5)),
      ).toHaveLength(1);
      if (!andMore) expect(errors.every((error) => error.line === number)).toBe(true);
    });
  }

  it('every bad line is named, not the first alone', async () => {
    const file = ['{', line('a'), line('b', { responses: [] }), line('a')].join('\n');
    expect((await readImport(encode(file))).errors.map((error) => error.line)).toEqual([1, 3, 4]);
  });
});

describe('a good import', () => {
  it('tells the first errors of a line, even where there are more than a call can have arguments', async () => {
    const responses = Array.from({ length: 150_000 }, () => 7);
    const { errors } = await readImport(encode(JSON.stringify({ external_id: 'a', prompt: 'Why?', responses })));
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.length).toBeLessThanOrEqual(importLimits.lineErrors);
    expect(errors.every((error) => error.line === 1)).toBe(true);
  });

  it('reads BOM, CRLF, blank lines and a missing last newline; lines keep their numbers', async () => {
    const { prompts, errors } = await readImport(encode(`\ufeff${line('a')}\r\n\r\n${line('b')}`));
    expect(errors).toEqual([]);
    expect(prompts.map(({ line, prompt }) => [line, prompt.externalId])).toEqual([
      [1, 'a'],
      [3, 'b'],
    ]);
  });

  it('gives responses ids and sources, a text one user message, and takes "id" for external_id', async () => {
    const { prompts } = await readImport(encode(line('a', { external_id: undefined, id: 'a', notes: 'ignored' })));
    expect(prompts[0]!.prompt).toEqual({
      externalId: 'a',
      messages: [{ role: 'user', content: 'Ask a' }],
      documents: [],
      responses: [
        { id: 'r1', text: 'A', source: 'unknown' },
        { id: 'r2', text: 'B', source: 'human' },
      ],
    });
  });

  it('accepts a snapshot record, without its pairs and tiers', async () => {
    const record = {
      id: 'a',
      prompt: [{ role: 'user', content: 'Why?' }],
      responses: [
        { id: 'x', text: 'A', source: 'human', tier: 0 },
        { id: 'y', text: 'B', source: 'm', tier: 1 },
      ],
      pairs: [{ chosen: 'x', rejected: 'y', margin: 1, support: [], against: [] }],
      target: 'x',
    };
    const { prompts, errors } = await readImport(encode(JSON.stringify(record)));
    expect(errors).toEqual([]);
    expect(prompts[0]!.prompt.responses[0]).toEqual({ id: 'x', text: 'A', source: 'human' });
  });

  it('survives being written and read again, with equal content', async () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((value) => !isBlank(value) && !value.includes('\0'));
    const prompt: fc.Arbitrary<ImportedPrompt> = fc.record(
      {
        externalId: text,
        messages: fc.array(fc.record({ role: fc.constantFrom('system', 'user', 'assistant'), content: text }), {
          minLength: 1,
          maxLength: 3,
        }),
        documents: fc.array(fc.record({ title: text, text }), { maxLength: 2 }),
        responses: fc
          .array(fc.record({ text, source: text, label: text }, { requiredKeys: ['text', 'source'] }), {
            minLength: 2,
            maxLength: 12,
          })
          .map((all) => all.map((one, i) => ({ id: `id-${i}`, ...one }))),
        referenceLabel: text,
      },
      { requiredKeys: ['externalId', 'messages', 'documents', 'responses'] },
    );
    await fc.assert(
      fc.asyncProperty(prompt, async (one) => {
        const { prompts, errors } = await readImport(encode(serializePrompt(one)));
        expect(errors).toEqual([]);
        expect(promptContent(prompts[0]!.prompt)).toBe(promptContent(one));
      }),
    );
  });
});
