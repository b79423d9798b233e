import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { TextFormat } from '@/lib/schemas/text-format';
import { TextFormatProvider, TextGroup, useIsRaw, useTextForm } from './text-forms';

function Form({ text }: { text: string }) {
  return JSON.stringify(useTextForm()(text)).replaceAll('"', '');
}
function Raw() {
  return useIsRaw() ? ' raw' : '';
}
const form = (format: TextFormat, text: string) =>
  renderToStaticMarkup(
    <TextFormatProvider value={format}>
      <Form text={text} />
    </TextFormatProvider>,
  );

it('is the look of a text where the project decides for each', () => {
  expect(form('auto', 'Is this *really* so?')).toBe('{markdown:false,math:false}');
  expect(form('auto', '**So** $x^2$')).toBe('{markdown:true,math:true}');
});

it('is Markdown for every text where the project says so, with the formulas that it holds', () => {
  expect(form('markdown', 'Is this *really* so?')).toBe('{markdown:true,math:false}');
  expect(form('markdown', 'So $x^2$')).toBe('{markdown:true,math:true}');
});

it('is as written for every text where the project says so', () => {
  expect(form('plain', '**So** $x^2$')).toBe('{markdown:false,math:false}');
});

describe('a group of texts', () => {
  const list = 'Two ways:\n\n```js\nf(1)\n```';
  const formIn = (format: TextFormat, texts: string[], text: string, raw = false) =>
    renderToStaticMarkup(
      <TextFormatProvider value={format}>
        <TextGroup texts={texts} raw={raw}>
          <Form text={text} />
          <Raw />
        </TextGroup>
      </TextFormatProvider>,
    );

  it('is Markdown as soon as one of them is, with formulas only in those that hold one', () => {
    expect(formIn('auto', ['Just words.', list], 'Just words.')).toBe('{markdown:true,math:false}');
    expect(formIn('auto', ['So $x^2$.', list], 'So $x^2$.')).toBe('{markdown:true,math:true}');
  });

  it('is as written where none of them is', () => {
    expect(formIn('auto', ['Is this *really* so?', 'So $x^2$.'], 'Is this *really* so?')).toBe(
      '{markdown:false,math:false}',
    );
    expect(formIn('auto', ['Is this *really* so?', 'So $x^2$.'], 'So $x^2$.')).toBe('{markdown:false,math:true}');
  });

  it('sees Markdown in an answer behind long thinking', () => {
    const text = `<think>${'word '.repeat(6000)}</think>\n\n${list}`;
    expect(formIn('auto', ['Just words.', text], 'Just words.')).toBe('{markdown:true,math:false}');
  });

  it('is what the project says where the project says it', () => {
    expect(formIn('markdown', ['Just words.'], 'Just words.')).toBe('{markdown:true,math:false}');
    expect(formIn('plain', [list], list)).toBe('{markdown:false,math:false}');
  });

  it('is sign for sign where that is asked for', () => {
    for (const format of ['auto', 'markdown', 'plain'] as const) {
      expect(formIn(format, [list, 'So $x^2$.'], 'So $x^2$.', true)).toBe('{markdown:false,math:false} raw');
    }
  });
});
