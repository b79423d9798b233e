/** Rows that match no known shape, read by columns that somebody mapped. */
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { readImport } from '../../containers/read-import';
import { translate } from '../../i18n/translate';
import { type ColumnMapping, columnMappingSchema } from '../../schemas/column-mapping';
import { columnsParameterSchema } from '../../schemas/column-mapping-text';
import { csvLine } from '../csv-line';

const encode = (text: string) => new TextEncoder().encode(text);
const lines = (rows: readonly object[]) => encode(rows.map((row) => JSON.stringify(row)).join('\n'));

async function read(file: Uint8Array, mapping: ColumnMapping | string) {
  const by = typeof mapping === 'string' ? columnsParameterSchema.parse(mapping) : columnMappingSchema.parse(mapping);
  const { prompts, judgements, errors, found } = await readImport(file, by);
  return {
    prompts: prompts.map(({ prompt }) => prompt),
    said: judgements.map(({ annotator, promptId, levels, allBad }) => {
      const order = levels.map(([response, level]) => `${response}:${level}`).join(' ');
      return `${annotator} on ${promptId}: ${order}${allBad ? ' all bad' : ''}`;
    }),
    errors: errors.map(({ line, reason, ends }) => `${line}${ends ? '!' : ''}: ${translate('en', reason)}`),
    found,
  };
}

