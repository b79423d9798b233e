'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { api, useApi, useApiMutation } from '@/components/ui/api';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import { ErrorState, LoadingState, Notice, useErrorMessage } from '@/components/ui/states';
import { useToast } from '@/components/ui/toast';
import { useFormats } from '@/components/ui/use-formats';
import type { ApiKey, ApiKeysAnswer } from '@/lib/schemas/api-key';
import { ApiKeyDialog } from './api-key-dialog';

/** The keys with which the person's programs ask. */
export function ApiKeysCard() {
  const t = useTranslations('account');
  const errorMessage = useErrorMessage();
  const toast = useToast();
  const [creating, setCreating] = useState(false);
  const keys = useApi<ApiKeysAnswer>('/me/keys');
  const revoke = useApiMutation(
    (json: { id: string }) => api('/me/keys', { method: 'DELETE', json }),
    ['/me/keys'],
    () => toast(t('apiKeyRevoked'), 'good'),
  );
  const all = keys.data?.keys ?? [];
  return (
    <Card>
      <CardHeader
        title={t('apiKeys')}
        description={t.rich('apiKeysHint', {
          document: (text) => (
            <Link href="/api-reference" className="underline">
              {text}
            </Link>
          ),
        })}
        actions={
          <Button size="sm" onClick={() => setCreating(true)}>
            {t('createApiKey')}
          </Button>
        }
      />
      {keys.isError ? (
        <ErrorState error={keys.error} onRetry={() => keys.refetch()} />
      ) : keys.data ? (
        all.length === 0 ? (
          <p className="mt-3 text-sm text-soft">{t('noApiKeys')}</p>
        ) : (
          <ul className="mt-3 -mb-2 divide-y divide-line">
            {all.map((key) => (
              <KeyRow
                key={key.id}
                apiKey={key}
                pending={revoke.isPending && revoke.variables.id === key.id}
                onRevoke={() => revoke.mutate({ id: key.id })}
              />
            ))}
          </ul>
        )
      ) : (
        <LoadingState label={t('loadingApiKeys')} rows={1} />
      )}
      {revoke.isError ? <Notice tone="bad">{errorMessage(revoke.error)}</Notice> : null}
      {creating ? <ApiKeyDialog onClose={() => setCreating(false)} /> : null}
    </Card>
  );
}

function KeyRow({ apiKey, pending, onRevoke }: { apiKey: ApiKey; pending: boolean; onRevoke: () => void }) {
  const t = useTranslations('account');
  const { formatDate, formatDateTime } = useFormats();
  const { name, start, scopes, expiresAt, lastUsedAt } = apiKey;
  const hasExpired = expiresAt !== null && Date.parse(expiresAt) <= Date.now();
  return (
    <li className="flex items-center gap-3 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium text-sm">
          <bdi className="wrap-anywhere">{name}</bdi>
          <code dir="ltr" className="text-faint text-xs">
            {start}…
          </code>
          {hasExpired ? <Badge tone="warn">{t('apiKeyExpired')}</Badge> : null}
        </p>
        <p className="text-[0.8125rem] text-faint">
          {[
            scopes.map((scope) => t(`apiKeyScopes.${scope}`)).join(', '),
            expiresAt === null ? t('apiKeyNeverExpires') : t('apiKeyExpires', { date: formatDate(expiresAt) }),
            lastUsedAt === null ? t('apiKeyUnused') : t('lastUsed', { time: formatDateTime(lastUsedAt) }),
          ].join(' · ')}
        </p>
      </div>
      <Button size="sm" pending={pending} aria-label={t('revokeApiKeyOf', { name })} onClick={onRevoke}>
        {t('revokeApiKey')}
      </Button>
    </li>
  );
}
