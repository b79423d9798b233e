/** Files of each shape that other programs write, read; rows that are refused. */
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { readImport } from '../../containers/read-import';
import { translate } from '../../i18n/translate';
import { assistant, encode, lines, message, shapes, user } from './shapes.test-support';

/** A prompt's last message, and its responses, each with the source and label that are known. */
async function imported(file: Uint8Array) {
  const { prompts, errors, found } = await readImport(file);
  return {
    prompts: prompts.map(({ prompt }) => [
      prompt.messages.map(({ content }) => content).join(' / '),
      prompt.responses.map(({ text, source, label }) => [text, source === 'unknown' ? '' : source, label].join('|')),
    ]),
    errors: errors.map(({ line, reason }) => `${line}: ${translate('en', reason)}`),
    told: `${translate('en', found.title)}: ${found.judgements} judgements, ${found.pairs} pairs, ${found.merged} merged`,
    ids: prompts.map(({ prompt }) => prompt.externalId),
  };
}

describe('files of other programs become prompts with responses', () => {
  it.each(shapes)('$of', async ({ rows, prompts, told }) => {
    const result = await imported(lines(rows));
    expect(result.errors).toEqual([]);
    expect(result.prompts).toEqual(prompts);
    expect(result.told).toBe(told);
    // The same prompts, whatever holds the rows.
    expect(await imported(encode(JSON.stringify(rows, null, 2)))).toEqual(result);
    expect(await imported(gzipSync(lines(rows)))).toEqual(result);
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    const columnData = columns.map((name) => ({
      name,
      type: 'JSON' as const,
      data: rows.map((row) => (row as Record<string, unknown>)[name] ?? null),
    }));
    expect(await imported(new Uint8Array(parquetWriteBuffer({ columnData })))).toEqual(result);
  });

  it('tables say the same with texts alone', async () => {
    const csv = (text: string) => imported(encode(text));
    expect(await csv('prompt,chosen,rejected\n"Why,\nreally?",So.,No.\n')).toMatchObject({
      prompts: [['Why,\nreally?', ['So.||', 'No.||']]],
      errors: [],
    });
    expect(await csv('prompt,response,helpfulness\nWhy?,A,4\nWhy?,B,x\n')).toMatchObject({
      errors: [
        '3: helpfulness: must be a number, not a text (string)',
        expect.stringMatching(/^2: responses: must hold at least 2/),
      ],
    });
  });

  it('an id is the file’s own, or follows from the content, so that a file imported again changes nothing', async () => {
    const rows = [
      { id: 5, prompt: 'Why?', chosen: 'A', rejected: 'B' },
      { prompt: 'How?', chosen: 'A', rejected: 'B' },
    ];
    const { ids } = await imported(lines(rows));
    expect(ids).toEqual(['5', expect.stringMatching(/^[0-9a-f]{16}$/)]);
    expect((await imported(lines([...rows].reverse()))).ids).toEqual([...ids].reverse());
  });
});

describe('rows that cannot become prompts are named by line, and the others are read', () => {
  const good = { prompt: 'Why?', chosen: 'A', rejected: 'B' };
  it.each<[string, object, RegExp]>([
    ['no prompt', { chosen: 'A', rejected: 'B' }, /^2: the row has answers, but no prompt$/],
    [
      'answers that differ before their last turn',
      { chosen: [user('a'), assistant('A')], rejected: [user('b'), assistant('B')] },
      /^2: the answers differ in more/,
    ],
    [
      'a conversation that ends with the user',
      { prompt: 'x', chosen: [user('a')], rejected: [user('b')] },
      /^2: the conversation must end with the assistant/,
    ],
    ['an answer that is a number', { prompt: 'x', chosen: true, rejected: 'B' }, /^2: chosen: /],
    [
      'a tool’s turn',
      {
        chosen: [{ role: 'tool', content: 'x' }, assistant('A')],
        rejected: [{ role: 'tool', content: 'x' }, assistant('B')],
      },
      /^2: prompt\[0\]\.role: must be one of/,
    ],
    ['equal answers', { prompt: 'x', chosen: 'A', rejected: 'A ' }, /^2: responses: must hold at least 2/],
    ['an empty answer', { prompt: 'x', chosen: 'A', rejected: '' }, /^2: responses\[1\]\.text: must not be empty/],
    ['a list', [1], /^2: /],
    [
      'the same id for another prompt',
      { id: 'one', prompt: 'x', chosen: 'A', rejected: 'B' },
      /^2: external_id "one" was already used on line 1/,
    ],
  ])('%s', async (_, bad, reason) => {
    const { prompts, errors } = await imported(lines([{ ...good, id: 'one' }, bad, { ...good, prompt: 'How?' }]));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(reason);
    expect(prompts.map(([prompt]) => prompt)).toEqual(['Why?', 'How?']);
  });

  it('a tree whose root is missing, or that goes round in a circle', async () => {
    const { errors } = await imported(
      lines([
        message('a', 'gone', 'assistant', 'A'),
        message('c', 'd', 'assistant', 'C'),
        message('d', 'c', 'prompter', 'D'),
      ]),
    );
    expect(errors).toEqual(['1: its parent “gone” is not in the file', '2: its parent “d” is not in the file']);
  });

  it('a file that is cut off keeps what was read, and says that it ends there', async () => {
    const whole = gzipSync(lines(Array.from({ length: 5000 }, (_, i) => ({ ...good, prompt: `Why ${Math.sin(i)}?` }))));
    const { prompts, errors } = await readImport(whole.subarray(0, whole.length / 2));
    expect(prompts.length).toBeGreaterThan(100);
    expect(errors).toMatchObject([{ ends: true, reason: { key: 'issues.packedCutOff' } }]);
  });
});

describe('the language of a prompt', () => {
  const languageOf = async (...rows: object[]) => {
    const { prompts } = await readImport(lines(rows));
    return prompts.map(({ prompt }) => prompt.language);
  };
  const helpSteer3 = (domain: string, language: string) =>
    languageOf({
      domain,
      language,
      context: [user('Why?')],
      response1: 'A',
      response2: 'B',
      overall_preference: 1,
      individual_preference: [],
    });
  const arena = (language: string) =>
    languageOf({
      model_a: 'm1',
      model_b: 'm2',
      winner: 'tie',
      conversation_a: [user('Why?'), assistant('A')],
      conversation_b: [user('Why?'), assistant('B')],
      language,
    });

  it('is taken from OpenAssistant, from arenas and from HelpSteer3, where it is no programming language', async () => {
    const tree = (lang: string) => [
      message('q', null, 'prompter', 'Why?', { lang }),
      message('a', 'q', 'assistant', 'A', { lang }),
      message('b', 'q', 'assistant', 'B', { lang }),
    ];
    expect(await languageOf(...tree('pt-BR'))).toEqual(['pt-br']);
    expect(await arena('English')).toEqual(['en']);
    expect(await arena('pl')).toEqual(['pl']);
    expect(await arena('unknown')).toEqual([undefined]);
    expect(await helpSteer3('multilingual', 'korean')).toEqual(['ko']);
    expect(await helpSteer3('code', 'python')).toEqual([undefined]);
    expect(await helpSteer3('code', 'go')).toEqual([undefined]);
  });
});