describe('columns mapped by hand', () => {
  it('hold a prompt, what belongs to it, and one response each', async () => {
    const csv = [
      'Nr;Question;Background;Role;answer_a;answer_b;Kind a;Gold;Lang;Urgency',
      '7;"Why; so?";"A text.";Be brief.;"So\nit is.";No.;good;yes;English;5',
    ].join('\n');
    const { prompts, errors, found } = await read(
      encode(csv),
      'prompt=Question, system=Role, id=Nr, document=Background, response=answer_a, source-name=human, label=Kind a,' +
        'response=answer_b, reference-label=Gold, language=Lang, priority=Urgency',
    );
    expect(errors).toEqual([]);
    expect(prompts).toEqual([
      {
        externalId: '7',
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Why; so?' },
        ],
        documents: [{ title: 'Background', text: 'A text.' }],
        responses: [
          { id: 'r1', text: 'So\nit is.', source: 'human', label: 'good' },
          { id: 'r2', text: 'No.', source: 'answer_b' },
        ],
        referenceLabel: 'yes',
        language: 'en',
        priority: 5,
      },
    ]);
    expect(translate('en', found.title)).toBe('a file whose columns were mapped by hand');
  });

  it('or one response a row, where rows of one prompt are gathered and scores become one order', async () => {
    const rows = [
      { q: 'Why?', text: 'So.', by: 'm1', stars: 4 },
      { q: 'How?', text: 'Thus.', by: 'm1', stars: 1 },
      { q: 'Why?', text: 'No.', by: 'm2', stars: 2 },
      { q: 'How?', text: 'Not.', by: 'm2', stars: 1 },
      { q: 'Why?', text: 'Hm.', by: 'm3', stars: null },
    ];
    const mapping = 'prompt=q,response=text,source=by,score=stars';
    const { prompts, said, errors } = await read(lines(rows), mapping);
    expect(errors).toEqual([]);
    expect(prompts.map(({ responses }) => responses.map(({ text, source }) => `${text} ${source}`))).toEqual([
      ['So. m1', 'No. m2', 'Hm. m3'],
      ['Thus. m1', 'Not. m2'],
    ]);
    const [why, how] = prompts.map(({ externalId }) => externalId);
    expect(said).toEqual([`stars on ${why}: r1:0 r2:1`, `stars on ${how}: r1:0 r2:0`]);
    const ranks = await read(lines(rows), `${mapping},better=lower`);
    expect(ranks.said[0]).toBe(`stars on ${why}: r1:1 r2:0`);
  });

  it('keep both scores where an annotator gave a response two', async () => {
    const rows = [
      { q: 'Why?', text: 'So.', stars: 4 },
      { q: 'Why?', text: 'No.', stars: 2 },
      { q: 'Why?', text: 'So.', stars: 1 },
      { q: 'Why?', text: 'No.', stars: 3 },
    ];
    const { said, prompts } = await read(lines(rows), 'prompt=q,response=text,score=stars');
    const id = prompts[0]!.externalId;
    expect(said).toEqual([`stars on ${id}: r1:0 r2:1`, `stars (2) on ${id}: r1:1 r2:0`]);
  });

  it('say by scores of each column, and by a winner, who judged what', async () => {
    const row = { id: 'x', p: 'Why?', out_1: 'So.', out_2: 'No.', score_1: '0,5', score_2: '2' };
    const mapping = 'prompt=p,id=id,response=out_1,score=score_1,response=out_2,score=score_2';
    expect((await read(lines([row]), mapping)).errors).toEqual(['1: score_1: must be a number, not a text (string)']);
    expect((await read(lines([{ ...row, score_1: '0.5' }]), mapping)).said).toEqual(['score on x: r1:1 r2:0']);
    const judged = { ...row, score_1: '3', best: 2, who: 'Ann' };
    expect((await read(lines([judged]), `${mapping},winner=best,annotator=who`)).said).toEqual([
      'Ann on x: r1:0 r2:1',
      'Ann (2) on x: r2:0 r1:1',
    ]);
  });

  it.each([
    ['A', 'r1:0 r2:1'],
    ['answer_b', 'r2:0 r1:1'],
    ['Model-B', 'r2:0 r1:1'],
    ['llama', 'r1:0 r2:1'],
    ['tie', 'r1:0 r2:0'],
    ['tie (bothbad)', 'r1:0 r2:0 all bad'],
    ['', undefined],
  ])('a winner called “%s” is found by columns, sources and ties', async (winner, order) => {
    const rows = [{ id: 'x', p: 'Why?', answer_a: 'So.', answer_b: 'No.', model_a: 'llama', model_b: 'qwen', winner }];
    const { said, errors } = await read(
      lines(rows),
      'prompt=p,id=id,response=answer_a,source=model_a,response=answer_b,source=model_b,winner=winner',
    );
    expect(errors).toEqual([]);
    expect(said).toEqual(order === undefined ? [] : [`winner on x: ${order}`]);
  });

  it('a winner among several says nothing of the others, and one that is nobody is refused', async () => {
    const row = { id: 'x', p: 'Why?', a1: 'So.', a2: 'No.', a3: 'Hm.', best: '1' };
    const mapping = 'prompt=p,id=id,response=a1,response=a2,response=a3,winner=best';
    expect((await read(lines([row]), mapping)).said).toEqual(['best on x: r1:0 r2:1', 'best (2) on x: r1:0 r3:1']);
    expect((await read(lines([{ ...row, best: '4' }]), mapping)).errors).toEqual([
      '1: best: “4” does not say which response is the best (1, 2, 3) or that they are tied',
    ]);
  });

  it('hold messages, conversations, documents and lists, also as the text of JSON in tables', async () => {
    const turns = [
      { from: 'system', value: 'Be brief.' },
      { from: 'human', value: 'Why?' },
    ];
    const documents = [{ title: 'One', text: 'Text.' }, 'Another.'];
    const rows = [{ id: 'x', talk: turns, docs: documents, all: ['So.', 'No.'], marks: [1, 2], by: ['m', 'n'] }];
    const mapping = 'prompt=talk,id=id,document=docs,response=all,source=by,score=marks';
    const { prompts, said } = await read(lines(rows), mapping);
    expect(prompts).toEqual([
      {
        externalId: 'x',
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Why?' },
        ],
        documents: [
          { title: 'One', text: 'Text.' },
          { title: 'docs 2', text: 'Another.' },
        ],
        responses: [
          { id: 'r1', text: 'So.', source: 'm' },
          { id: 'r2', text: 'No.', source: 'n' },
        ],
      },
    ]);
    expect(said).toEqual(['marks on x: r1:1 r2:0']);
    expect((await read(lines([{ ...rows[0], marks: [1] }]), mapping)).errors).toEqual([
      '1: marks: the list has 1 value for the 2 responses in all',
    ]);
    const answer = (content: string) => [...turns, { from: 'gpt', value: content }];
    const csv = `id,talk,one,two\n${csvLine(['y', JSON.stringify(turns), JSON.stringify(answer('So.')), JSON.stringify(answer('No.'))])}\n`;
    const table = await read(encode(csv), 'prompt=talk,id=id,response=one,response=two');
    expect(table.errors).toEqual([]);
    expect(table.prompts[0]!.messages).toEqual(prompts[0]!.messages);
    expect(table.prompts[0]!.responses.map(({ text }) => text)).toEqual(['So.', 'No.']);
  });

  it('an empty cell is none; too few responses, or no prompt, make a bad line that can be left out', async () => {
    const csv = 'q,a,b,c\nWhy?,So.,,No.\nHow?,Thus., ,\n,So.,No.,\n';
    const { prompts, errors } = await read(encode(csv), 'prompt=q,response=a,response=b,response=c');
    expect(prompts.map(({ responses }) => responses.map(({ source }) => source))).toEqual([['a', 'c']]);
    expect(errors.sort()).toEqual([
      '3: responses: must hold at least 2 responses',
      '4: the row has answers, but no prompt',
    ]);
  });

  it('a column that no row has is named, and nothing of the file is read', async () => {
    const csv = 'query,a,b\nWhy?,So.,No.\n';
    expect(await read(encode(csv), 'prompt=question,response=a,response=c')).toMatchObject({
      prompts: [],
      errors: ['1!: no row has the columns “question”, “c”; the file has: query, a, b'],
    });
    // One that some rows of JSON lack is none of these.
    const rows = [
      { q: 'Why?', a: 'So.', b: 'No.' },
      { q: 'How?', a: 'Thus.', b: 'Not.', of: 'yes' },
    ];
    expect((await read(lines(rows), 'prompt=q,response=a,response=b,reference-label=of')).errors).toEqual([]);
  });

  it('values of another kind are named with their column', async () => {
    const rows = [
      { q: { text: 'Why?' }, a: 'So.', b: 'No.', n: 1 },
      { q: 'Why?', a: { b: 1 }, b: 'No.', n: 1 },
      { q: 'Why?', a: 'So.', b: 'No.', n: 'high' },
      'text',
    ];
    const { prompts, errors } = await read(
      encode(rows.map((row) => JSON.stringify(row)).join('\n')),
      'prompt=q,response=a,response=b,priority=n',
    );
    expect(prompts).toEqual([]);
    expect(errors.map((error) => error.slice(0, 12))).toEqual([
      '1: q: must b',
      '2: a: must b',
      '3: n: must b',
      '4: the line ',
    ]);
  });
});

