/** The label that an answer ends with: "Quiet boats make no noise. #### contradiction". */

/** Four number signs, and no fifth: that would be a heading. */
const marker = /(?<!#)####(?!#)/;

/**
 * What stands behind the last "####" on its line, without the emphasis and full stop that models like to put around it.
 * Null when there is no marker, or nothing behind it: an answer without a label.
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
