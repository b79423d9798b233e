import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignTexts } from './alignment';
import { foldText } from './fold';
import { mathSpans, toMarkdownMath } from './math-spans';
import { maskSelfNames } from './self-names';
import { searchSpans, sharedSpans } from './shared-spans';
import { looksLikeMarkdown } from './text-form';
import { splitThinking } from './thinking';
import { diffWords } from './word-diff';

/**
 * Whatever a text is, what the page does with it takes time in proportion to its length: twice the text, at most
 * three times the time. Growth is compared, never time itself.
 */
type Work = (text: string) => unknown;
const works: Record<string, Work> = {
  'text form': looksLikeMarkdown,
  'maths spans': mathSpans,
  'maths as Markdown': toMarkdownMath,
  'self names': (text) => maskSelfNames(text),
  fold: foldText,
  thinking: (text) => splitThinking(text, ['scratch']),
  // Against the text turned by a third, so that nothing is found at once.
  diff: (text) => diffWords(text, `${text.slice(text.length / 3)} ${text.slice(0, text.length / 3)}x`),
  search: (text) => searchSpans(text, text.slice(0, 12)),
  'search for words apart': (text) => searchSpans(text, 'a b'),
  'words shared': (text) => sharedSpans(text, text.slice(0, 2000)),
  alignment: (text) => alignTexts(text, [text.slice(1)]),
};

/** Where growth begins to tell, in characters: a diff is thorough, so quadratic, within its bounded effort. */
const largeEnough: Record<string, number> = { diff: 40_000 };

const units = {
  'a bullet with indented code': '- item\n    f(1)\n    f(2)\n    f(3)\n',
  'half an emphasis': '*a_ ',
  stars: '*',
  'bold that never ends': '**a ',
  backticks: '`',
  'backticks apart': '` ',
  'backticks of many lengths': '` `` ``` ',
  fences: '\n```a\n',
  tildes: '~~~',
  'open brackets': '[',
  'closed brackets': '](',
  'links without an end': '[a](http://b',
  'displayed maths without an end': '\\[',
  'inline maths without an end': '\\(',
  'environments without an end': '\\begin{align}',
  'ends without environments': '\\end{align}',
  dollars: '$',
  prices: '$5 ',
  'dollars with one word': '$a',
  'opening tags': '<think>',
  'closing tags': '</think>\n```\n',
  bars: '|',
  'bars and dashes': '|---',
  rows: '| a\n',
  spaces: ' ',
  tabs: '\t',
  'empty lines': '\n',
  'empty lines with spaces': '\n ',
  quotes: '> ',
  headings: '# a\n',
  numbers: '1. a\n',
  'one word without an end': 'a',
  words: 'as an ai, i am ',
  'a name again and again': 'I am Claude, made by OpenAI. ',
  'the start of a name': 'I am Claude Pro ',
  makers: "I'm made made ",
  dots: '.',
  'dashes and dots': 'a-.',
  accents: 'é\u0301',
  Japanese: '日本語',
  emoji: '👩‍👩‍👧',
};

/**
 * How many times the time does twice the text take? Compared with working through the text twice, which makes as much
 * garbage; in time of this process alone, so that what else runs does not count, and the least of several rounds.
 */
function growth(work: Work, textOf: (length: number) => string, from = 20_000): number {
  const least = (known: number, ...texts: string[]) => {
    const before = process.cpuUsage();
    for (const text of texts) work(text);
    const { user, system } = process.cpuUsage(before);
    return Math.min(known, (user + system) / 1000);
  };
  let length = from;
  let single = least(Number.POSITIVE_INFINITY, textOf(length));
  while (single < 1 && length < 80_000) {
    length *= 2;
    single = least(Number.POSITIVE_INFINITY, textOf(length));
  }
  const [short, long] = [textOf(length), textOf(2 * length)];
  let twice = Number.POSITIVE_INFINITY;
  let double = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 60; round++) {
    twice = least(twice, short, short);
    double = least(double, long);
    // Within a few milliseconds, the compiler and the collector of garbage are what is measured.
    if (double < 4 || double <= 1.5 * twice) return Math.min(3, (2 * double) / twice);
  }
  return (2 * double) / twice;
}

const repeated = (unit: string) => (length: number) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);

describe.each(Object.entries(works))('%s', (name, work) => {
  it.each(Object.entries(units))('takes at most three times the time for twice the text: %s', (_name, unit) => {
    expect(growth(work, repeated(unit), largeEnough[name])).toBeLessThanOrEqual(3);
  });

  it('does so for generated texts', () => {
    const sign = fc.constantFrom(...'*_`~[]()$\\|->#+.:!<&"\' \t\nab1é日'.split(''), 'I am ', 'GPT-4', 'made by');
    fc.assert(
      fc.property(fc.array(sign, { minLength: 1, maxLength: 6 }), (parts) => {
        expect(growth(work, repeated(parts.join('')), largeEnough[name])).toBeLessThanOrEqual(3);
      }),
      // A failure prints the seed; shrinking would only measure smaller noise.
      { numRuns: 8, endOnFailure: true },
    );
  });
});

it('finds work whose time is quadratic', () => {
  // The measure itself: this pattern looks through all that is left from every place. An interruption can only make
  // growth look smaller, so the largest of a few counts.
  const quadratic = () => growth((text) => /\s+$/.test(`${text}a`), repeated(' '), 2500);
  expect(Math.max(quadratic(), quadratic(), quadratic())).toBeGreaterThan(3);
});
