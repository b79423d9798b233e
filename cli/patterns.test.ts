import { check } from 'recheck';
import { expect, it } from 'vitest';
import { type Pattern, patternsIn, projectPatterns } from './patterns';

/**
 * No pattern that meets people's text takes exponential or quadratic time on any text. Recheck knows by automata, or
 * by attacks that it makes up where a pattern looks around or refers back.
 */
async function isSlow({ source, flags }: Pattern): Promise<string | null> {
  // Indices and sets change what is told of a match, not how it is found; recheck does not know them.
  const known = flags.replace(/[dv]/g, '');
  for (const timeout of [10_000, 40_000]) {
    const result = await check(source!, known, { timeout });
    if (result.status === 'safe') return null;
    if (result.status === 'vulnerable') return result.complexity.summary;
  }
  return 'not decided';
}

/** Patterns made while the program runs, each with why it is safe. */
const MADE_WHILE_RUNNING: Record<string, string> = {
  "new RegExp(wanted.replace(/\\s+/g, '\\\\s+'), 'giu')":
    'Words that people search for, escaped, with white space between them: nothing in it can be read in two ways.',
  'new RegExp(`^${layer}(?:,${layer})*$`)':
    'Names of layers from a list, of which none begins another, with commas between.',
  "new RegExp(escaped.join('|'), 'g')": 'Alternatives without repetition.',
  "new RegExp(`^(?:${pattern.replaceAll('(?P<', '(?<')})$`, 'u')":
    'Which layers an adapter is for: no group repeats, at most six repeats stand in it, and it meets names of layers.',
  "new RegExp(`[\\\\s\\\\S]{1,${config.length}}`, 'gu')": 'One set of characters, so many times at most.',
  "new RegExp(replacement.replace(/[\\\\^$.*+?()[\\]{}|/]/g, '\\\\$&'), 'gu')":
    'A text, escaped: nothing in it repeats.',
  "new RegExp(`[${classOf(withoutCategory)}]`, 'gu')": 'One set of characters, once.',
  "new RegExp(`[^${classOf(notNormalized)}]+`, 'gu')": 'One set of characters, as long as they last.',
};

it('no pattern of the project is exponential or quadratic', { timeout: 240_000 }, async () => {
  const patterns = projectPatterns();
  expect(patterns.length).toBeGreaterThan(100);
  const unknown = patterns.filter(({ source, code }) => source === null && !(code in MADE_WHILE_RUNNING));
  expect(unknown.map(({ file, line, code }) => `${file}:${line} ${code}`)).toEqual([]);

  const distinct = new Map(patterns.map((pattern) => [`/${pattern.source}/${pattern.flags}`, pattern]));
  const slow: string[] = [];
  for (const [name, pattern] of distinct) {
    const summary = pattern.source === null ? null : await isSlow(pattern);
    if (summary) slow.push(`${pattern.file}:${pattern.line} ${name}: ${summary}`);
  }
  expect(slow).toEqual([]);
});

it('every exempted pattern still exists', () => {
  const codes = new Set(projectPatterns().map(({ code }) => code));
  expect(Object.keys(MADE_WHILE_RUNNING).filter((code) => !codes.has(code))).toEqual([]);
});

// The lists of old: a bullet with indented lines below it.
const exponential = String.raw`/^ {0,3}[-*+][ \t]+\S[^\n]*\n(?:\n?[ \t]+[^\n]+\n)*\n?[ \t]*[-*+][ \t]+\S/m`;
it.each([
  ['an exponential pattern', `export const list = ${exponential};`, true],
  ['a quadratic pattern', String.raw`export const trimmed = (t: string) => t.replace(/\s+$/, '');`, true],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the code as it stands
  ['one made of parts', "const part = '(?:a|a)*'; export const made = new RegExp(`^${part}b`);", true],
  ['one made of raw text', 'export const made = RegExp(String.raw`(\\d+)+x`);', true],
  ['one that is harmless', String.raw`export const word = /\p{L}+\s*/gu;`, false],
])('finds %s', async (_, code, slow) => {
  const [pattern, ...rest] = patternsIn(code, 'planted.ts');
  expect(rest).toEqual([]);
  expect((await isSlow(pattern!)) !== null).toBe(slow);
});

it('reports a pattern that cannot be determined statically', () => {
  expect(patternsIn('export const of = (x: string) => new RegExp(x);', 'planted.ts')[0]).toMatchObject({
    source: null,
    code: 'new RegExp(x)',
  });
});
