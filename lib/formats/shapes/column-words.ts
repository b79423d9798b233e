/** The words in names of columns, by which those that belong together are found. */

/** "responseA", "response_a" and "Response a" are two words each. */
export const columnWords = (name: string): string[] =>
  name
    .replace(/(\p{Ll})(?=\p{Lu})|(\p{L})(?=\p{N})/gu, '$1$2 ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');

/** What tells each name from the others: "a" and "b" of "answer_a" and "answer_b". */
export function distinctParts(names: readonly string[]): string[] {
  const words = names.map(columnWords);
  const common = sharedWords(words);
  return words.map((own) => own.filter((word) => !common.includes(word)).join(' '));
}

/** What names have in common: "score" of "score_a" and "score_b"; of a single name, all of it. */
export function commonPart(names: readonly string[]): string {
  if (names.length === 1) return names[0]!;
  return sharedWords(names.map(columnWords)).join(' ') || names[0]!;
}

const sharedWords = (words: readonly (readonly string[])[]) =>
  words.length < 2 ? [] : words[0]!.filter((word) => words.every((own) => own.includes(word)));
