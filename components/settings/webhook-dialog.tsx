'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { SecretDialog } from '@/components/account/secret-dialog';
import { api, useApiMutation, useCreation } from '@/components/ui/api';
import { Checkbox, TextField } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { useToast } from '@/components/ui/toast';
import {
  type ChangeWebhookRequest,
  type CreatedWebhook,
  type CreateWebhookRequest,
  type Webhook,
  type WebhookEvent,
  webhookEvents,
} from '@/lib/schemas/webhook';
import { eventKey } from './event-key';

/** Adds a webhook and shows its secret once, or changes one. */
export function WebhookDialog({ path, webhook, onClose }: { path: string; webhook?: Webhook; onClose: () => void }) {
  const t = useTranslations('settings');
  const toast = useToast();
  const [url, setUrl] = useState(webhook?.url ?? '');
  const [events, setEvents] = useState<readonly WebhookEvent[]>(webhook?.events ?? webhookEvents);
  const [enabled, setEnabled] = useState(webhook?.enabled ?? true);
  const create = useCreation(
    (json: CreateWebhookRequest) => api<CreatedWebhook>(path, { method: 'POST', json }),
    [path],
  );
  const change = useApiMutation(
    (json: ChangeWebhookRequest) => api(`${path}/${webhook?.id}`, { method: 'PATCH', json }),
    [path],
    () => {
      toast(t('webhooks.saved'), 'good');
      onClose();
    },
  );
  if (create.data) {
    return (
      <SecretDialog
        title={t('webhooks.created')}
        label={t('webhooks.secret')}
        hint={t('webhooks.secretOnce')}
        value={create.data.secret}
        copy={t('webhooks.copySecret')}
        copied={t('webhooks.secretCopied')}
        done={t('webhooks.done')}
        onClose={onClose}
      />
    );
  }
  const wanted = { url: url.trim(), events: [...events] };
  return (
    <FormDialog
      title={webhook ? t('webhooks.changeOf', { url: webhook.url }) : t('webhooks.add')}
      submit={webhook ? t('webhooks.save') : t('webhooks.add')}
      cancel={t('webhooks.cancel')}
      pending={create.isPending || change.isPending}
      disabled={events.length === 0}
      error={create.error ?? change.error}
      onClose={onClose}
      onSubmit={() => (webhook ? change.mutate({ ...wanted, enabled }) : create.mutate(wanted))}
    >
      <TextField
        label={t('webhooks.url')}
        hint={t('webhooks.urlHint')}
        type="url"
        dir="ltr"
        required
        maxLength={2000}
        autoComplete="off"
        value={url}
        onChange={(event) => setUrl(event.target.value)}
      />
      <fieldset className="grid gap-2.5">
        <legend className="mb-1 font-medium text-sm">{t('webhooks.events')}</legend>
        {webhookEvents.map((event) => (
          <Checkbox
            key={event}
            label={t(`webhooks.eventNames.${eventKey(event)}`)}
            checked={events.includes(event)}
            onChange={({ target }) =>
              setEvents(target.checked ? [...events, event] : events.filter((other) => other !== event))
            }
          />
        ))}
      </fieldset>
      {webhook ? (
        <Checkbox
          label={t('webhooks.enabled')}
          checked={enabled}
          onChange={({ target }) => setEnabled(target.checked)}
        />
      ) : null}
    </FormDialog>
  );
}

export function DeleteWebhookDialog({
  path,
  webhook,
  onClose,
}: {
  path: string;
  webhook: Webhook;
  onClose: () => void;
}) {
  const t = useTranslations('settings');
  const toast = useToast();
  const remove = useApiMutation(
    () => api(`${path}/${webhook.id}`, { method: 'DELETE' }),
    [path],
    () => {
      toast(t('webhooks.deleted'), 'good');
      onClose();
    },
  );
  return (
    <FormDialog
      title={t('webhooks.deleteTitle')}
      submit={t('webhooks.delete')}
      cancel={t('webhooks.cancel')}
      variant="danger"
      pending={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onSubmit={() => remove.mutate(undefined)}
    >
      <p dir="ltr" className="text-start font-medium text-sm wrap-anywhere">
        {webhook.url}
      </p>
      <p className="text-sm text-soft">{t('webhooks.deleteHint')}</p>
    </FormDialog>
  );
}
