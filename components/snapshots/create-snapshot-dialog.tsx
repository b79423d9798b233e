'use client';

import { useState } from 'react';
import { Button, Dialog, errorMessage, Notice, RadioCards, TextField, useToast } from '@/components/ui';
import { api, useApiMutation } from '@/components/ui/api';
import { type SnapshotAnswer, snapshotsPath } from './snapshot-api';
import { type Strategy, strategies, strategyWords } from './strategy-words';

const FORM = 'create-snapshot';

/** Freezes the annotations of this moment. `suggestedName` is what the field starts with. */
export function CreateSnapshotDialog({
  projectId,
  suggestedName,
  isOpen,
  onOpenChange,
}: {
  projectId: string;
  suggestedName: string;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}) {
  const [name, setName] = useState(suggestedName);
  const [strategy, setStrategy] = useState<Strategy>('annotations');
  const [nameError, setNameError] = useState<string | null>(null);
  const toast = useToast();
  const path = snapshotsPath(projectId);
  const create = useApiMutation(
    (request: { name: string; strategy: Strategy }) => api<SnapshotAnswer>(path, { method: 'POST', json: request }),
    [path, `/projects/${projectId}`],
  );

  const submit = () => {
    const trimmed = name.trim();
    if (trimmed === '') {
      setNameError('Give the snapshot a name.');
      return;
    }
    setNameError(null);
    create.mutate(
      { name: trimmed, strategy },
      {
        onSuccess: ({ snapshot, created }) => {
          onOpenChange(false);
          toast(
            !created
              ? `Nothing changed since “${snapshot.name}”: that snapshot already holds the same content.`
              : `Snapshot “${snapshot.name}” created.`,
            'good',
          );
        },
      },
    );
  };

  return (
    <Dialog
      title="Create a snapshot"
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      dismissable={false}
      actions={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" form={FORM} variant="primary" pending={create.isPending}>
            Create snapshot
          </Button>
        </>
      }
    >
      <form
        id={FORM}
        noValidate
        className="grid gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          if (!create.isPending) submit();
        }}
      >
        <p className="text-sm text-soft">
          A snapshot freezes prompts, responses and pairs as they are now. Training and exports read it, and later
          annotations do not change it.
        </p>
        <TextField
          label="Name"
          value={name}
          maxLength={200}
          error={nameError}
          onChange={(event) => setName(event.target.value)}
        />
        <RadioCards
          legend="Which prompts"
          name="strategy"
          value={strategy}
          onChange={(value) => setStrategy(value as Strategy)}
          options={strategies.map((value) => ({
            value,
            label: strategyWords[value].name,
            description: strategyWords[value].explanation,
          }))}
        />
        <p className="text-[0.8125rem] text-faint">Where people have annotated, their tiers decide in every case.</p>
        {create.error ? <Notice tone="bad">{errorMessage(create.error)}</Notice> : null}
      </form>
    </Dialog>
  );
}
