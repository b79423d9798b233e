/** The languages of the app with their native names. A new one needs a file in messages/ and an entry here. */
export const LANGUAGES = {
  en: { name: 'English', direction: 'ltr', tag: 'en' },
  // Digits are Latin, since the keys that place a response are 1 to 7 in every language.
  ar: { name: 'العربية', direction: 'rtl', tag: 'ar-u-nu-latn' },
  ja: { name: '日本語', direction: 'ltr', tag: 'ja' },
} as const;

export type Language = keyof typeof LANGUAGES;

export const LANGUAGE_CODES = Object.keys(LANGUAGES) as Language[];

export const LANGUAGE_COOKIE = 'language';

export function isLanguage(value: string | undefined): value is Language {
  return value !== undefined && Object.hasOwn(LANGUAGES, value);
}

/** The language of a locale tag for Intl: "ar" for "ar-u-nu-latn". */
export function languageOf(tag: string): Language {
  const code = tag.split('-')[0]?.toLowerCase();
  return isLanguage(code) ? code : 'en';
}

/** The language of a request: the one chosen in the browser, else the preferred one that the app supports. */
export function requestLanguage(headers: Headers): Language {
  const cookie = new RegExp(`(?:^|;\\s*)${LANGUAGE_COOKIE}=(\\w+)`).exec(headers.get('cookie') ?? '')?.[1];
  return isLanguage(cookie) ? cookie : preferredLanguage(headers.get('accept-language'));
}

/** The supported language with the highest weight in an Accept-Language header; else English. */
export function preferredLanguage(acceptLanguage: string | null | undefined): Language {
  const preferences = (acceptLanguage ?? '').split(',').map((part, index) => {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const weight = Number(
      parameters
        .find((entry) => entry.trim().startsWith('q='))
        ?.trim()
        .slice(2) ?? 1,
    );
    return { code: tag.split('-')[0], weight: Number.isNaN(weight) ? 0 : weight, index };
  });
  const best = preferences
    .filter(({ code, weight }) => weight > 0 && isLanguage(code))
    .sort((a, b) => b.weight - a.weight || a.index - b.index)[0]?.code;
  return isLanguage(best) ? best : 'en';
}
