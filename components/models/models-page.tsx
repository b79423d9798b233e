'use client';

import { Boxes, Plus, Trash2 } from 'lucide-react';
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
import { bytesInWords, formatDate, plural } from '@/components/ui/format';
import type { AddedModel, AddedModels } from '@/lib/schemas/model';
import { AddModelDialog } from './add-model-dialog';

/** Models that administrators added, and the way to add more. */
export function ModelsPage() {
  const me = useMe();
  const isAdmin = me.data?.user?.role === 'admin';
  const { data, error, refetch } = useApi<AddedModels>('/models/added', { enabled: isAdmin });
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<AddedModel | null>(null);

  if (me.data && !isAdmin) {
    return (
      <Page>
        <PageHeader title="Models" />
        <p className="text-soft">Only administrators add and remove models.</p>
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
      Add a model
    </Button>
  );
  return (
    <Page>
      <PageHeader
        title="Models"
        description="What runs may start from, beside the demo model and the models that runs have trained."
        actions={add}
      />
      {error ? (
        <ErrorState error={error} onRetry={() => refetch()} />
      ) : data === undefined ? (
        <LoadingState label="Loading models" />
      ) : data.models.length === 0 ? (
        <EmptyState icon={<Boxes className="size-5" />} title="No models added yet">
          Add one from this computer, from the server, or from a hub; researchers then choose it when they train.
        </EmptyState>
      ) : (
        <Card flush>
          <Table caption="Added models">
            <thead>
              <tr>
                <Th>Name</Th>
                <Th>Source</Th>
                <Th>Parameters</Th>
                <Th>Size</Th>
                <Th>Runs</Th>
                <Th>Added</Th>
                <Th>
                  <span className="sr-only">Actions</span>
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

const sourceWords = { folder: 'uploaded', server: 'on the server', hub: 'on a hub' } as const;

function ModelRow({ model, onRemove }: { model: AddedModel; onRemove: () => void }) {
  const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
  return (
    <tr>
      <Td className="font-medium">
        <span className="mr-2">{model.name}</span>
        {model.parameters === null ? <Badge tone="warn">incomplete</Badge> : null}
      </Td>
      <Td>
        {sourceWords[model.source]}
        <span className="block break-all text-[0.8125rem] text-faint">{model.address}</span>
      </Td>
      <Td className="tabular">{model.parameters === null ? '–' : compact.format(model.parameters)}</Td>
      <Td className="tabular whitespace-nowrap">
        {model.storedBytes < model.bytes ? `${bytesInWords(model.storedBytes)} of ` : ''}
        {bytesInWords(model.bytes)}
      </Td>
      <Td className="tabular">{model.runs}</Td>
      <Td className="whitespace-nowrap text-soft">{formatDate(model.createdAt)}</Td>
      <Td>
        <IconButton label={`Remove ${model.name}`} size="sm" onClick={onRemove}>
          <Trash2 aria-hidden="true" className="size-4" />
        </IconButton>
      </Td>
    </tr>
  );
}

function RemoveDialog({ model, onClose }: { model: AddedModel; onClose: () => void }) {
  const remove = useApiMutation(() => api(`/models/${model.id}`, { method: 'DELETE' }), ['/models']);
  const used = model.runs > 0;
  return (
    <Dialog
      title={`Remove “${model.name}”?`}
      isOpen
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      actions={
        <>
          <Button onClick={onClose}>{used ? 'Close' : 'Keep it'}</Button>
          {used ? null : (
            <Button
              variant="primary"
              pending={remove.isPending}
              onClick={() => remove.mutate(undefined, { onSuccess: onClose })}
            >
              Remove
            </Button>
          )}
        </>
      }
    >
      <div className="grid gap-4 text-sm">
        <p>
          {used
            ? `${plural(model.runs, 'run')} started from it, and what they trained is of no use without it. It stays.`
            : model.source === 'folder'
              ? 'Its files are removed from the server. The folder it came from stays as it is.'
              : model.source === 'server'
                ? 'It is no longer offered. Its folder on the server stays as it is.'
                : 'It is no longer offered. Browsers that downloaded it keep their copy until their site data is cleared.'}
        </p>
        {remove.error ? <ErrorState title="The model was not removed" error={remove.error} /> : null}
      </div>
    </Dialog>
  );
}
