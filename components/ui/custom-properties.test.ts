/** Checks that every custom property in use is defined: browsers ignore a misspelt one silently. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sourcesIn } from '@/lib/i18n/testing-sources';

const FOLDERS = ['app', 'components'];
const text = sourcesIn(FOLDERS, '.ts', '.tsx', '.css')
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n');
/** next/font defines these on the html element (app/layout.tsx takes the fonts from this package). */
const fonts = sourcesIn(['node_modules/geist/dist'], '.js')
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n');

const names = (source: string, pattern: RegExp) => new Set([...source.matchAll(pattern)].map((match) => match[1]!));
/** `var(--name)` without a fallback, and Tailwind's `utility-(--name)`. */
const used = (source: string) => names(`${source}`, /(?:var\(\s*|-\()(--[\w-]+)\s*\)/g);
/** `--name: value` in a style sheet, `'--name': value` in a style, `variable: "--name"` of a font. */
const defined = (source: string) => names(source, /(--[\w-]+)['"]?\]?\s*:/g);
const undefinedIn = (source: string, others = '') => {
  const known = new Set([...defined(source), ...defined(others), ...names(fonts, /variable: ['"](--[\w-]+)['"]/g)]);
  return [...used(source)].filter((name) => !known.has(name));
};

describe('custom properties', () => {
  it('are all defined', () => {
    expect([...used(text)].length).toBeGreaterThan(15);
    expect(undefinedIn(text)).toEqual([]);
  });

  it('the control: one that nobody defines is found', () => {
    expect(undefinedIn('color="var(--ramp-5)"', text)).toEqual(['--ramp-5']);
  });
});
