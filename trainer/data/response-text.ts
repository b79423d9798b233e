/** When two texts count as the same response, and when a text counts as empty. */

/** Normalises a text for comparison: texts that differ only in Unicode normal form or white space become equal. */
export const foldedText = (text: string): string =>
  mayChange.test(text) ? text.normalize('NFC').trim().replace(/\s+/g, ' ') : text.trim();

/** Anything but plain ASCII with single spaces, which most texts are, and which folding leaves as it is but for its ends. */
const mayChange = /[^ -~]| {2}/;

/**
 * White space, control and format characters, and characters that are drawn as a gap although Unicode calls them
 * letters or symbols: braille blank, fillers of scripts. Arabic and Kaithi number signs are format characters that are
 * drawn, and excluded.
 */
const INVISIBLE =
  /(?![\u0600-\u0605\u06DD\u070F\u0890\u0891\u08E2\u{110BD}\u{110CD}])[\s\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800\u{13441}\u{13442}\u{16FE4}\u{1D159}]/gu;

/** The visible characters of a text. Linear in its length. */
export const visibleText = (text: string): string => text.replace(INVISIBLE, '');

/** Whether a text has no visible character. */
export const isBlank = (text: string): boolean => !DRAWN.test(text) && visibleText(text) === '';

/** What most texts that are not blank have near their start. */
const DRAWN = /[!-~]/;

/** Id -> the id of the first response with an equal text, possibly itself. */
export function representativeIds(
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
