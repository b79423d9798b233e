import { mathSpans } from './math-spans';

/**
 * How a text wants to be shown. People judge what was written, so a text stays plain unless it is plainly Markdown:
 * a "#" or a "*" alone is no reason to change what stands there.
 */
export type TextForm = { markdown: boolean; math: boolean };

/** One of these is enough. */
const strong: readonly RegExp[] = [
  // A fenced block that is closed.
  /^ {0,3}(`{3,}|~{3,})[^\n`]*\n(?:[\s\S]*?\n)?[ \t]*\1/m,
  // A table: a row with a bar above a row of dashes and bars.
  /^[^\n]*\|[^\n]*\n[ \t]*\|?[ \t]*:?-{3,}:?[ \t]*(?:\|[ \t]*:?-{3,}:?[ \t]*)+\|?[ \t]*$/m,
  /\[[^\][\n]{1,300}\]\((?:https?:\/\/|mailto:)[^\s)]{1,2000}\)/,
  /(?<![\w*])\*\*(?=[^\s*])[^*\n]{0,500}[^\s*]\*\*(?![\w*])/,
];

/** Two different ones of these are needed. */
const weak: readonly RegExp[] = [
  // A heading has something below it; "#### 42" at the end of an answer is an answer.
  /^ {0,3}#{1,6}[ \t]+\S[^\n]*\n\s*\S/m,
  /^ {0,3}[-*+][ \t]+\S[^\n]*\n(?:\n?[ \t]+[^\n]+\n)*\n?[ \t]*[-*+][ \t]+\S/m,
  /^ {0,3}1[.)][ \t]+\S[^\n]*\n(?:\n?[ \t]+[^\n]+\n)*\n?[ \t]*2[.)][ \t]+\S/m,
  /(?<!`)`[^`\n]{1,500}`(?!`)/,
  /(?<![\w*])\*(?=[^\s*])[^*\n]{0,500}[^\s*]\*(?![\w*])/,
  /^ {0,3}>[ \t]+\S/m,
];

/** Formatting shows early in a text; looking further would only cost time. */
const LOOK_AT = 20_000;

export function textForm(text: string): TextForm {
  const head = text.length > LOOK_AT ? text.slice(0, LOOK_AT) : text;
  // Every sign but a list needs one of these: most texts are done here.
  const markdown =
    /[`*#|~[>]|^\s*(?:[-+]|1[.)]) /m.test(head) &&
    (strong.some((sign) => sign.test(head)) || weak.filter((sign) => sign.test(head)).length >= 2);
  return { markdown, math: mathSpans(head).length > 0 };
}
