/** Digits of other scripts: Arabic-Indic, Persian, full-width. */
const ZEROS = ['٠', '۰', '０'].map((zero) => zero.codePointAt(0)!);
const NUMBER = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?$/i;

/**
 * Parses a decimal number: the decimal separator may be a comma, and digits may be of another script. Null for
 * anything else, including hexadecimal, which `Number` would accept.
 */
export function parseNumber(text: string): number | null {
  const plain = text
    .trim()
    .replace(/[٠-٩۰-۹０-９]/g, (digit) => {
      const code = digit.codePointAt(0)!;
      return String(code - ZEROS.find((zero) => code >= zero && code < zero + 10)!);
    })
    .replace(/^([+-]?\d+)[,٫．](\d+)/, '$1.$2')
    .replace(/^[−－]/, '-');
  return NUMBER.test(plain) ? Number(plain) : null;
}
