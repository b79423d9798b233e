'use client';

import { Boxes, Plus, Trash2 } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { useState } from 'react';
import { useMe } from '@/components/account/use-me';
import {
  Badge,
  Button,
  Card,
  Dialog,
  EmptyState,
  ErrorState,
  IconButton,
  LoadingState,
  Page,
  PageHeader,
  Table,
  Td,
  Th,
} from '@/components/ui';
import { api, useApi, useApiMutation } from '@/components/ui/api';
import { useFormats } from '@/components/ui/use-formats';
import type { AddedModel, AddedModels } from '@/lib/schemas/model';
import { AddModelDialog } from './add-model-dialog';

/** The models that administrators have added, and a dialog to add more. */
export function ModelsPage() {
  const t = useTranslations('models');
  const me = useMe();
  const isAdmin = me.data?.user?.role === 'admin';
  const { data, error, refetch } = useApi<AddedModels>('/models/added', { enabled: isAdmin });
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<AddedModel | null>(null);

  if (me.data && !isAdmin) {
    return (
      <Page>
        <PageHeader title={t('models')} />
        <p className="text-soft">{t('administratorsOnly')}</p>
      </Page>
    );
  }
  const add = (
    <Button
      variant="primary"
      disabled={data === undefined}
      icon={<Plus aria-hidden="true" className="size-4" />}
      onClick={() => setAdding(true)}
    >
      {t('addModel')}
    </Button>
  );
  return (
    <Page>
      <PageHeader title={t('models')} description={t('intro')} actions={add} />
      {error ? (
        <ErrorState error={error} onRetry={() => refetch()} />
      ) : data === undefined ? (
        <LoadingState label={t('loadingModels')} />
      ) : data.models.length === 0 ? (
        <EmptyState icon={<Boxes className="size-5" />} title={t('noModels')}>
          {t('noModelsHint')}
        </EmptyState>
      ) : (
        <Card flush>
          <Table caption={t('addedModels')}>
            <thead>
              <tr>
                <Th>{t('name')}</Th>
                <Th>{t('source')}</Th>
                <Th>{t('parameters')}</Th>
                <Th>{t('size')}</Th>
                <Th>{t('runs')}</Th>
                <Th>{t('added')}</Th>
                <Th>
                  <span className="sr-only">{t('actions')}</span>
                </Th>
              </tr>
            </thead>
            <tbody>
              {data.models.map((model) => (
                <ModelRow key={model.id} model={model} onRemove={() => setRemoving(model)} />
              ))}
            </tbody>
          </Table>
        </Card>
      )}
      {data ? <AddModelDialog places={data} isOpen={adding} onClose={() => setAdding(false)} /> : null}
      {removing ? <RemoveDialog model={removing} onClose={() => setRemoving(null)} /> : null}
    </Page>
  );
}

function ModelRow({ model, onRemove }: { model: AddedModel; onRemove: () => void }) {
  const { bytesInWords, formatDate } = useFormats();
  const t = useTranslations('models');
  const compact = new Intl.NumberFormat(useLocale(), { notation: 'compact', maximumFractionDigits: 1 });
  return (
    <tr>
      <Td className="min-w-40 font-medium wrap-anywhere">
        <span className="me-2">{model.name}</span>
        {model.parameters === null ? <Badge tone="warn">{t('incomplete')}</Badge> : null}
      </Td>
      <Td className="min-w-64">
        {t(`sources.${model.source}`)}
        <span className="block break-all text-[0.8125rem] text-faint">{model.address}</span>
      </Td>
      <Td className="tabular">{model.parameters === null ? '–' : compact.format(model.parameters)}</Td>
      <Td className="tabular whitespace-nowrap">
        {model.storedBytes < model.bytes
          ? t('sizeOf', { size: bytesInWords(model.storedBytes), total: bytesInWords(model.bytes) })
          : bytesInWords(model.bytes)}
      </Td>
      <Td className="tabular">{model.runs}</Td>
      <Td className="whitespace-nowrap text-soft">{formatDate(model.createdAt)}</Td>
      <Td>
        <IconButton label={t('removeModel', { name: model.name })} size="sm" onClick={onRemove}>
          <Trash2 aria-hidden="true" className="size-4" />
        </IconButton>
      </Td>
    </tr>
  );
}

function RemoveDialog({ model, onClose }: { model: AddedModel; onClose: () => void }) {
  const t = useTranslations('models');
  const remove = useApiMutation(() => api(`/models/${model.id}`, { method: 'DELETE' }), ['/models']);
  const used = model.runs > 0;
  return (
    <Dialog
      title={t('removeTitle', { name: model.name })}
      isOpen
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      actions={
        <>
          <Button onClick={onClose}>{used ? t('close') : t('keepModel')}</Button>
          {used ? null : (
            <Button
              variant="primary"
              pending={remove.isPending}
              onClick={() => remove.mutate(undefined, { onSuccess: onClose })}
            >
              {t('remove')}
            </Button>
          )}
        </>
      }
    >
      <div className="grid gap-4 text-sm">
        <p>
          {used
            ? t('modelInUse', { runs: model.runs })
            : model.source === 'folder'
              ? t('removeUploadedHint')
              : model.source === 'server'
                ? t('removeServerHint')
                : t('removeHubHint')}
        </p>
        {remove.error ? <ErrorState title={t('removeFailed')} error={remove.error} /> : null}
      </div>
    </Dialog>
  );
}
