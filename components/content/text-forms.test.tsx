import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import type { TextFormat } from '@/lib/schemas/text-format';
import { TextFormatProvider, useTextForm } from './text-forms';

function Form({ text }: { text: string }) {
  return JSON.stringify(useTextForm()(text)).replaceAll('"', '');
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
