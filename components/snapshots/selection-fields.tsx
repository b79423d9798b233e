'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button, Checkbox, Notice, TextField, useErrorMessage } from '@/components/ui';
import { api, useApiMutation } from '@/components/ui/api';
import { JobProgressBar, newJobId } from '@/components/ui/job-progress';
import { MAX_PRIORITY } from '@/lib/schemas/prompt-import';
import type { SnapshotPreview } from '@/lib/schemas/snapshot-request';
import type { Strategy } from '@/lib/schemas/strategy';
import { MAX_TIERS } from '@/trainer/contract/tier-limits';
import { ContentsFigures } from './contents-figures';
import { selectionOf, type TypedSelection } from './selection-of';
import { snapshotsPath } from './snapshot-api';

const numberLimits = {
  leastPriority: [-MAX_PRIORITY, MAX_PRIORITY],
  leastAnnotators: [1, 1000],
  validation: [0, 90],
  test: [0, 90],
  pairsPerPrompt: [1, 1000],
  leastMargin: [1, MAX_TIERS - 1],
  winsPerLoss: [1, 100],
  seed: [0, 2_147_483_647],
} as const;
const dates = ['importedFrom', 'importedUntil'] as const;

/** Which prompts and pairs a snapshot takes and how it splits them, with a preview of what it would hold. */
export function SelectionFields({
  projectId,
  strategy,
  typed,
  onType,
}: {
  projectId: string;
  strategy: Strategy;
  typed: TypedSelection;
  onType: (typed: TypedSelection) => void;
}) {
  const t = useTranslations('snapshots');
  const change = (part: Partial<TypedSelection>) => onType({ ...typed, ...part });
  const text = (name: 'source' | 'language', maxLength: number) => (
    <TextField
      label={t(`selection.${name}`)}
      dir="auto"
      maxLength={maxLength}
      value={typed[name]}
      onChange={({ target }) => change({ [name]: target.value })}
    />
  );
  const number = (name: keyof typeof numberLimits) => (
    <TextField
      type="number"
      label={t(`selection.${name}`)}
      dir="ltr"
      step={1}
      min={numberLimits[name][0]}
      max={numberLimits[name][1]}
      value={typed[name]}
      onChange={({ target }) => change({ [name]: target.value })}
    />
  );
  return (
    <details className="rounded-md border border-line">
      <summary className="cursor-pointer px-4 py-3 font-medium text-sm hover:bg-hover">{t('selection.title')}</summary>
      <div className="grid gap-4 border-line border-t p-4">
        <p className="text-[0.8125rem] text-faint">{t('selection.hint')}</p>
        <div className="grid items-end gap-4 sm:grid-cols-2">
          {text('source', 200)}
          {text('language', 35)}
          {number('leastPriority')}
          {number('leastAnnotators')}
          {dates.map((name) => (
            <TextField
              key={name}
              type="date"
              label={t(`selection.${name}`)}
              value={typed[name]}
              onChange={({ target }) => change({ [name]: target.value })}
            />
          ))}
          {number('pairsPerPrompt')}
          {number('leastMargin')}
          {number('winsPerLoss')}
          {number('validation')}
          {number('test')}
          {number('seed')}
        </div>
        <p className="text-[0.8125rem] text-faint">{t('selection.balanceHint')}</p>
        <p className="text-[0.8125rem] text-faint">{t('selection.splitHint')}</p>
        <Checkbox
          label={t('selection.withoutFlagged')}
          checked={typed.withoutFlagged}
          onChange={({ target }) => change({ withoutFlagged: target.checked })}
        />
        <Preview key={JSON.stringify([typed, strategy])} projectId={projectId} strategy={strategy} typed={typed} />
      </div>
    </details>
  );
}

function Preview({ projectId, strategy, typed }: { projectId: string; strategy: Strategy; typed: TypedSelection }) {
  const t = useTranslations('snapshots');
  const errorMessage = useErrorMessage();
  const [jobId, setJobId] = useState('');
  const preview = useApiMutation(
    (job: string) =>
      api<SnapshotPreview>(`${snapshotsPath(projectId)}/preview?job=${job}`, {
        method: 'POST',
        json: { strategy, selection: selectionOf(typed) },
      }),
    [],
  );
  const start = () => {
    const job = newJobId();
    setJobId(job);
    preview.mutate(job);
  };
  const { counts, selected, contents } = preview.data ?? {};
  return (
    <div className="grid gap-3">
      <div>
        <Button size="sm" pending={preview.isPending} onClick={start}>
          {t('selection.preview')}
        </Button>
      </div>
      {preview.isPending ? <JobProgressBar jobId={jobId} label={t('selection.previewing')} /> : null}
      {preview.error ? <Notice tone="bad">{errorMessage(preview.error)}</Notice> : null}
      {counts && selected ? (
        <Notice tone={counts.prompts === 0 ? 'warn' : 'good'}>
          <p>
            {t('selection.found', { prompts: counts.prompts, pairs: counts.pairs, annotations: counts.annotations })}
          </p>
          <p>
            {t('selection.leftOut', {
              prompts: selected.prompts_left_out,
              margin: selected.pairs_below_margin,
              cap: selected.pairs_above_cap,
            })}
          </p>
          {selected.pairs_unbalanced === undefined ? null : (
            <p>{t('selection.unbalanced', { count: selected.pairs_unbalanced })}</p>
          )}
          {selected.splits ? <p>{t('selection.splits', selected.splits)}</p> : null}
        </Notice>
      ) : null}
      {contents && counts && counts.prompts > 0 ? <ContentsFigures contents={contents} /> : null}
    </div>
  );
}
