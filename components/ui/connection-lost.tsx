import { useTranslations } from 'next-intl';
import { Notice } from './states';

/** A notice beside the progress of an upload that waits for its next attempt. */
export function ConnectionLost() {
  const t = useTranslations('ui');
  return <Notice tone="warn">{t('connectionLost')}</Notice>;
}
