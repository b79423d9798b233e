/**
 * Where a text holds mathematics: `$$…$$`, `\[…\]`, `\(…\)`, `\begin{…}…\end{…}` and `$…$`, the last only when it
 * cannot be money. Code is never mathematics. Pure; a span never loses or moves a character of the text around it.
 */
export type MathSpan = { start: number; end: number; tex: string; display: boolean };

const ENVIRONMENTS = 'equation|align|gather|multline|alignat|split|cases|array|(?:[pbvBV]|small)?matrix';
const CODE = String.raw`(?:^|\n) {0,3}(\x60{3,}|~{3,})[\s\S]*?(?:\n {0,3}\1[^\n]*|$)|(?<!\x60)(\x60{1,3})(?!\x60)[\s\S]{0,1000}?[^\x60]\2(?!\x60)`;
const MATH = [
  String.raw`\$\$(?<dollars>[^$]{1,4000}?)\$\$`,
  String.raw`\\\[(?<square>[\s\S]{1,4000}?)\\\]`,
  String.raw`\\\((?<round>[^\n]{1,1000}?)\\\)`,
  String.raw`(?<environment>\\begin\{(?<name>(?:${ENVIRONMENTS})\*?)\}[\s\S]+?\\end\{\k<name>\})`,
  // A closing dollar stands right behind something, and neither a digit nor a letter follows it.
  String.raw`(?<![\\$\w])\$(?<dollar>[^\s$](?:[^$\n]{0,500}[^\s$\\])?)\$(?![\w$])`,
].join('|');
const scanner = () => new RegExp(`(?<code>${CODE})|${MATH}`, 'g');

/** Quick: false for nearly every text that holds none. */
function mayHoldMath(text: string): boolean {
  return text.includes('$') || /\\[[(]|\\begin\{/.test(text);
}

export function mathSpans(text: string): MathSpan[] {
  if (!mayHoldMath(text)) return [];
  const spans: MathSpan[] = [];
  for (const match of text.matchAll(scanner())) {
    const { code, dollars, square, round, environment, dollar } = match.groups ?? {};
    if (code !== undefined) continue;
    const tex = dollars ?? square ?? round ?? environment ?? dollar ?? '';
    if (tex.trim() === '') continue;
    if (dollar !== undefined && !looksLikeMath(dollar)) continue;
    spans.push({
      start: match.index,
      end: match.index + match[0].length,
      tex: tex.trim(),
      display: (dollars ?? square ?? environment) !== undefined,
    });
  }
  return spans;
}

/** Between single dollars people also write prices: those hold words and no sign of a formula. */
function looksLikeMath(tex: string): boolean {
  const words = tex.replace(/\\[a-zA-Z]+(?:\{[^{}]*\})?/g, ' ').match(/\p{L}{3,}/gu) ?? [];
  if (words.length > 2) return false;
  return /\\[a-zA-Z]|[\^_{}=<>]|\d\s*[+*/×·-]\s*[\d\p{L}(]/u.test(tex) || /^-?\p{L}'?$/u.test(tex);
}

/**
 * The same text with every span as remark-math reads it when single dollars mean nothing: two dollars within a line,
 * or a block of its own where the span starts a line.
 */
export function toMarkdownMath(text: string): string {
  let out = '';
  let at = 0;
  for (const { start, end, tex, display } of mathSpans(text)) {
    out += text.slice(at, start);
    const lineStart = /(?:^|\n) {0,3}$/.test(text.slice(Math.max(0, start - 5), start));
    const lineEnd = /^[ \t.,;]*(?:\n|$)/.test(text.slice(end, end + 20));
    const oneLine = tex.replace(/\s*\n\s*/g, ' ');
    out +=
      display && lineStart && lineEnd ? `\n\n$$\n${tex}\n$$\n\n` : `$$${display ? '\\displaystyle ' : ''}${oneLine}$$`;
    at = end;
  }
  return out + text.slice(at);
}
