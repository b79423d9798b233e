'use client';

import { FolderOpen } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import {
  Button,
  Dialog,
  ErrorState,
  Notice,
  ProgressBar,
  RadioCards,
  Select,
  TextField,
  useToast,
} from '@/components/ui';
import { ConnectionLost } from '@/components/ui/connection-lost';
import { useFormats } from '@/components/ui/use-formats';
import type { AddedModels, ModelSource } from '@/lib/schemas/model';
import { addFolder, addFromHub, addFromServer, defaultModelName, filesOfFolder, hubAddress } from './add-model';
import { type AddModelState, useAddModel } from './use-add-model';
import type { PickedFile } from './worker-messages';

/** A model from this computer, from the server's own folder, or from a hub. */
export function AddModelDialog({
  places,
  isOpen,
  onClose,
}: {
  places: AddedModels;
  isOpen: boolean;
  onClose: () => void;
}) {
  const t = useTranslations('models');
  const toast = useToast();
  const [source, setSource] = useState<ModelSource>('folder');
  const [typedName, setTypedName] = useState<string | null>(null);
  const [picked, setPicked] = useState<{ folder: string; files: PickedFile[] } | null>(null);
  const [folder, setFolder] = useState(places.serverFolders?.[0] ?? '');
  const [typed, setTyped] = useState('');
  const address = hubAddress(typed, places.hubOrigin);
  const chosen = { folder: picked?.folder ?? '', server: folder, hub: address }[source];
  const name = typedName ?? defaultModelName(chosen);
  const elsewhere = source === 'hub' && typed.trim() !== '' && !address.startsWith(`${places.hubOrigin}/`);
  const close = () => {
    cancel();
    setTypedName(null);
    setPicked(null);
    setTyped('');
    onClose();
  };
  const { adding, busy, start, cancel } = useAddModel((given) => {
    toast(t('modelAdded', { name: given }), 'good');
    close();
  });
  const ready = chosen !== '' && name.trim() !== '' && !elsewhere && !busy;
  const add = () =>
    start([source, name, chosen], (steps) => {
      if (source === 'folder') return addFolder(name, picked!.folder, picked!.files, steps);
      return source === 'server' ? addFromServer(name, folder, steps) : addFromHub(name, address, steps);
    });

  return (
    <Dialog
      title={t('addModel')}
      size="lg"
      isOpen={isOpen}
      dismissable={false}
      onOpenChange={(open) => {
        if (!open) close();
      }}
      actions={
        <>
          <Button onClick={busy ? cancel : close}>{busy ? t('stop') : t('cancel')}</Button>
          <Button variant="primary" pending={busy} disabled={!ready} onClick={add}>
            {source === 'hub' ? t('checkAndDownload') : t('checkAndAdd')}
          </Button>
        </>
      }
    >
      <div className="grid gap-5">
        <p className="text-sm text-soft">{t('addHint')}</p>
        <fieldset disabled={busy} className="grid gap-5">
          <RadioCards
            legend={t('location')}
            name="source"
            value={source}
            onChange={(value) => setSource(value as ModelSource)}
            options={[
              { value: 'folder', label: t('onThisComputer'), description: t('onThisComputerHint') },
              {
                value: 'server',
                label: t('onTheServer'),
                description: places.serverFolders === null ? t('serverFolderNotSetUp') : t('onTheServerHint'),
                disabled: places.serverFolders === null,
              },
              {
                value: 'hub',
                label: t('onAHub'),
                description: t('onAHubHint', { host: new URL(places.hubOrigin).host }),
              },
            ]}
          />
          {source === 'folder' ? <FolderPicker picked={picked} onPick={setPicked} /> : null}
          {source === 'server' ? (
            places.serverFolders?.length === 0 ? (
              <Notice tone="warn">{t('noServerFolders')}</Notice>
            ) : (
              <Select
                label={t('folderOnTheServer')}
                value={folder}
                onChange={(event) => setFolder(event.target.value)}
                options={(places.serverFolders ?? []).map((value) => ({ value, label: value }))}
              />
            )
          ) : null}
          {source === 'hub' ? (
            <TextField
              label={t('address')}
              hint={t('addressHint', { hubOrigin: places.hubOrigin })}
              error={elsewhere ? t('otherHub', { hubOrigin: places.hubOrigin }) : undefined}
              value={typed}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setTyped(event.target.value)}
            />
          ) : null}
          <TextField
            label={t('name')}
            hint={t('nameHint')}
            maxLength={100}
            value={name}
            onChange={(event) => setTypedName(event.target.value)}
          />
        </fieldset>
        <Progress adding={adding} source={source} />
      </div>
    </Dialog>
  );
}

function FolderPicker({
  picked,
  onPick,
}: {
  picked: { folder: string; files: PickedFile[] } | null;
  onPick: (picked: { folder: string; files: PickedFile[] }) => void;
}) {
  const { bytesInWords } = useFormats();
  const t = useTranslations('models');
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className="flex flex-wrap items-center gap-3">
      <input
        ref={(element) => {
          input.current = element;
          // React has no property for this attribute.
          element?.setAttribute('webkitdirectory', '');
        }}
        type="file"
        className="sr-only"
        tabIndex={-1}
        aria-label={t('modelFolder')}
        onChange={(event) => {
          if (event.target.files && event.target.files.length > 0) onPick(filesOfFolder(event.target.files));
          // The value is cleared, so that choosing the same folder again after correcting it fires a change event.
          event.target.value = '';
        }}
      />
      <Button icon={<FolderOpen aria-hidden="true" className="size-4" />} onClick={() => input.current?.click()}>
        {t('chooseFolder')}
      </Button>
      <p className="text-sm text-soft" role="status">
        {picked
          ? t('pickedFolder', {
              folder: picked.folder,
              size: bytesInWords(picked.files.reduce((sum, { file }) => sum + file.size, 0)),
              count: picked.files.length,
            })
          : t('noFolderChosen')}
      </p>
    </div>
  );
}

function Progress({ adding, source }: { adding: AddModelState; source: ModelSource }) {
  const { bytesInWords } = useFormats();
  const t = useTranslations('models');
  const { state, found, bytes, waiting, error } = adding;
  if (state === 'idle') return null;
  if (state === 'failed') return <ErrorState title={t('addFailed')} error={error} />;
  if (found === null) return <ProgressBar label={t('checking')} />;
  return (
    <div className="grid gap-3">
      <ProgressBar
        label={t(source === 'hub' ? 'downloading' : 'uploading', { parameters: found.parameters })}
        value={bytes}
        max={found.bytes}
        detail={t('sizeOf', { size: bytesInWords(bytes), total: bytesInWords(found.bytes) })}
      />
      {waiting ? <ConnectionLost /> : null}
    </div>
  );
}
