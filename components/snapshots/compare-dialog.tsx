'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Badge, Button, Dialog, Notice, Select, useErrorMessage } from '@/components/ui';
import { Spinner } from '@/components/ui/spinner';
import { RowTh, Table, Td, Th } from '@/components/ui/table';
import { useFormats } from '@/components/ui/use-formats';
import type { SnapshotSummary } from '@/lib/schemas/snapshot';
import type { ChangedPrompt, ComparisonCounts } from '@/lib/schemas/snapshot-comparison';
import { useChangedPrompts, useComparisonCounts } from './use-comparison';

/** What came, went and changed between two snapshots of a project. `snapshots` has two or more, the newest first. */
export function CompareDialog({
  snapshots,
  onOpenChange,
}: {
  snapshots: readonly SnapshotSummary[];
  onOpenChange: (isOpen: boolean) => void;
}) {
  const t = useTranslations('snapshots');
  const { formatDateTime } = useFormats();
  const [before, setBefore] = useState(snapshots[1]!.id);
  const [after, setAfter] = useState(snapshots[0]!.id);
  const options = snapshots.map(({ id, name, createdAt }) => ({
    value: id,
    // No element can isolate a name in an option; whatever its letters' direction, the date stands behind it.
    label: `\u2068${name}\u2069 · ${formatDateTime(createdAt)}`,
  }));
  return (
    <Dialog title={t('compare.title')} isOpen onOpenChange={onOpenChange} size="lg">
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4 sm:grid-cols-2">
          <Select
            label={t('compare.before')}
            value={before}
            onChange={({ target }) => setBefore(target.value)}
            options={options}
          />
          <Select
            label={t('compare.after')}
            value={after}
            onChange={({ target }) => setAfter(target.value)}
            options={options}
          />
        </div>
        {before === after ? (
          <Notice tone="warn">{t('compare.sameSnapshot')}</Notice>
        ) : (
          <Comparison key={`${before} ${after}`} before={before} after={after} />
        )}
      </div>
    </Dialog>
  );
}

function Comparison({ before, after }: { before: string; after: string }) {
  const t = useTranslations('snapshots');
  const errorMessage = useErrorMessage();
  const { counts, soFar, error } = useComparisonCounts(before, after);
  const list = useChangedPrompts(before, after);
  const prompts = list.data?.pages.flatMap((page) => page.prompts);
  return (
    <>
      {error ? <Notice tone="bad">{errorMessage(error)}</Notice> : null}
      {counts ? (
        <Counts counts={counts} />
      ) : error ? null : (
        <p role="status" className="flex items-center gap-2 text-sm text-soft">
          <Spinner /> {t('compare.counting', { count: soFar })}
        </p>
      )}
      {list.error ? <Notice tone="bad">{errorMessage(list.error)}</Notice> : null}
      {prompts?.length === 0 ? <Notice tone="good">{t('compare.nothing')}</Notice> : null}
      {prompts && prompts.length > 0 ? (
        <section aria-label={t('compare.prompts')} className="grid grid-cols-[minmax(0,1fr)] gap-3">
          <h3 className="font-medium text-sm">{t('compare.prompts')}</h3>
          <ul className="divide-y divide-line border-line border-y">
            {prompts.map((prompt) => (
              <PromptChange key={prompt.id} prompt={prompt} />
            ))}
          </ul>
          {list.hasNextPage ? (
            <div>
              <Button size="sm" pending={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {t('compare.more')}
              </Button>
            </div>
          ) : null}
        </section>
      ) : null}
    </>
  );
}

const rows = ['prompts', 'pairs'] as const;

function Counts({ counts: { prompts, pairs } }: { counts: ComparisonCounts }) {
  const t = useTranslations('snapshots');
  const { formatNumber } = useFormats();
  const changed = { prompts: prompts.changed, pairs: pairs.turned };
  const same = { prompts: prompts.same, pairs: pairs.kept };
  const both = { prompts, pairs };
  return (
    <Table caption={t('compare.title')}>
      <thead>
        <tr>
          <Th>{t('compare.what')}</Th>
          <Th numeric>{t('compare.came')}</Th>
          <Th numeric>{t('compare.went')}</Th>
          <Th numeric>{t('compare.changed')}</Th>
          <Th numeric>{t('compare.same')}</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row}>
            <RowTh>{t(`counts.${row}`)}</RowTh>
            <Td numeric>{formatNumber(both[row].came)}</Td>
            <Td numeric>{formatNumber(both[row].went)}</Td>
            <Td numeric>{formatNumber(changed[row])}</Td>
            <Td numeric>{formatNumber(same[row])}</Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

const tones = { came: 'good', went: 'bad', changed: 'warn' } as const;

function PromptChange({ prompt }: { prompt: ChangedPrompt }) {
  const t = useTranslations('snapshots');
  const { id, change, excerpt, pairs, turned, texts, moved } = prompt;
  return (
    <li className="grid grid-cols-[minmax(0,1fr)] gap-1 py-2.5 text-sm">
      <p className="flex flex-wrap items-center gap-2">
        <Badge tone={tones[change]}>{t(`compare.${change}`)}</Badge>
        <bdi className="wrap-anywhere font-mono text-[0.8125rem]">{id}</bdi>
      </p>
      <p dir="auto" className="wrap-anywhere text-soft">
        {excerpt}
      </p>
      {pairs.came + pairs.went + pairs.turned > 0 ? (
        <p>{t('compare.pairsOf', { came: pairs.came, went: pairs.went, turned: pairs.turned })}</p>
      ) : null}
      {turned.map(({ chosen, rejected }) => (
        <p key={`${chosen} ${rejected}`} className="text-[0.8125rem] text-soft">
          {t('compare.turnedPair', { chosen, rejected })}
        </p>
      ))}
      {texts ? <p className="text-[0.8125rem] text-soft">{t('compare.texts')}</p> : null}
      {moved ? (
        <p className="text-[0.8125rem] text-soft">
          {t('compare.moved', { from: t(`contents.splits.${moved[0]}`), to: t(`contents.splits.${moved[1]}`) })}
        </p>
      ) : null}
    </li>
  );
}
