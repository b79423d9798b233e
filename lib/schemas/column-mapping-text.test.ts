import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageOfIssue } from '@/trainer/contract/issues';
import { translate } from '../i18n/translate';
import { type ColumnMapping, mappedColumns } from './column-mapping';
import { columnsParameterSchema } from './column-mapping-text';

function problems(text: string): string[] {
  const result = columnsParameterSchema.safeParse(text);
  return result.success
    ? []
    : result.error.issues.map((one) => `${one.path.join('.')}: ${translate('en', messageOfIssue(one))}`);
}

describe('a mapping in words', () => {
  it('says of each column what it holds; what follows a response belongs to it', () => {
    expect(
      columnsParameterSchema.parse(
        'prompt=Question, with comma,id=nr,document=ctx,document=more,response=a,source=m a,label=l,response=b,source-name=GPT,score=s,better=lower',
      ),
    ).toEqual({
      prompt: 'Question, with comma',
      id: 'nr',
      documents: ['ctx', 'more'],
      responses: [
        { column: 'a', source: 'm a', label: 'l' },
        { column: 'b', sourceName: 'GPT', score: 's' },
      ],
      lowerIsBetter: true,
    });
  });

  it.each([
    ['', ': “” does not say what a column holds: write it as prompt=question,response=answer'],
    ['question', ': “question” does not say what a column holds: write it as prompt=question,response=answer'],
    [
      'prompts=q,response=a',
      ': “prompts=q” does not say what a column holds: write it as prompt=question,response=answer',
    ],
    ['source=m,prompt=q,response=a', ': “source=m” must stand behind the response that it belongs to'],
    ['prompt=q,prompt=r,response=a', ': “prompt=r” says again what was said before'],
    ['prompt=q,response=a,label=b,label=c', ': “label=c” says again what was said before'],
    ['prompt=q,response=a,better=more', ': “better=more”: either higher or lower scores are better'],
    ['response=a', 'prompt: is missing'],
    ['prompt=q', 'responses: must hold at least 1'],
    ['prompt=q,response=a,response=a', 'responses.1.column: appears twice'],
    ['prompt=q,response=a,winner=w', 'winner: needs two columns with responses or more'],
    ['prompt=,response=a', 'prompt: must not be empty'],
    [`prompt=${'x'.repeat(201)},response=a`, 'prompt: must have at most 200 characters'],
    [`prompt=q,${Array.from({ length: 13 }, (_, i) => `response=${i}`).join(',')}`, 'responses: must hold at most 12'],
    ['{"prompt":"q"', ': is not valid JSON'],
    ['{"prompt":"q","responses":[{"column":"a"}],"more":1}', ': has unknown fields: more'],
    ['{"prompt":"q\\u0000","responses":[{"column":"a"}]}', 'prompt: has characters that cannot be stored'],
    ['{"prompt":"q\\ud800","responses":[{"column":"a"}]}', 'prompt: has characters that cannot be stored'],
    [`prompt=${'x'.repeat(9000)}`, ': must have at most 8000 characters'],
  ])('%s is refused', (text, reason) => {
    expect(problems(text)[0]).toBe(reason);
  });

  it('as JSON, any name that can be stored comes back as it was', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 3, maxLength: 3 }), ([prompt, column, label]) => {
        const mapping: ColumnMapping = { prompt: prompt!, responses: [{ column: column!, label: label! }] };
        expect(columnsParameterSchema.parse(JSON.stringify(mapping))).toEqual(mapping);
        expect(mappedColumns(mapping)).toEqual([prompt, column, label]);
      }),
    );
  });
});
