'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import { Notice } from '@/components/ui/states';
import type { SecondFactorState } from '@/lib/schemas/people';
import { PasswordDialog } from './password-dialog';
import { RecoveryCodesDialog } from './recovery-codes-dialog';
import { SetUpSecondFactor } from './set-up-second-factor';

/** Sets up the second factor of one's own account, renews its recovery codes, or turns it off. */
export function SecondFactorCard({ state }: { state: SecondFactorState }) {
  const t = useTranslations('account');
  const [open, setOpen] = useState<'set-up' | 'renew' | 'turn-off' | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const close = () => setOpen(null);
  return (
    <Card>
      <CardHeader
        title={
          <>
            {t('secondFactor')}{' '}
            {state === 'on' ? (
              <Badge tone="good" className="ms-2">
                {t('secondFactorOn')}
              </Badge>
            ) : null}
          </>
        }
        description={t('secondFactorHint')}
        className="mb-4"
      />
      {state === 'needed' ? (
        <Notice tone="warn" className="mb-4">
          {t('secondFactorNeeded')}
        </Notice>
      ) : null}
      <div className="flex flex-wrap justify-end gap-2">
        {state === 'on' ? (
          <>
            <Button onClick={() => setOpen('renew')}>{t('newRecoveryCodes')}</Button>
            <Button onClick={() => setOpen('turn-off')}>{t('turnOffSecondFactor')}</Button>
          </>
        ) : (
          <Button variant="primary" onClick={() => setOpen('set-up')}>
            {t('setUpSecondFactor')}
          </Button>
        )}
      </div>
      {open === 'set-up' ? (
        <SetUpSecondFactor
          onClose={close}
          onDone={(made) => {
            close();
            setCodes(made);
          }}
        />
      ) : null}
      {open === 'renew' ? (
        <PasswordDialog
          title={t('newRecoveryCodes')}
          hint={t('newRecoveryCodesHint')}
          action="generate-backup-codes"
          onClose={close}
          onDone={({ recoveryCodes }) => {
            close();
            setCodes(recoveryCodes ?? []);
          }}
        />
      ) : null}
      {open === 'turn-off' ? (
        <PasswordDialog
          title={t('turnOffSecondFactor')}
          hint={t('turnOffHint')}
          action="disable"
          said={t('secondFactorTurnedOff')}
          onClose={close}
          onDone={close}
        />
      ) : null}
      {codes ? <RecoveryCodesDialog codes={codes} onClose={() => setCodes(null)} /> : null}
    </Card>
  );
}
