/** Importable texts that once blocked a page for seconds or forever, and similar ones. */
const rows = (columns: number, count: number) =>
  `|${'a|'.repeat(columns)}\n|${'-|'.repeat(columns)}\n${'|b\n'.repeat(count)}`;

export const slowTexts: Record<string, string> = {
  'half emphasis': '*a_ '.repeat(10_000),
  'displayed maths without an end': '\\['.repeat(99_000),
  pipes: `**a**\n${'|'.repeat(100_000)}`,
  'a table whose rows are filled up': rows(400, 3000),
  'one word': 'a'.repeat(150_000),
  'one Arabic word': 'مرحبا'.repeat(30_000),
  'directions that take turns': 'aמ1'.repeat(50_000),
  'one line of Thai': 'สวัสดี'.repeat(15_000),
  'a bullet with indented code': `- call it\n${'\n    f(1)\n    g(2)\n'.repeat(4000)}`,
  'nested quotes': `**a**\n\n${'>'.repeat(10_000)} a`,
  'nested lists': `**a**\n\n${'- '.repeat(10_000)}a`,
  backticks: `**a**\n\n${'` `` ``` '.repeat(15_000)}`,
  links: '[a](https://example.org) '.repeat(6000),
  'references to one long address': `**a** [a]\n\n[a]: https://example.org/${'b'.repeat(20_000)}\n\n${'[a] '.repeat(20_000)}`,
  'open tags': `**a** ${'<a '.repeat(40_000)}`,
  'open comments': `**a** ${'<!-- '.repeat(30_000)}`,
  footnotes: `**a** ${'[^a] '.repeat(20_000)}\n\n[^a]: b`,
  formulas: '$x^{2}$ '.repeat(18_000),
  'a formula of fractions': `$${'\\frac{1}{'.repeat(40)}x${'}'.repeat(40)}$ `.repeat(300),
  'empty lines': `**a**${'\n'.repeat(150_000)}b`,
};

/** What a page says above a text that it leaves as it was written. */
export const TOO_INTRICATE = 'Too long or too complex to format, so it is shown as written.';
