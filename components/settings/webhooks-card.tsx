'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { api, useApi, useApiMutation } from '@/components/ui/api';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import { ErrorState, LoadingState, Notice, useErrorMessage } from '@/components/ui/states';
import { useToast } from '@/components/ui/toast';
import { useFormats } from '@/components/ui/use-formats';
import type { Webhook, WebhooksAnswer } from '@/lib/schemas/webhook';
import { DeliveriesDialog } from './deliveries-dialog';
import { eventKey } from './event-key';
import { RotateSecretDialog } from './rotate-secret-dialog';
import { DeleteWebhookDialog, WebhookDialog } from './webhook-dialog';

type Opened = { dialog: 'edit' | 'rotate' | 'delete' | 'log'; webhook: Webhook } | { dialog: 'create' };

/** The addresses that are told what happens in the project. */
export function WebhooksCard({ projectId }: { projectId: string }) {
  const t = useTranslations('settings');
  const [opened, setOpened] = useState<Opened | null>(null);
  const path = `/projects/${projectId}/webhooks`;
  const answer = useApi<WebhooksAnswer>(path);
  const close = () => setOpened(null);
  return (
    <Card>
      <CardHeader
        title={t('webhooks.title')}
        description={t('webhooks.hint')}
        actions={
          <Button size="sm" onClick={() => setOpened({ dialog: 'create' })}>
            {t('webhooks.add')}
          </Button>
        }
      />
      {answer.isError ? (
        <ErrorState error={answer.error} onRetry={() => answer.refetch()} />
      ) : answer.data ? (
        answer.data.webhooks.length === 0 ? (
          <p className="mt-3 text-sm text-soft">{t('webhooks.none')}</p>
        ) : (
          <ul className="mt-3 -mb-2 divide-y divide-line">
            {answer.data.webhooks.map((webhook) => (
              <WebhookRow
                key={webhook.id}
                webhook={webhook}
                path={path}
                onOpen={(dialog) => setOpened({ dialog, webhook })}
              />
            ))}
          </ul>
        )
      ) : (
        <LoadingState label={t('webhooks.loading')} rows={1} />
      )}
      {opened?.dialog === 'create' ? <WebhookDialog path={path} onClose={close} /> : null}
      {opened?.dialog === 'edit' ? <WebhookDialog path={path} webhook={opened.webhook} onClose={close} /> : null}
      {opened?.dialog === 'rotate' ? <RotateSecretDialog path={path} webhook={opened.webhook} onClose={close} /> : null}
      {opened?.dialog === 'delete' ? (
        <DeleteWebhookDialog path={path} webhook={opened.webhook} onClose={close} />
      ) : null}
      {opened?.dialog === 'log' ? <DeliveriesDialog path={path} webhook={opened.webhook} onClose={close} /> : null}
    </Card>
  );
}

function WebhookRow({
  webhook,
  path,
  onOpen,
}: {
  webhook: Webhook;
  path: string;
  onOpen: (dialog: 'edit' | 'rotate' | 'delete' | 'log') => void;
}) {
  const t = useTranslations('settings');
  const toast = useToast();
  const errorMessage = useErrorMessage();
  const { formatDateTime } = useFormats();
  const { id, url, events, enabled, stopped, failingSince, previousSecretUntil } = webhook;
  const test = useApiMutation(
    () => api(`${path}/${id}/deliveries`, { method: 'POST', json: { kind: 'test' } }),
    [path],
    () => toast(t('webhooks.testQueued')),
  );
  const since = failingSince === null ? '' : formatDateTime(failingSince);
  return (
    <li className="py-3">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium text-sm">
        <bdi dir="ltr" className="wrap-anywhere">
          {url}
        </bdi>
        {enabled ? null : <Badge>{t('webhooks.off')}</Badge>}
        {enabled && failingSince !== null ? <Badge tone="warn">{t('webhooks.failing', { date: since })}</Badge> : null}
      </p>
      <p className="text-[0.8125rem] text-faint">
        {events.map((event) => t(`webhooks.eventNames.${eventKey(event)}`)).join(' · ')}
      </p>
      {previousSecretUntil === null ? null : (
        <p className="text-[0.8125rem] text-faint">
          {t('webhooks.previousUntil', { time: formatDateTime(previousSecretUntil) })}
        </p>
      )}
      {stopped === null ? null : (
        <Notice tone="bad" className="mt-2">
          {t(`webhooks.stopped.${stopped}`, { date: since })}
        </Notice>
      )}
      <div className="mt-2 flex flex-wrap gap-2">
        <Button size="sm" aria-label={t('webhooks.changeOf', { url })} onClick={() => onOpen('edit')}>
          {t('webhooks.change')}
        </Button>
        <Button size="sm" aria-label={t('webhooks.logOf', { url })} onClick={() => onOpen('log')}>
          {t('webhooks.log')}
        </Button>
        {enabled ? (
          <Button
            size="sm"
            aria-label={t('webhooks.testOf', { url })}
            pending={test.isPending}
            onClick={() => test.mutate(undefined, { onError: (error) => toast(errorMessage(error), 'bad') })}
          >
            {t('webhooks.test')}
          </Button>
        ) : null}
        <Button size="sm" aria-label={t('webhooks.rotateOf', { url })} onClick={() => onOpen('rotate')}>
          {t('webhooks.rotate')}
        </Button>
        <Button size="sm" aria-label={t('webhooks.deleteOf', { url })} onClick={() => onOpen('delete')}>
          {t('webhooks.delete')}
        </Button>
      </div>
    </li>
  );
}
