'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { api, useApiMutation } from '@/components/ui/api';
import { FormDialog } from '@/components/ui/form-dialog';
import type { AuthAnswer } from '@/lib/schemas/people';
import { AppCodeField } from './app-code-field';
import { PasswordDialog } from './password-dialog';
import { QrCode } from './qr-code';

/** The password, then a QR code and the first code of the app; `onDone` gets the recovery codes. */
export function SetUpSecondFactor({
  onClose,
  onDone,
}: {
  onClose: () => void;
  onDone: (recoveryCodes: readonly string[]) => void;
}) {
  const t = useTranslations('account');
  const [begun, setBegun] = useState<AuthAnswer | null>(null);
  if (begun?.totpUri) {
    return <FirstCode uri={begun.totpUri} onClose={onClose} onDone={() => onDone(begun.recoveryCodes ?? [])} />;
  }
  return (
    <PasswordDialog
      title={t('setUpSecondFactor')}
      hint={t('secondFactorHint')}
      action="enable"
      onClose={onClose}
      onDone={setBegun}
    />
  );
}

function FirstCode({ uri, onClose, onDone }: { uri: string; onClose: () => void; onDone: () => void }) {
  const t = useTranslations('account');
  const verify = useApiMutation(
    (code: string) => api('/auth/two-factor/verify-totp', { method: 'POST', json: { code } }),
    ['/me'],
    onDone,
  );
  const key = new URL(uri).searchParams.get('secret') ?? '';
  return (
    <FormDialog
      title={t('setUpSecondFactor')}
      submit={t('turnOnSecondFactor')}
      pending={verify.isPending}
      error={verify.error}
      onSubmit={(form) => verify.mutate(String(new FormData(form).get('code')))}
      onClose={onClose}
    >
      <p className="text-sm text-soft">{t('scanCode')}</p>
      <div className="justify-self-center">
        <QrCode text={uri} label={t('qrCode')} />
      </div>
      <p className="text-sm">
        {t('appKey')}:{' '}
        <code dir="ltr" className="font-mono text-[0.8125rem] wrap-anywhere">
          {key}
        </code>
      </p>
      <AppCodeField />
    </FormDialog>
  );
}
