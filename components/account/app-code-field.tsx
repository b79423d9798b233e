import { useTranslations } from 'next-intl';
import { TextField } from '@/components/ui/field';

/** The six digits that an authenticator app shows. */
export function AppCodeField() {
  const t = useTranslations('account');
  return (
    <TextField
      label={t('appCode')}
      name="code"
      inputMode="numeric"
      autoComplete="one-time-code"
      maxLength={7}
      required
      dir="ltr"
    />
  );
}
