import { describe, expect, it } from 'vitest';
import { columnDraftSchema, columnMappingSchema, mappedColumns } from '../schemas/column-mapping';
import { columnsOf } from './file-columns';
import { guessColumns } from './guess-columns';

const guessed = (row: object) => columnDraftSchema.parse(guessColumns(columnsOf([row]).list));

describe('what columns seem to hold', () => {
  it.each<[string, object, object]>([
    [
      'answers side by side, with what belongs to each',
      {
        qid: 'x',
        question: 'Why?',
        answer_a: 'So.',
        answer_b: 'No.',
        model_a: 'm',
        model_b: 'n',
        score_a: 1,
        score_b: 2,
        winner: 'a',
        annotator: 'Ann',
      },
      {
        prompt: 'question',
        annotator: 'annotator',
        winner: 'winner',
        responses: [
          { column: 'answer_a', source: 'model_a', score: 'score_a' },
          { column: 'answer_b', source: 'model_b', score: 'score_b' },
        ],
      },
    ],
    [
      'a table of somebody’s own words',
      { ticket: 'T-1', 'customer question': 'Why?', 'draft by Ana': 'So.', 'draft by bot': 'No.', topic: 'support' },
      { prompt: 'customer question', responses: [{ column: 'draft by Ana' }, { column: 'draft by bot' }] },
    ],
    [
      'one response a row',
      { prompt_id: 7, Prompt: 'Why?', Response: 'So.', Model: 'm', Rating: 4, Label: 'yes', lang: 'en' },
      {
        id: 'prompt_id',
        prompt: 'Prompt',
        language: 'lang',
        responses: [{ column: 'Response', source: 'Model', score: 'Rating', label: 'Label' }],
      },
    ],
    [
      'ranks, of which the lowest is the best',
      {
        instruction: 'Why?',
        output1: 'So.',
        output2: 'No.',
        rank1: 1,
        rank2: 2,
        context: 'Text.',
        system_prompt: 'Be.',
      },
      {
        prompt: 'instruction',
        system: 'system_prompt',
        documents: ['context'],
        responses: [
          { column: 'output1', score: 'rank1' },
          { column: 'output2', score: 'rank2' },
        ],
        lowerIsBetter: true,
      },
    ],
    [
      'lists',
      { query: 'Why?', responses: ['So.', 'No.'], scores: [1, 2] },
      { prompt: 'query', responses: [{ column: 'responses', score: 'scores' }] },
    ],
    ['nothing by name but a text', { nr: 4, text: 'Why?', other: 'So.' }, { prompt: 'text', responses: [] }],
    [
      'a label of the row',
      { question: 'Why?', answer_1: 'a', answer_2: 'b', label: 'yes' },
      { prompt: 'question', referenceLabel: 'label' },
    ],
  ])('%s', (_, row, expected) => {
    const guess = guessed(row);
    expect(guess).toMatchObject(expected);
    if (guess.responses.length > 0) columnMappingSchema.parse(guess);
    expect(Object.keys(row)).toEqual(expect.arrayContaining(mappedColumns(guess)));
  });

  it('is bounded, however many columns there are, and names no column twice as responses', () => {
    const row = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`answer_${i}`, `text ${i}`]));
    const { list, more } = columnsOf([row]);
    expect([list.length, more]).toEqual([200, 300]);
    expect(guessColumns(list).responses).toHaveLength(12);
  });

  it('values are shown shortened, and what cannot be stored is no name of a column', () => {
    const long = `${'x'.repeat(158)}🙂🙂`;
    const { list } = columnsOf([
      { a: long, 'b\0': 1, ['c'.repeat(201)]: 1, d: null, '': 1 },
      { a: long, d: [1, 'é'] },
      'text',
      null,
    ]);
    expect(list).toEqual([
      { name: 'a', samples: [`${'x'.repeat(158)}…`] },
      { name: 'd', samples: ['[1,"é"]'] },
    ]);
  });
});
