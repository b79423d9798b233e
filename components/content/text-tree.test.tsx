import { NextIntlClientProvider } from 'next-intl';
import type { ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import en from '@/messages/en.json';
import { DrawnBlock } from './drawn-block';
import { textTree } from './text-tree';

const render = (text: string, form: { markdown: boolean; math: boolean }) => {
  const tree = textTree(text, form);
  if (!tree) throw new Error(`Too intricate: ${text.slice(0, 40)}`);
  return (
    <>
      {tree.children.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks have no id
        <DrawnBlock key={index} block={block} />
      ))}
    </>
  );
};
const renderMarkdown = (text: string) => render(text, { markdown: true, math: false });
const renderMarkdownMath = (text: string) => render(text, { markdown: true, math: true });
const renderPlainMath = (text: string) => render(text, { markdown: false, math: true });

const markupOf = (element: ReactElement) =>
  renderToStaticMarkup(
    <NextIntlClientProvider locale="en" timeZone="UTC" messages={en}>
      {element}
    </NextIntlClientProvider>,
  );
const html = (text: string) => markupOf(renderMarkdown(text));

/** What a reader sees: tags out, entities back. */
const words = (markup: string) =>
  markup
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&');

const hostile = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<a href="javascript:alert(1)">x</a>',
  '<style>*{display:none}</style>',
  '<form action="/api"><button>go</button></form>',
  '<base href="https://evil.example/">',
  '<meta http-equiv="refresh" content="0;url=https://evil.example">',
  '<details open ontoggle=alert(1)>',
  '<math><mtext></mtext><mglyph><style></math><img src onerror=alert(1)>',
  '<div style="position:fixed;inset:0">x</div>',
  '<input autofocus onfocus=alert(1)>',
  '<object data="data:text/html,<script>alert(1)</script>"></object>',
];
const links = [
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](&#106;avascript:alert(1))',
  '[x](java\tscript:alert(1))',
  '[x](data:text/html,<script>alert(1)</script>)',
  '[x](vbscript:msgbox(1))',
  '[x](//evil.example)',
  '[x](/api/projects)',
  '<javascript:alert(1)>',
  '[x]: javascript:alert(1)\n\n[x]',
  '![x](javascript:alert(1))',
  '![x](data:image/svg+xml;base64,PHN2Zz4=)',
];

describe('Markdown by strangers', () => {
  it.each(hostile)('shows HTML as the text it is: %s', (payload) => {
    for (const text of [payload, `**x** ${payload}`, `- a\n- ${payload}`, `| a |\n|---|\n| ${payload} |`]) {
      const markup = html(text);
      expect(markup).not.toMatch(/<(script|img|svg|iframe|style|form|base|meta|details|object|input|math|button)\b/i);
      expect(markup).not.toMatch(/<[^>]+\s(on\w+|style|srcdoc|formaction)=/i);
      expect(words(markup)).toContain(payload.slice(0, 6));
    }
  });

  it.each(links)('makes no link of anything but the web and mail: %s', (text) => {
    expect(html(text)).not.toMatch(/(href|src)=/);
  });

  it('opens links apart, without telling where from, and names where they lead', () => {
    const markup = html('[here](https://example.org/a)');
    expect(markup).toContain('href="https://example.org/a"');
    expect(markup).toContain('title="https://example.org/a"');
    expect(markup).toContain('target="_blank"');
    expect(markup).toContain('rel="noopener noreferrer nofollow"');
  });

  it('never loads an image: it says that there is one', () => {
    const markup = html('![a cat](https://tracker.example/cat.png)');
    expect(markup).not.toContain('<img');
    expect(words(markup)).toBe('Image: a cat (https://tracker.example/cat.png)');
  });

  it('leaves the page’s heading levels to the page', () => {
    expect(html('# One\n\n## Two\n\ntext')).toMatch(/<h4 .*One.*<h5 .*Two/s);
  });

  it('takes the last line for an answer, not for a heading', () => {
    expect(html('**Sum:** 40 + 2\n\n#### 42')).toContain('<p>#### 42</p>');
  });

  it('knows tables, code and task lists, each reachable', () => {
    expect(html('| a |\n|---|\n| 1 |')).toMatch(/<section aria-label="Table"[^>]*tabindex="0"/);
    expect(html('```js\n1 < 2\n```')).toMatch(/<pre><code class="language-js">1 &lt; 2\n<\/code>/);
    expect(html('- [x] done')).toContain('aria-label="Done:"');
  });
});

describe('formulas', () => {
  it('are drawn after the sanitizer, with MathML for screen readers', () => {
    expect(markupOf(renderMarkdownMath('**So** $x^2$'))).toContain('<math');
  });

  it('leave the rest of a plain text as it was written', () => {
    const markup = markupOf(renderPlainMath('# 5 * 3 * $x^2$ costs $5\n- so'));
    expect(markup).toContain('<math');
    expect(markup).toMatch(/^<p># 5 \* 3 \* /);
    expect(markup).toMatch(/costs \$5\n- so<\/p>$/);
  });

  it.each([
    '$\\href{javascript:alert(1)}{x}$',
    '$\\includegraphics{https://evil.example/x.png}$',
    '$\\htmlData{a=b}{x}$',
  ])('reach nothing outside: %s', (text) => {
    const markup = markupOf(renderPlainMath(text));
    expect(markup).not.toMatch(/<a\b|<img|href=|src=|data-a/);
  });

  it('that are wrong are shown as their source', () => {
    expect(words(markupOf(renderPlainMath('$\\frac{1}{$')))).toContain('\\frac{1}{');
  });

  it('cannot expand without end', () => {
    const bomb = `$\\def\\a{\\b\\b}\\def\\b{\\a\\a}\\a$`;
    expect(markupOf(renderPlainMath(bomb)).length).toBeLessThan(20_000);
  });
});

describe('a text that is more than a page can draw while it answers keys', () => {
  const cells = (columns: number, rows: number) =>
    `|${'a|'.repeat(columns)}\n|${'-|'.repeat(columns)}\n${'|b\n'.repeat(rows)}`;
  it.each([
    ['is nested deeper than the stack of calls', '>'.repeat(4000)],
    ['is nested deeper than anybody reads', `${'> - '.repeat(120)}a`],
    ['has a table whose rows are filled up', cells(500, 500)],
    [
      'has an address that every reference repeats',
      `[a]: https://example.org/${'b'.repeat(20_000)}\n\n${'[a] '.repeat(2000)}`,
    ],
    ['has more code than words', '`a` '.repeat(5000)],
    ['has a paragraph without an end', `**a** ${'word '.repeat(10_000)}`],
    ['has a word without an end', `**a** ${'b'.repeat(10_000)}`],
    ['has formulas without an end', '$x^2$ '.repeat(1000)],
  ])('stays as it was written where it %s', (_, text) => {
    expect(textTree(text, { markdown: true, math: text.includes('$') })).toBeNull();
  });

  it.each([
    ['an answer of 20,000 characters', '## Part\n\nSome **bold** words and `code`.\n\n- one\n- two\n\n'.repeat(350)],
    ['a table of 300 rows', cells(5, 300)],
    ['a long line of code', `\`\`\`\n${'x'.repeat(30_000)}\n\`\`\``],
    ['a derivation of sixty formulas', 'So $x_1^2 + 1 = y$ holds.\n\n'.repeat(60)],
  ])('is not %s', (_, text) => {
    expect(textTree(text, { markdown: true, math: text.includes('$') })?.children.length).toBeGreaterThan(0);
  });
});
