import { headers } from 'next/headers';
import { getRequestConfig } from 'next-intl/server';
import { LANGUAGES, requestLanguage } from './locales';

export default getRequestConfig(async () => {
  const language = requestLanguage(await headers());
  const { default: messages } = await import(`../../messages/${language}.json`);
  return { locale: LANGUAGES[language].tag, messages };
});
