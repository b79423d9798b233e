import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAst } from 'vitest/node';
import { sourceFiles } from './testing-sources';

/** Names, formats and what is the same in every language. */
const exceptions = ['Rescue Studio', 'SHA-256', 'Home', 'End', 'α'];

/** Attributes and properties that people read or hear. */
const spoken =
  /^(label|title|description|hint|placeholder|caption|alt|legend|note|detail|header|error|text|aria-(label|description|valuetext|roledescription))$/;

type Node = { type: string; [key: string]: unknown };
const isNode = (value: unknown): value is Node => typeof (value as Node | null)?.type === 'string';

/** Words in the source of a component that should be in the messages. */
function literals(path: string, source: string): string[] {
  const found: string[] = [];
  const take = (text: string) => {
    const words = exceptions.reduce((rest, known) => rest.replaceAll(known, ''), text).trim();
    if (/\p{L}/u.test(words)) found.push(`${path}: ${words.replace(/\s+/g, ' ')}`);
  };
  /** Takes the literals that an expression may come to. */
  const takeValue = (value: unknown): void => {
    if (!isNode(value)) return;
    if (value.type === 'Literal' && typeof value.value === 'string') take(value.value);
    if (value.type === 'TemplateLiteral') {
      for (const part of value.quasis as { value: { cooked: string } }[]) take(part.value.cooked);
    }
    if (value.type === 'ConditionalExpression') [value.consequent, value.alternate].forEach(takeValue);
    if (value.type === 'LogicalExpression') takeValue(value.right);
    if (value.type === 'JSXExpressionContainer') takeValue(value.expression);
  };
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isNode(value) || value.type.startsWith('TS')) return;
    if (value.type === 'JSXText') take(value.value as string);
    const name = (value.type === 'JSXAttribute' && value.name) || (value.type === 'Property' && value.key);
    if (isNode(name) && spoken.test(String(name.name))) takeValue(value.value);
    if ((value.type === 'JSXElement' || value.type === 'JSXFragment') && Array.isArray(value.children)) {
      value.children.forEach(takeValue);
    }
    for (const [key, child] of Object.entries(value)) if (key !== 'parent') visit(child);
  };
  visit(parseAst(source, { lang: 'tsx' }).body);
  return found;
}

describe('every visible text is in the messages', () => {
  it('no component contains literal text', () => {
    expect(sourceFiles('.tsx').flatMap((path) => literals(path, readFileSync(path, 'utf8')))).toEqual([]);
  });

  it('the control: words are found as text, in attributes, in choices and in lists of options', () => {
    const source = `export const X = () => (
      <p title={open ? 'Close it' : undefined} className="not words">Some words {n} {n === 1 ? 'day' : \`\${n} days\`}
        <Menu entries={[{ id: 'undo', label: 'Undo' }]} /></p>);`;
    expect(literals('x.tsx', source).map((line) => line.slice('x.tsx: '.length))).toEqual([
      'day',
      'days',
      'Close it',
      'Some words',
      'Undo',
    ]);
  });
});

describe('a page brings along the sentences of everything on it', () => {
  const read = (path: string) => readFileSync(path, 'utf8');
  const files = new Set(sourceFiles());

  /** The files that a file imports, now or when needed. Workers are apart: they speak no language. */
  function imports(path: string): string[] {
    const names = [...read(path).matchAll(/(?:from|import\()\s*'(@\/|\.{1,2}\/)([^']+)'/g)];
    return names.flatMap(([, start = '', rest = '']) => {
      const base = start === '@/' ? rest : join(dirname(path), start, rest);
      return [`${base}.tsx`, `${base}.ts`, `${base}/index.ts`].filter((candidate) => files.has(candidate));
    });
  }

  function filesOf(page: string): Set<string> {
    const seen = new Set<string>();
    const follow = (path: string): void => {
      if (seen.has(path)) return;
      seen.add(path);
      imports(path).forEach(follow);
    };
    follow(page);
    return seen;
  }

  function spokenBy(page: string): string[] {
    const used = [...filesOf(page)].flatMap((path) =>
      [...read(path).matchAll(/useTranslations\('(\w+)'\)/g)].map(([, name]) => name!),
    );
    return [...new Set(used)].sort();
  }

  const listed = (source: string, start: RegExp) =>
    [...(start.exec(source)?.[1] ?? '').matchAll(/'(\w+)'/g)].map(([, name]) => name!);
  const shared = listed(read('components/shell/translations.tsx'), /shared: Namespace\[\] = \[([^\]]*)\]/);
  const pages = sourceFiles('/page.tsx').filter((path) => path.startsWith('app/') && !read(path).includes('redirect('));

  it.each(pages)('%s', (page) => {
    const given = [...shared, ...listed(read(page), /Translations of=\{\[([^\]]*)\]/)];
    expect(spokenBy(page).filter((name) => !given.includes(name))).toEqual([]);
  });

  /**
   * Whether the page says sentences of the trainer: since it starts a worker that works with it, or shows why a figure
   * has no value.
   */
  function speaksForTrainer(page: string): boolean {
    const files = [...filesOf(page)];
    if (files.some((path) => path.endsWith('components/agreement/use-figure-words.ts'))) return true;
    const workers = files.flatMap((path) =>
      [...read(path).matchAll(/new URL\('(\.[^']+-worker\.ts)'/g)].map(([, name]) => join(dirname(path), name!)),
    );
    return workers.some((path) => read(path).includes("'@/trainer/index'"));
  }

  it('and those of the trainer, where it works for the page or has measured something', () => {
    const working = pages.filter(speaksForTrainer);
    const withSentences = pages.filter((page) => /Translations of=\{\[[^\]]*'trainer'/.test(read(page)));
    expect(working).toEqual(withSentences);
    expect(working.length).toBeGreaterThan(2);
  });

  it('the control: the board speaks of more than what every page has', () => {
    const board = spokenBy('app/projects/[projectId]/annotate/page.tsx');
    expect(board.filter((name) => !shared.includes(name))).toContain('annotate');
  });
});
