/** Reads the label at the end of an answer: "Quiet boats make no noise. #### contradiction". */

/** Four number signs, and no fifth, which would be a heading. */
const marker = /(?<!#)####(?!#)/;

/**
 * The label behind the last "####" on its line, without the emphasis and full stop that models tend to add. Null when
 * there is no marker, or nothing behind it.
 */
export function answerLabel(text: string): string | null {
  const [, ...behind] = text.split(marker);
  const line = behind.at(-1)?.split('\n')[0] ?? '';
  let start = 0;
  while (start < line.length && /[\s*_`"'“”]/.test(line[start]!)) start++;
  let end = line.length;
  while (end > start && /[\s*_`"'“”.,;:!]/.test(line[end - 1]!)) end--;
  return start === end ? null : line.slice(start, end);
}

/** Labels are equal up to case and white space. */
export const sameLabel = (a: string, b: string): boolean => plain(a) === plain(b);

const plain = (label: string): string => label.trim().toLowerCase().replace(/\s+/g, ' ');
