'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { api, useApi, useApiMutation } from '@/components/ui/api';
import { Badge, type Tone } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { ErrorState, LoadingState, Notice, useErrorMessage } from '@/components/ui/states';
import { useFormats } from '@/components/ui/use-formats';
import type { DeliveriesPage, Delivery, DeliveryState, Webhook } from '@/lib/schemas/webhook';
import { eventKey } from './event-key';

const REFRESH_MS = 3_000;
const tones: Record<DeliveryState, Tone> = { pending: 'neutral', delivered: 'good', failed: 'bad' };

/** What became of the messages to a webhook, the newest first. */
export function DeliveriesDialog({ path, webhook, onClose }: { path: string; webhook: Webhook; onClose: () => void }) {
  const t = useTranslations('settings');
  const [pages, setPages] = useState<readonly (string | null)[]>([null]);
  const log = `${path}/${webhook.id}/deliveries`;
  return (
    <Dialog
      title={t('webhooks.logOf', { url: webhook.url })}
      isOpen
      onOpenChange={(isOpen) => isOpen || onClose()}
      actions={<Button onClick={onClose}>{t('webhooks.closeLog')}</Button>}
    >
      {pages.map((after, i) => (
        <LogPage
          key={after}
          log={log}
          after={after}
          isLast={i === pages.length - 1}
          mayResend={webhook.enabled}
          onMore={(next) => setPages([...pages, next])}
        />
      ))}
    </Dialog>
  );
}

function LogPage({
  log,
  after,
  isLast,
  mayResend,
  onMore,
}: {
  log: string;
  after: string | null;
  isLast: boolean;
  mayResend: boolean;
  onMore: (next: string) => void;
}) {
  const t = useTranslations('settings');
  const errorMessage = useErrorMessage();
  const page = useApi<DeliveriesPage>(after === null ? log : `${log}?after=${after}`, { refetchMs: REFRESH_MS });
  const again = useApiMutation(
    (deliveryId: string) => api(log, { method: 'POST', json: { kind: 'again', deliveryId } }),
    [log],
  );
  if (page.isError) return <ErrorState error={page.error} onRetry={() => page.refetch()} />;
  if (!page.data) return <LoadingState label={t('webhooks.loading')} rows={3} />;
  const { deliveries, next } = page.data;
  if (deliveries.length === 0) return <p className="text-sm text-soft">{t('webhooks.noMessages')}</p>;
  return (
    <>
      <ul className="divide-y divide-line">
        {deliveries.map((delivery) => (
          <DeliveryRow
            key={delivery.id}
            delivery={delivery}
            pending={again.isPending && again.variables === delivery.id}
            onAgain={mayResend ? () => again.mutate(delivery.id) : undefined}
          />
        ))}
      </ul>
      {again.isError ? <Notice tone="bad">{errorMessage(again.error)}</Notice> : null}
      <p role="status" className="sr-only">
        {again.isSuccess ? t('webhooks.queued') : ''}
      </p>
      {isLast && next !== null ? (
        <Button size="sm" className="mt-3" onClick={() => onMore(next)}>
          {t('webhooks.more')}
        </Button>
      ) : null}
    </>
  );
}

function DeliveryRow({
  delivery,
  pending,
  onAgain,
}: {
  delivery: Delivery;
  pending: boolean;
  onAgain: (() => void) | undefined;
}) {
  const t = useTranslations('settings');
  const { formatDateTime } = useFormats();
  const { event, state, attempts, createdAt, nextAttemptAt, lastStatus, lastFailure } = delivery;
  const time = formatDateTime(createdAt);
  const facts = [
    time,
    attempts > 0 ? t('webhooks.attempts', { count: attempts }) : null,
    lastFailure ? t(`webhooks.failures.${lastFailure}`, { status: lastStatus ?? 0 }) : null,
    attempts > 0 && nextAttemptAt !== null ? t('webhooks.nextAttempt', { time: formatDateTime(nextAttemptAt) }) : null,
  ];
  return (
    <li className="flex items-center gap-3 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium text-sm">
          {event === 'test' ? t('webhooks.testEvent') : t(`webhooks.eventNames.${eventKey(event)}`)}
          <Badge tone={tones[state]}>{t(`webhooks.states.${state}`)}</Badge>
        </p>
        <p className="text-[0.8125rem] text-faint">{facts.filter((fact) => fact !== null).join(' · ')}</p>
      </div>
      {onAgain ? (
        <Button size="sm" pending={pending} aria-label={t('webhooks.againOf', { time })} onClick={onAgain}>
          {t('webhooks.again')}
        </Button>
      ) : null}
    </li>
  );
}
