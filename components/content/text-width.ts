const WIDE = /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/g;

/** The width of a text in half-width characters: Chinese, Japanese and Korean ones count two. */
export function displayWidth(text: string): number {
  return text.length + (text.match(WIDE)?.length ?? 0);
}

/** Characters of the longest stretch without white space. */
export function longestWord(text: string): number {
  return text.split(/\s/).reduce((longest, word) => Math.max(longest, word.length), 0);
}
