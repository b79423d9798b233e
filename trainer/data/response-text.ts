/** What two responses have to differ in to be two, and what a text has to show to be one. */

/** Equal for texts that say the same: they differ in Unicode's normal form or in white space alone. */
export const foldedText = (text: string): string => text.normalize('NFC').trim().replace(/\s+/g, ' ');

/**
 * White space, control and format characters, and what leaves a gap although Unicode calls it a letter or a symbol:
 * braille's blank, the fillers of scripts. Arabic and Kaithi number signs are format characters that are drawn.
 */
const UNSEEN =
  /(?![\u0600-\u0605\u06DD\u070F\u0890\u0891\u08E2\u{110BD}\u{110CD}])[\s\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800\u{13441}\u{13442}\u{16FE4}\u{1D159}]/gu;

/** What is to be seen of it. Takes time in proportion to the text, as everything here. */
export const visibleText = (text: string): string => text.replace(UNSEEN, '');

/** Whether there is nothing to be seen in it. */
export const isBlank = (text: string): boolean => visibleText(text) === '';

/** Id -> the id of the first response with the same text: its own, where it is the first. */
export function firstOfEquals(
  responses: readonly { readonly id: string; readonly text: string }[],
): Map<string, string> {
  const first = new Map<string, string>();
  return new Map(
    responses.map(({ id, text }) => {
      const folded = foldedText(text);
      const same = first.get(folded) ?? id;
      first.set(folded, same);
      return [id, same];
    }),
  );
}