const awkward = [
  '"',
  ',',
  ';',
  '\n',
  '\r\n',
  '\t',
  '=',
  '“',
  '\\',
  "'",
  '{',
  '[',
  '\u2028',
  '\u200f',
  'é',
  'e\u0301',
  '漢',
  '🙂',
  ' ',
  'a',
  '0',
  '__proto__',
  'constructor',
  '-',
  '|',
  '#',
  '<b>',
  '\u0000'.replace('\u0000', '&'),
];
const awkwardText = fc
  .array(fc.constantFrom(...awkward), { minLength: 1, maxLength: 8 })
  .map((parts) => `x${parts.join('')}x`);

describe('whatever characters names and texts are made of', () => {
  const rowsOf = fc.record({
    names: fc.uniqueArray(awkwardText, { minLength: 3, maxLength: 3 }),
    texts: fc.uniqueArray(fc.tuple(awkwardText, awkwardText, awkwardText), {
      minLength: 1,
      maxLength: 5,
      selector: ([prompt]) => prompt.normalize('NFC'),
    }),
  });
  const mappingOf = ([prompt, a, b]: readonly string[]): ColumnMapping =>
    columnsParameterSchema.parse(
      JSON.stringify({ prompt, responses: [{ column: a }, { column: b, sourceName: 'b' }] }),
    );
  const told = ({ prompts, errors }: Awaited<ReturnType<typeof read>>) => [
    errors,
    prompts.map(({ messages, responses }) => [messages[0]!.content, ...responses.map(({ text }) => text)]),
  ];

  it('Parquet and JSON Lines give every text as it is, and the rows of a table the same', async () => {
    await fc.assert(
      fc.asyncProperty(rowsOf, async ({ names, texts }) => {
        const distinct = texts.filter(
          ([, a, b]) =>
            a.normalize('NFC').trim().replace(/\s+/g, ' ') !== b.normalize('NFC').trim().replace(/\s+/g, ' '),
        );
        fc.pre(distinct.length > 0);
        const mapping = mappingOf(names);
        const expected = [[], distinct];
        const rows = distinct.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])));
        expect(told(await read(lines(rows), mapping))).toEqual(expected);
        const columnData = names.map((name, i) => ({
          name,
          data: distinct.map((row) => row[i]!),
          type: 'STRING' as const,
        }));
        expect(told(await read(new Uint8Array(parquetWriteBuffer({ columnData })), mapping))).toEqual(expected);
        const plain = ['prompt', 'one', 'two'];
        const csv = [plain, ...distinct].map((row) => csvLine(row)).join('');
        const table = await read(encode(csv), mappingOf(plain));
        expect(told(table)).toEqual(expected);
      }),
      { numRuns: Number(process.env.MAPPING_RUNS ?? 60) },
    );
  });
});
