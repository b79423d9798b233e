import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mathSpans, toMarkdownMath } from './math-spans';

const tex = (text: string) => mathSpans(text).map((span) => span.tex);

describe('mathSpans', () => {
  it.each([
    ['the root $x^2 = 2$ is', 'x^2 = 2'],
    ['let $n$ be even', 'n'],
    ['so \\(a_1 + a_2\\) holds', 'a_1 + a_2'],
    ['\\[ \\int_0^1 x\\,dx \\]', '\\int_0^1 x\\,dx'],
    ['$$\\frac{1}{2}$$', '\\frac{1}{2}'],
    ['\\begin{align*}a &= b\\\\c &= d\\end{align*}', '\\begin{align*}a &= b\\\\c &= d\\end{align*}'],
    ['it is $3 + 4$.', '3 + 4'],
  ])('%s', (text, expected) => {
    expect(tex(text)).toEqual([expected]);
  });

  it.each([
    'It costs $5 and the other $10.',
    'US$5 = CA$7',
    'between $5-$10 a head',
    'from $3, which is x_1 in our table, to 4$ more',
    'the `$x^2$` of the source',
    '```\n$x^2$\n```',
    'escaped \\$x^2\\$',
    'a lone $ sign',
    '$ x^2 $',
    'See (1) and [2].',
  ])('leaves alone: %s', (text) => {
    expect(tex(text)).toEqual([]);
  });

  it('never overlaps, stays inside the text, and is quick on anything', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('$', '$$', '\\[', '\\]', '\\(', '\\)', '`', '```\n', 'x', ' ', '\n', '^', '5'), {
          maxLength: 60,
        }),
        (parts) => {
          const text = parts.join('');
          let end = 0;
          for (const span of mathSpans(text)) {
            expect(span.start).toBeGreaterThanOrEqual(end);
            expect(span.end).toBeLessThanOrEqual(text.length);
            end = span.end;
          }
        },
      ),
    );
  });
});

describe('toMarkdownMath', () => {
  it('keeps money as it is and doubles the dollars of formulas', () => {
    expect(toMarkdownMath('Pay $5 for $x^2$.')).toBe('Pay $5 for $$x^2$$.');
  });

  it('gives a formula on a line of its own a block', () => {
    expect(toMarkdownMath('So\n\\[ x \\]\nholds')).toBe('So\n\n\n$$\nx\n$$\n\n\nholds');
  });

  it('keeps a displayed formula within its line where text goes on', () => {
    expect(toMarkdownMath('So $$x$$ holds')).toBe('So $$\\displaystyle x$$ holds');
  });
});
