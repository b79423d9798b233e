'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { api, useCreation } from '@/components/ui/api';
import { Checkbox, Select, TextField } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import {
  type ApiKeyScope,
  apiKeyScopes,
  type CreateApiKeyRequest,
  type CreatedApiKey,
  MAX_API_KEY_NAME,
} from '@/lib/schemas/api-key';
import { SecretDialog } from './secret-dialog';

const VALID_DAYS = [7, 30, 90, 365] as const;

/** Makes a key, and shows it once. */
export function ApiKeyDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('account');
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly ApiKeyScope[]>(['read']);
  const [days, setDays] = useState('90');
  const create = useCreation(
    (json: CreateApiKeyRequest) => api<CreatedApiKey>('/me/keys', { method: 'POST', json }),
    ['/me/keys'],
  );
  if (create.data) {
    return (
      <SecretDialog
        title={t('apiKeyCreated')}
        label={t('apiKey')}
        hint={t('apiKeyOnce')}
        value={create.data.secret}
        copy={t('copyApiKey')}
        copied={t('apiKeyCopied')}
        done={t('done')}
        onClose={onClose}
      />
    );
  }
  return (
    <FormDialog
      title={t('createApiKey')}
      submit={t('createApiKey')}
      cancel={t('cancel')}
      pending={create.isPending}
      disabled={scopes.length === 0}
      error={create.error}
      onClose={onClose}
      onSubmit={() =>
        create.mutate({ name: name.trim(), scopes: [...scopes], days: days === 'never' ? null : Number(days) })
      }
    >
      <TextField
        label={t('apiKeyName')}
        hint={t('apiKeyNameHint')}
        required
        maxLength={MAX_API_KEY_NAME}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <fieldset className="grid gap-2.5">
        <legend className="mb-1 font-medium text-sm">{t('apiKeyAllows')}</legend>
        {apiKeyScopes.map((scope) => (
          <Checkbox
            key={scope}
            label={t(`apiKeyScopes.${scope}`)}
            hint={t(`apiKeyScopeHints.${scope}`)}
            checked={scopes.includes(scope)}
            onChange={(event) =>
              setScopes(event.target.checked ? [...scopes, scope] : scopes.filter((other) => other !== scope))
            }
          />
        ))}
      </fieldset>
      <Select
        label={t('apiKeyValid')}
        value={days}
        onChange={(event) => setDays(event.target.value)}
        options={[
          ...VALID_DAYS.map((count) => ({ value: String(count), label: t('apiKeyDays', { count }) })),
          { value: 'never', label: t('apiKeyNeverExpires') },
        ]}
      />
    </FormDialog>
  );
}
