'use client';

import { FolderOpen } from 'lucide-react';
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
import { bytesInWords, formatNumber } from '@/components/ui/format';
import type { AddedModels, ModelSource } from '@/lib/schemas/model';
import { addFolder, addFromHub, addFromServer, filesOfFolder, hubAddress, usualName } from './add-model';
import { type Adding, useAdding } from './use-adding';
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
  const toast = useToast();
  const [source, setSource] = useState<ModelSource>('folder');
  const [typedName, setTypedName] = useState<string | null>(null);
  const [picked, setPicked] = useState<{ folder: string; files: PickedFile[] } | null>(null);
  const [folder, setFolder] = useState(places.serverFolders?.[0] ?? '');
  const [typed, setTyped] = useState('');
  const address = hubAddress(typed, places.hubOrigin);
  const chosen = { folder: picked?.folder ?? '', server: folder, hub: address }[source];
  const name = typedName ?? usualName(chosen);
  const elsewhere = source === 'hub' && typed.trim() !== '' && !address.startsWith(`${places.hubOrigin}/`);
  const close = () => {
    cancel();
    setTypedName(null);
    setPicked(null);
    setTyped('');
    onClose();
  };
  const { adding, busy, start, cancel } = useAdding(() => {
    toast(`“${name}” was added.`, 'good');
    close();
  });
  const ready = chosen !== '' && name.trim() !== '' && !elsewhere && !busy;
  const add = () =>
    start((steps) => {
      if (source === 'folder') return addFolder(name, picked!.folder, picked!.files, steps);
      return source === 'server' ? addFromServer(name, folder) : addFromHub(name, address, steps);
    });

  return (
    <Dialog
      title="Add a model"
      size="lg"
      isOpen={isOpen}
      dismissable={false}
      onOpenChange={(open) => {
        if (!open) close();
      }}
      actions={
        <>
          <Button onClick={busy ? cancel : close}>{busy ? 'Stop' : 'Cancel'}</Button>
          <Button variant="primary" pending={busy} disabled={!ready} onClick={add}>
            {source === 'hub' ? 'Check and download' : 'Check and add'}
          </Button>
        </>
      }
    >
      <div className="grid gap-5">
        <p className="text-sm text-soft">
          A Hugging Face folder of a Llama, SmolLM2, Qwen2.5 or Qwen3: config.json, tokenizer.json and safetensors
          weights, whole or in shards, in 32 or 16 bits. It is checked before anything is copied.
        </p>
        <fieldset disabled={busy} className="grid gap-5">
          <RadioCards
            legend="Where it is"
            name="source"
            value={source}
            onChange={(value) => setSource(value as ModelSource)}
            options={[
              { value: 'folder', label: 'On this computer', description: 'Its files are uploaded to the server.' },
              {
                value: 'server',
                label: 'On the server',
                description:
                  places.serverFolders === null
                    ? 'Not set up: start the server with MODELS_DIR, a folder with models in it.'
                    : 'It stays where it is and must not change.',
                disabled: places.serverFolders === null,
              },
              {
                value: 'hub',
                label: 'On a hub',
                description: `Each browser that trains with it downloads it from ${new URL(places.hubOrigin).host} once, and keeps it.`,
              },
            ]}
          />
          {source === 'folder' ? <FolderPicker picked={picked} onPick={setPicked} /> : null}
          {source === 'server' ? (
            places.serverFolders?.length === 0 ? (
              <Notice tone="warn">There is no folder with a config.json in the server’s MODELS_DIR yet.</Notice>
            ) : (
              <Select
                label="Folder on the server"
                value={folder}
                onChange={(event) => setFolder(event.target.value)}
                options={(places.serverFolders ?? []).map((value) => ({ value, label: value }))}
              />
            )
          ) : null}
          {source === 'hub' ? (
            <TextField
              label="Address"
              hint={`OWNER/NAME, or the address from your browser: ${places.hubOrigin}/OWNER/NAME`}
              error={elsewhere ? `This server takes models from ${places.hubOrigin} only.` : undefined}
              value={typed}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setTyped(event.target.value)}
            />
          ) : null}
          <TextField
            label="Name"
            hint="What people choose it by."
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
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className="flex flex-wrap items-center gap-3">
      <input
        ref={(element) => {
          input.current = element;
          // React knows no property for it.
          element?.setAttribute('webkitdirectory', '');
        }}
        type="file"
        className="sr-only"
        tabIndex={-1}
        aria-label="The model’s folder"
        onChange={(event) => {
          if (event.target.files && event.target.files.length > 0) onPick(filesOfFolder(event.target.files));
          // Else choosing the same folder again, mended, would not be noticed.
          event.target.value = '';
        }}
      />
      <Button icon={<FolderOpen aria-hidden="true" className="size-4" />} onClick={() => input.current?.click()}>
        Choose the folder
      </Button>
      <p className="text-sm text-soft" role="status">
        {picked
          ? `${picked.folder}: ${bytesInWords(picked.files.reduce((sum, { file }) => sum + file.size, 0))} in ${picked.files.length} files`
          : 'None chosen yet. After an interruption, choose the same folder: it goes on where it stopped.'}
      </p>
    </div>
  );
}

function Progress({ adding, source }: { adding: Adding; source: ModelSource }) {
  const { state, found, bytes, error } = adding;
  if (state === 'idle') return null;
  if (state === 'failed') return <ErrorState title="The model was not added" error={error} />;
  if (found === null) return <ProgressBar label="Checking the model" />;
  return (
    <ProgressBar
      label={`${source === 'hub' ? 'Downloading' : 'Uploading'} ${formatNumber(found.parameters)} parameters`}
      value={bytes}
      max={found.bytes}
      detail={`${bytesInWords(bytes)} of ${bytesInWords(found.bytes)}`}
    />
  );
}
