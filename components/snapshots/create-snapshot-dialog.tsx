'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button, Dialog, Notice, RadioCards, TextField, useErrorMessage, useToast } from '@/components/ui';
import { api, useCreation } from '@/components/ui/api';
import { JobProgressBar, newJobId } from '@/components/ui/job-progress';
import type { CreatedSnapshot } from '@/lib/schemas/snapshot';
import type { CreateSnapshotRequest } from '@/lib/schemas/snapshot-request';
import type { Strategy } from '@/lib/schemas/strategy';
import { SelectionFields } from './selection-fields';
import { nothingTyped, selectionOf } from './selection-of';
import { snapshotsPath } from './snapshot-api';
import { strategies } from './strategies';

const FORM = 'create-snapshot';

/** Creates a snapshot of the current annotations. `suggestedName` is the field's initial value. */
export function CreateSnapshotDialog({
  projectId,
  suggestedName,
  usualStrategy,
  isOpen,
  onOpenChange,
}: {
  projectId: string;
  suggestedName: string;
  /** The project's choice. */
  usualStrategy: Strategy;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}) {
  const errorMessage = useErrorMessage();
  const t = useTranslations('snapshots');
  const [name, setName] = useState(suggestedName);
  const [strategy, setStrategy] = useState<Strategy>(usualStrategy);
  const [typed, setTyped] = useState(nothingTyped);
  const [nameError, setNameError] = useState<string | null>(null);
  const toast = useToast();
  const path = snapshotsPath(projectId);
  const [jobId, setJobId] = useState('');
  const create = useCreation(
    ({ job, ...json }: { job: string } & Pick<CreateSnapshotRequest, 'name' | 'strategy' | 'selection'>, once) =>
      api<CreatedSnapshot>(`${path}?job=${job}`, { method: 'POST', json, once }),
    [path, `/projects/${projectId}`],
  );

  const submit = () => {
    const trimmed = name.trim();
    if (trimmed === '') {
      setNameError(t('nameRequired'));
      return;
    }
    setNameError(null);
    const job = newJobId();
    setJobId(job);
    create.mutate({ job, name: trimmed, strategy, selection: selectionOf(typed) }, ({ snapshot, created }) => {
      onOpenChange(false);
      toast(!created ? t('nothingChanged', { name: snapshot.name }) : t('created', { name: snapshot.name }), 'good');
    });
  };

  return (
    <Dialog
      title={t('createTitle')}
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      dismissable={false}
      actions={
        <>
          {create.isPending ? null : <Button onClick={() => onOpenChange(false)}>{t('cancel')}</Button>}
          <Button type="submit" form={FORM} variant="primary" pending={create.isPending}>
            {t('createSnapshot')}
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
          submit();
        }}
      >
        <p className="text-sm text-soft">{t('createHint')}</p>
        <TextField
          label={t('name')}
          value={name}
          maxLength={200}
          error={nameError}
          onChange={(event) => setName(event.target.value)}
        />
        <RadioCards
          legend={t('promptsToInclude')}
          name="strategy"
          value={strategy}
          onChange={(value) => setStrategy(value as Strategy)}
          options={strategies.map((value) => ({
            value,
            label: t(`strategies.${value}.name`),
            description: t(`strategies.${value}.explanation`),
          }))}
        />
        <p className="text-[0.8125rem] text-faint">{t('promptsToIncludeHint')}</p>
        <SelectionFields projectId={projectId} strategy={strategy} typed={typed} onType={setTyped} />
        {create.isPending ? <JobProgressBar jobId={jobId} label={t('freezing')} /> : null}
        {create.error ? <Notice tone="bad">{errorMessage(create.error)}</Notice> : null}
      </form>
    </Dialog>
  );
}
