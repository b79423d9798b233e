import type { useTranslations } from 'next-intl';
import { ApiError } from './api';
import { BrowserError } from './browser-error';

const statuses = [401, 403, 404, 409, 413, 429] as const;
const codes = ['network', 'aborted', 'not_json'] as const;

/**
 * The sentence for a failure of any kind: in the reader's language where the browser made it, else as it is (a
 * refusal's own words).
 */
export function errorSentence(t: ReturnType<typeof useTranslations<'ui'>>, error: unknown): string {
  if (error instanceof BrowserError) return t(`failures.${error.code}`, error.values);
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : t('errors.unknown');
  const code = codes.find((known) => known === error.code);
  if (code) return t(`errors.${code}`);
  if (error.code !== 'unexplained') return error.message;
  const status = statuses.find((known) => known === error.status);
  return status ? t(`errors.status.${status}`) : t('errors.status.other', { status: error.status });
}
