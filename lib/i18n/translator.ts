import type { Messages, useTranslations } from 'next-intl';

/** The type of `useTranslations(namespace)`, for functions outside React that need translations. */
export type Translator<Namespace extends keyof Messages> = ReturnType<typeof useTranslations<Namespace>>;
