import { useTranslations } from 'next-intl';
import { Notice } from './states';

/** Beside the progress of an upload that waits for its next try. */
export function ConnectionLost() {
  const t = useTranslations('ui');
  return <Notice tone="warn">{t('connectionLost')}</Notice>;
}
