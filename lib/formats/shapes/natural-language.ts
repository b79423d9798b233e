/** Languages as other programs' files name them: "en", "pt-BR", "English". */
import { languageTagSchema } from '../../schemas/language';

const englishNames = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });

const letters = [...'abcdefghijklmnopqrstuvwxyz'];
/** Name in small letters -> tag with two letters. */
const tagOfName = new Map(
  letters
    .flatMap((first) => letters.map((second) => first + second))
    // "mo" and "ro" have one name: the tag that a language is known by is its own canonical one.
    .filter((tag) => Intl.getCanonicalLocales(tag)[0] === tag)
    .flatMap((tag) => {
      const name = englishNames.of(tag);
      return name === undefined ? [] : [[name.toLowerCase(), tag] as const];
    }),
);

/** @returns its BCP 47 tag; undefined for what is no language that people speak, such as a programming language, or "unknown" */
export function naturalLanguage(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const named = tagOfName.get(name.trim().toLowerCase());
  if (named !== undefined) return named;
  const tag = languageTagSchema.safeParse(name.trim().replaceAll('_', '-'));
  if (!tag.success) return undefined;
  try {
    return englishNames.of(tag.data.split('-')[0]!) === undefined ? undefined : tag.data;
  } catch {
    return undefined;
  }
}
