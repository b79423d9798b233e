'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Notice } from '@/components/ui';
import { RowTh, Table, Td, Th } from '@/components/ui/table';
import { useFormats } from '@/components/ui/use-formats';
import type { LengthBin, SnapshotContents, SplitLeaks } from '@/lib/schemas/snapshot-contents';

/** What a snapshot holds: what its splits share, how long its texts are, and which sources win. */
export function ContentsFigures({ contents }: { contents: SnapshotContents }) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-5 text-ink">
      {contents.leaks ? <Leaks leaks={contents.leaks} /> : null}
      <Lengths lengths={contents.lengths} />
      <Sources contents={contents} />
    </div>
  );
}

function Leaks({ leaks: { between, examples, comparedForNear } }: { leaks: SplitLeaks }) {
  const t = useTranslations('snapshots');
  const found = between.filter(({ equal, near }) => equal + near > 0);
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <h3 className="font-medium text-sm">{t('contents.leaks')}</h3>
      <p className="text-[0.8125rem] text-faint">{t('contents.leaksHint')}</p>
      {found.length === 0 ? <Notice tone="good">{t('contents.noLeaks')}</Notice> : null}
      {found.map(({ splits: [first, second], equal, near }) => (
        <Notice key={`${first}-${second}`} tone="warn">
          {t('contents.leaked', {
            first: t(`contents.splits.${first}`),
            second: t(`contents.splits.${second}`),
            equal,
            near,
          })}
        </Notice>
      ))}
      {comparedForNear === null ? null : (
        <p className="text-[0.8125rem] text-faint">{t('contents.comparedForNear', { count: comparedForNear })}</p>
      )}
      {examples.length > 0 ? (
        <details className="text-sm">
          <summary className="cursor-pointer text-soft hover:text-ink">{t('contents.examples')}</summary>
          <ul className="mt-2 grid grid-cols-[minmax(0,1fr)] gap-3">
            {examples.map(({ similarity, prompts }) => (
              <li key={prompts.map(({ id }) => id).join(' ')} className="grid grid-cols-[minmax(0,1fr)] gap-1">
                <span className="text-[0.8125rem] text-soft">
                  {similarity === 1
                    ? t('contents.equal')
                    : t('contents.similar', { percent: Math.round(100 * similarity) })}
                </span>
                {prompts.map(({ id, split, excerpt }) => (
                  <span key={split} className="wrap-anywhere">
                    {t(`contents.splits.${split}`)} · <bdi className="font-mono text-[0.8125rem]">{id}</bdi>{' '}
                    <span dir="auto" className="block border-line border-s-2 ps-2 text-soft">
                      {excerpt}
                    </span>
                  </span>
                ))}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </section>
  );
}

function Lengths({ lengths }: { lengths: readonly LengthBin[] }) {
  const t = useTranslations('snapshots');
  const { formatNumber } = useFormats();
  const columns = ['prompts', 'responses', 'chosen', 'rejected'] as const;
  const used = lengths.flatMap((bin, at) => (columns.some((name) => bin[name] > 0) ? [at] : []));
  if (used.length === 0) return null;
  const rows = lengths.slice(used[0], used.at(-1)! + 1).map((counts) => {
    const next = lengths[lengths.indexOf(counts) + 1]?.from;
    const from = formatNumber(counts.from);
    const range =
      next === undefined ? t('contents.andMore', { from }) : t('contents.range', { from, to: formatNumber(next - 1) });
    return {
      key: counts.from,
      heading: range,
      counts,
    };
  });
  return (
    <BarTable
      title={t('contents.lengths')}
      hint={t('contents.lengthsHint')}
      first={t('contents.characters')}
      headingClass="tabular whitespace-nowrap font-normal"
      columns={columns}
      rows={rows}
    />
  );
}

function Sources({ contents: { sources, moreSources } }: { contents: SnapshotContents }) {
  const t = useTranslations('snapshots');
  const rows = sources.map((counts) => ({
    key: counts.source,
    heading: <bdi>{counts.source}</bdi>,
    counts,
  }));
  return (
    <BarTable
      title={t('contents.sources')}
      hint={t('contents.sourcesHint')}
      first={t('contents.source')}
      headingClass="min-w-28 wrap-anywhere"
      columns={['responses', 'chosen', 'rejected']}
      rows={rows}
      more={moreSources > 0 ? t('contents.moreSources', { count: moreSources }) : null}
    />
  );
}

type Counted = 'prompts' | 'responses' | 'chosen' | 'rejected';

/** A histogram as a table: each number has its bar beneath it, as long as it is of its column's greatest. */
function BarTable<Name extends Counted>({
  title,
  hint,
  first,
  headingClass,
  columns,
  rows,
  more = null,
}: {
  title: string;
  hint: string;
  /** What the first column is called. */
  first: string;
  headingClass: string;
  columns: readonly Name[];
  rows: readonly { key: string | number; heading: ReactNode; counts: Readonly<Record<Name, number>> }[];
  more?: string | null;
}) {
  const t = useTranslations('snapshots');
  const greatest = columns.map((name) => rows.reduce((most, { counts }) => Math.max(most, counts[name]), 0));
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <h3 className="font-medium text-sm">{title}</h3>
      <p className="text-[0.8125rem] text-faint">{hint}</p>
      <Table caption={title}>
        <thead>
          <tr>
            <Th>{first}</Th>
            {columns.map((name) => (
              <Th key={name} numeric>
                {t(`contents.${name as Counted}`)}
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, heading, counts }) => (
            <tr key={key}>
              <RowTh className={headingClass}>{heading}</RowTh>
              {columns.map((name, i) => (
                <Bar key={name} value={counts[name]} most={greatest[i]!} />
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
      {more === null ? null : <p className="text-[0.8125rem] text-faint">{more}</p>}
    </section>
  );
}

function Bar({ value, most }: { value: number; most: number }) {
  const { formatNumber } = useFormats();
  return (
    <Td numeric className="min-w-20">
      {formatNumber(value)}
      <span aria-hidden="true" className="mt-1 flex h-1.5 justify-end">
        <span
          className="h-full rounded-full bg-accent"
          style={{ width: `${most === 0 ? 0 : (100 * value) / most}%` }}
        />
      </span>
    </Td>
  );
}
