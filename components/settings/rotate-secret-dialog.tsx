'use client';

import { useTranslations } from 'next-intl';
import { SecretDialog } from '@/components/account/secret-dialog';
import { api, useCreation } from '@/components/ui/api';
import { FormDialog } from '@/components/ui/form-dialog';
import { useFormats } from '@/components/ui/use-formats';
import type { CreatedWebhook, Webhook } from '@/lib/schemas/webhook';

/** Gives a webhook a new secret, shown once; the one before holds for a day, too. */
export function RotateSecretDialog({
  path,
  webhook,
  onClose,
}: {
  path: string;
  webhook: Webhook;
  onClose: () => void;
}) {
  const t = useTranslations('settings');
  const { formatDateTime } = useFormats();
  const rotate = useCreation(
    (json: object, once) => api<CreatedWebhook>(`${path}/${webhook.id}/secret`, { method: 'POST', json, once }),
    [path],
  );
  if (rotate.data) {
    const until = rotate.data.webhook.previousSecretUntil;
    return (
      <SecretDialog
        title={t('webhooks.rotated')}
        label={t('webhooks.secret')}
        hint={t('webhooks.rotatedOnce', { time: until === null ? '' : formatDateTime(until) })}
        value={rotate.data.secret}
        copy={t('webhooks.copySecret')}
        copied={t('webhooks.secretCopied')}
        done={t('webhooks.done')}
        onClose={onClose}
      />
    );
  }
  return (
    <FormDialog
      title={t('webhooks.rotateTitle')}
      submit={t('webhooks.rotate')}
      cancel={t('webhooks.cancel')}
      pending={rotate.isPending}
      error={rotate.error}
      onClose={onClose}
      onSubmit={() => rotate.mutate({})}
    >
      <p dir="ltr" className="wrap-anywhere text-start font-medium text-sm">
        {webhook.url}
      </p>
      <p className="text-sm text-soft">{t('webhooks.rotateHint')}</p>
    </FormDialog>
  );
}
