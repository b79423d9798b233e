import type { Messages, useTranslations } from 'next-intl';

/** What `useTranslations(namespace)` gives: functions outside React that make sentences take one. */
export type Translator<Namespace extends keyof Messages> = ReturnType<typeof useTranslations<Namespace>>;
