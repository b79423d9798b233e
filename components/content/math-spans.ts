/**
 * Where a text holds mathematics: `$$…$$`, `\[…\]`, `\(…\)`, `\begin{…}…\end{…}` and `$…$`, the last only when it
 * cannot be money. Code is never mathematics. Pure; a span never loses or moves a character of the text around it.
 */
export type MathSpan = { start: number; end: number; tex: string; display: boolean };

/** What is longer than this between its signs, in characters, is no formula. */
const LONGEST = { displayed: 4000, environment: 10_000, round: 1000, dollar: 502, code: 1001 };

const ENVIRONMENTS = new Set(
  ['equation', 'align', 'gather', 'multline', 'alignat', 'split', 'cases', 'array', 'smallmatrix', 'matrix']
    .concat(['p', 'b', 'v', 'B', 'V'].map((kind) => `${kind}matrix`))
    .flatMap((name) => [name, `${name}*`]),
);

/** What starts at a place: a formula, or something to pass over. */
type Found = { end: number; math?: Pick<MathSpan, 'tex' | 'display'> };

export function mathSpans(text: string): MathSpan[] {
  // Nearly every text is done here.
  if (!text.includes('$') && !/\\(?:[[(]|begin\{)/.test(text)) return [];
  const spans: MathSpan[] = [];
  const next = nextPlaces(text);
  for (let at = signFrom(text, 0); at < text.length; ) {
    const found = foundAt(text, at, next);
    if (found?.math) spans.push({ start: at, end: found.end, ...found.math });
    at = signFrom(text, found?.end ?? at + 1);
  }
  return spans;
}

/** Where code or a formula may start, from `from` on. */
function signFrom(text: string, from: number): number {
  const sign = /[`~$\\]/g;
  sign.lastIndex = from;
  return sign.exec(text)?.index ?? text.length;
}

type NextPlace = (wanted: string | RegExp, from: number) => number;

/**
 * Where something stands next; infinity for nowhere. The scan asks with rising positions, so an answer holds until it
 * is passed: all questions for one thing together read the text once.
 */
function nextPlaces(text: string): NextPlace {
  const known = new Map<string | RegExp, number>();
  const look = (wanted: string | RegExp, from: number) => {
    if (typeof wanted === 'string') return text.indexOf(wanted, from);
    wanted.lastIndex = from;
    return wanted.exec(text)?.index ?? -1;
  };
  return (wanted, from) => {
    const last = known.get(wanted);
    if (last !== undefined && last >= from) return last;
    const place = look(wanted, from);
    const answer = place < 0 ? Number.POSITIVE_INFINITY : place;
    known.set(wanted, answer);
    return answer;
  };
}

function foundAt(text: string, at: number, next: NextPlace): Found | null {
  switch (text[at]) {
    case '$':
      return text[at + 1] === '$' ? doubleDollars(text, at, next) : singleDollars(text, at, next);
    case '\\':
      return backslashMath(text, at, next);
    default:
      return fencedCode(text, at) ?? inlineCode(text, at, next);
  }
}

function doubleDollars(text: string, at: number, next: NextPlace): Found | null {
  const close = next('$', at + 2);
  if (text[close + 1] !== '$') return null;
  return formula(text, at + 2, close, { longest: LONGEST.displayed, display: true, end: close + 2 });
}

/** A closing dollar stands right behind something, and neither a digit nor a letter follows it. */
function singleDollars(text: string, at: number, next: NextPlace): Found | null {
  if (/[\\$\w]/.test(text[at - 1] ?? '')) return null;
  const close = next('$', at + 1);
  const first = text[at + 1] ?? '';
  const last = text[close - 1] ?? '';
  if (close > next('\n', at) || /[\w$]/.test(text[close + 1] ?? '') || /\s/.test(first)) return null;
  if (close - at > 2 && /[\s\\]/.test(last)) return null;
  const found = formula(text, at + 1, close, { longest: LONGEST.dollar, display: false, end: close + 1 });
  return found?.math && !looksLikeMath(found.math.tex) ? { end: found.end } : found;
}

function backslashMath(text: string, at: number, next: NextPlace): Found | null {
  const inside = at + 2;
  if (text[at + 1] === '[') {
    const close = next('\\]', inside + 1);
    return formula(text, inside, close, { longest: LONGEST.displayed, display: true, end: close + 2 });
  }
  if (text[at + 1] === '(') {
    const close = next('\\)', inside + 1);
    if (close > next('\n', inside)) return null;
    return formula(text, inside, close, { longest: LONGEST.round, display: false, end: close + 2 });
  }
  const [opening, name = ''] = /^\\begin\{([a-zA-Z]{1,11}\*?)\}/.exec(text.slice(at, at + 20)) ?? [];
  if (opening === undefined || !ENVIRONMENTS.has(name)) return null;
  const closing = `\\end{${name}}`;
  const end = next(closing, at + opening.length + 1) + closing.length;
  return formula(text, at, end, { longest: LONGEST.environment, display: true, end });
}

/** What stands in [from, to) as a formula that ends at `end` with its signs; an empty one is only passed over. */
function formula(
  text: string,
  from: number,
  to: number,
  { longest, display, end }: { longest: number; display: boolean; end: number },
): Found | null {
  if (to <= from || to - from > longest) return null;
  const tex = text.slice(from, to).trim();
  return tex === '' ? { end } : { end, math: { tex, display } };
}

/** A fence at the start of a line, to the line that closes it or to the end. */
function fencedCode(text: string, at: number): Found | null {
  // Four characters tell whether at most three spaces stand between here and the start of the line.
  if (!/(?:^|\n) {0,3}$/.test(text.slice(Math.max(0, at - 4), at))) return null;
  let run = at;
  while (text[run] === text[at]) run++;
  if (run - at < 3) return null;
  const fence = text.slice(at, run);
  for (let line = text.indexOf('\n', run); line >= 0; line = text.indexOf('\n', line + 1)) {
    let start = line + 1;
    while (start < line + 4 && text[start] === ' ') start++;
    if (!text.startsWith(fence, start)) continue;
    const end = text.indexOf('\n', start);
    return { end: end < 0 ? text.length : end };
  }
  return { end: text.length };
}

/** One to three backticks in a row, and no more. */
const RUNS = [/(?<!`)`(?!`)/g, /(?<!`)``(?!`)/g, /(?<!`)```(?!`)/g];

function inlineCode(text: string, at: number, next: NextPlace): Found | null {
  if (text[at] !== '`' || text[at - 1] === '`') return null;
  let run = 1;
  while (run <= RUNS.length && text[at + run] === '`') run++;
  const signs = RUNS[run - 1];
  if (!signs) return null;
  const close = next(signs, at + run + 1);
  return close - at - run > LONGEST.code ? null : { end: close + run };
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
    const lineStart = /(?:^|\n) {0,3}$/.test(text.slice(Math.max(0, start - 4), start));
    const lineEnd = /^[ \t.,;]*(?:\n|$)/.test(text.slice(end, end + 20));
    const oneLine = tex
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .join(' ');
    out +=
      display && lineStart && lineEnd ? `\n\n$$\n${tex}\n$$\n\n` : `$$${display ? '\\displaystyle ' : ''}${oneLine}$$`;
    at = end;
  }
  return out + text.slice(at);
}
