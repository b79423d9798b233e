import { cookies, headers } from 'next/headers';
import { getRequestConfig } from 'next-intl/server';
import { isLanguage, LANGUAGE_COOKIE, LANGUAGES, preferredLanguage } from './locales';

/** The language of a request: the one chosen in this browser, else the first it asks for that the app speaks. */
export default getRequestConfig(async () => {
  const chosen = (await cookies()).get(LANGUAGE_COOKIE)?.value;
  const language = isLanguage(chosen) ? chosen : preferredLanguage((await headers()).get('accept-language'));
  const { default: messages } = await import(`../../messages/${language}.json`);
  return { locale: LANGUAGES[language].tag, messages };
});
