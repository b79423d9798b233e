import { readFileSync } from 'node:fs';
import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser';
import { describe, expect, it } from 'vitest';
import ar from '@/messages/ar.json';
import en from '@/messages/en.json';
import ja from '@/messages/ja.json';
import { sourceFiles } from './testing-sources';

type Tree = { [key: string]: string | Tree };
const languages: Record<string, Tree> = { en, ar, ja };

/** Every sentence by its path: "annotate.save.saved". */
function leaves(tree: Tree, path: string[] = []): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[[...path, key].join('.'), value] as [string, string]] : leaves(value, [...path, key]),
  );
}

const elements = (parts: readonly MessageFormatElement[]): MessageFormatElement[] =>
  parts.flatMap((part) => [
    part,
    ...('options' in part ? Object.values(part.options).flatMap(({ value }) => elements(value)) : []),
    ...('children' in part ? elements(part.children) : []),
  ]);
const elementsOf = (message: string) => elements(parse(message));

/** The names that a sentence is given values for, tags included. */
const namesIn = (message: string) =>
  [
    ...new Set(
      elementsOf(message).flatMap((part) =>
        part.type === TYPE.literal || part.type === TYPE.pound ? [] : [part.value],
      ),
    ),
  ].sort();

/** Plurals that lack a form which their language has. */
function lackingForms(language: string, message: string): string[] {
  const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  return elementsOf(message).flatMap((part) =>
    part.type === TYPE.plural ? forms.filter((form) => !(form in part.options)) : [],
  );
}

describe('messages', () => {
  it.each(['ar', 'ja'])('%s has every sentence, with the same names in it', (language) => {
    // `detail` is what another program says, in English: a language may do without it.
    const names = (tree: Tree) =>
      Object.fromEntries(leaves(tree).map(([path, text]) => [path, namesIn(text).filter((name) => name !== 'detail')]));
    expect(names(languages[language]!)).toEqual(names(en));
  });

  it.each(Object.keys(languages))('%s has all its plural forms', (language) => {
    const lacking = leaves(languages[language]!).flatMap(([path, text]) =>
      lackingForms(language, text).map((form) => `${path}: ${form}`),
    );
    expect(lacking).toEqual([]);
  });

  it.each(['ar', 'ja'])('%s is translated: nothing in it is still English', (language) => {
    const known = Object.fromEntries(leaves(en));
    const same = leaves(languages[language]!).filter(
      ([path, text]) => text === known[path] && /[a-z]{2}/i.test(text.replace(/\{[^{}]*\}/g, '')),
    );
    expect(same.map(([path]) => path)).toEqual(['sample.fields.topP.label']);
  });

  it('the controls: a lost name, a lost form', () => {
    expect(namesIn('{count, plural, other {# of {total}}} <link>x</link>')).toEqual(['count', 'link', 'total']);
    expect(lackingForms('ar', '{n, plural, one {x} two {x} few {x} other {x}}')).toEqual(['many', 'zero']);
  });
});

/** Named by key from outside the pages: message-keys.test.ts holds them to their uses. */
const byKey = /^(refusals|issues|trainer)\./;

describe('every sentence is used', () => {
  const texts = sourceFiles().map((path) => readFileSync(path, 'utf8'));

  const isTemplated = (key: string, text: string, start = ''): boolean =>
    [...text.matchAll(/`((?:[\w.-]|\$\{[^}`]*\})+)`/g)].some(([, template = '']) => {
      const fixed = template.split(/\$\{[^}]*\}/).map((part) => part.replaceAll('.', '\\.'));
      return template.startsWith(start) && fixed.join('') !== '' && new RegExp(`^${fixed.join('[\\w-]+')}$`).test(key);
    });

  /** Whether a file that speaks of the namespace has the key as it is, or a template that could be it. */
  function isUsed(path: string, sources: readonly string[]): boolean {
    const [namespace = '', ...rest] = path.split('.');
    const key = rest.join('.');
    return sources.some((text) => {
      if (text.includes(`'${path}'`) || isTemplated(path, text, `${namespace}.`)) return true;
      if (namespace === 'ui' && text.includes(`BrowserError('${key.replace('failures.', '')}'`)) return true;
      const speaks =
        new RegExp(`(Translations|Translator|translatorFor)[(<]'${namespace}'`).test(text) ||
        (namespace === 'titles' && text.includes('pageMetadata('));
      if (!speaks) return false;
      if (text.includes(`'${key}'`)) return true;
      return isTemplated(key, text);
    });
  }

  it('none is left over', () => {
    expect(
      leaves(en)
        .filter(([path]) => !byKey.test(path) && !isUsed(path, texts))
        .map(([path]) => path),
    ).toEqual([]);
  });

  it('the control: one that nobody asks for is found', () => {
    expect(isUsed('annotate.nobodyAsksForThis', texts)).toBe(false);
    const template = ['useTranslations(', "'x'); t(`of.", '$', '{name}`)'].join('');
    expect(isUsed('x.of.one', [template])).toBe(true);
    expect(isUsed('x.by.one', [template])).toBe(false);
  });
});
