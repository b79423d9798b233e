'use client';

import { Download } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Checkbox, Dialog, DownloadButton, Notice, RadioCards, Select, useErrorMessage } from '@/components/ui';
import { useApi } from '@/components/ui/api';
import { exporters } from '@/lib/formats/exports/registry';
import { type ExportFormat, type ExportPreview, type ExtraColumn, extraColumns } from '@/lib/schemas/export';
import type { SnapshotSummary } from '@/lib/schemas/snapshot';
import { exportGroups, formatName } from './export-groups';
import { exportPreviewPath, exportUrl } from './snapshot-api';

/** Which trainer a snapshot is exported for, in which of its formats and with which columns; and the first rows of it. */
export function ExportDialog({
  snapshot,
  onOpenChange,
}: {
  snapshot: SnapshotSummary;
  onOpenChange: (isOpen: boolean) => void;
}) {
  const t = useTranslations('snapshots');
  const [group, setGroup] = useState(exportGroups[0]!);
  const [format, setFormat] = useState<ExportFormat>(group.formats[0]!);
  const [columns, setColumns] = useState<readonly ExtraColumn[]>(exporters[format].defaults);
  const [named, setNamed] = useState(false);
  const exporter = exporters[format];
  const choose = (next: ExportFormat) => {
    setFormat(next);
    setColumns(exporters[next].defaults);
    setNamed(false);
  };
  const query = { format, columns, people: named ? ('names' as const) : ('pseudonyms' as const) };
  const offered = extraColumns.filter((column) => exporter.columns.includes(column));

  return (
    <Dialog
      title={t('export.title', { name: snapshot.name })}
      isOpen
      onOpenChange={onOpenChange}
      size="lg"
      actions={
        <DownloadButton
          variant="primary"
          icon={<Download aria-hidden="true" className="size-4" />}
          href={exportUrl(snapshot.id, query)}
        >
          {t('export.download')}
        </DownloadButton>
      }
    >
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
        <Select
          label={t('export.whatTrainer')}
          value={String(exportGroups.indexOf(group))}
          onChange={(event) => {
            const next = exportGroups[Number(event.target.value)]!;
            setGroup(next);
            choose(next.formats[0]!);
          }}
          options={exportGroups.map((one, i) => ({
            value: String(i),
            label: 'trainer' in one ? one.trainer : t(`export.groups.${one.purpose}`),
          }))}
        />
        <RadioCards
          legend={t('export.whatFormat')}
          name="export-format"
          value={format}
          onChange={(value) => choose(value as ExportFormat)}
          options={group.formats.map((value) => ({
            value,
            label: formatName(value, (format) => t(`export.formatNames.${format}`)),
            description: t(`export.formats.${value}`),
          }))}
        />
        {offered.length > 0 || exporter.namesPeople ? (
          <fieldset>
            <legend className="mb-1.5 font-medium text-sm">{t('export.alsoInRows')}</legend>
            <div className="grid gap-2 sm:grid-cols-2">
              {offered.map((column) => (
                <Checkbox
                  key={column}
                  label={t(`export.columns.${column}`)}
                  checked={columns.includes(column)}
                  onChange={(event) =>
                    setColumns(
                      event.target.checked ? [...columns, column] : columns.filter((other) => other !== column),
                    )
                  }
                />
              ))}
              {exporter.namesPeople ? (
                <Checkbox
                  label={t('export.names')}
                  hint={t('export.namesHint')}
                  checked={named}
                  onChange={(event) => setNamed(event.target.checked)}
                />
              ) : null}
            </div>
          </fieldset>
        ) : null}
        <Preview path={exportPreviewPath(snapshot.id, query)} />
        <p className="text-[0.8125rem] text-faint">{t('export.readmeHint')}</p>
      </div>
    </Dialog>
  );
}

function Preview({ path }: { path: string }) {
  const t = useTranslations('snapshots');
  const errorMessage = useErrorMessage();
  const { data, error } = useApi<ExportPreview>(path);
  return (
    <section aria-busy={!data && !error}>
      <h3 className="mb-1.5 font-medium text-sm">
        {data ? t('export.firstRows', { file: data.file }) : t('export.loadingRows')}
      </h3>
      {error ? <Notice tone="bad">{errorMessage(error)}</Notice> : null}
      {data?.rows.length === 0 ? <Notice tone="warn">{t('export.noRows')}</Notice> : null}
      {data && data.rows.length > 0 ? (
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and a keyboard has to reach that
          tabIndex={0}
          dir="ltr"
          className="max-h-72 overflow-auto whitespace-pre-wrap wrap-anywhere rounded-md border border-line bg-paper p-3 font-mono text-xs leading-relaxed"
        >
          {data.rows.map((row) => JSON.stringify(row, null, 2)).join('\n')}
        </pre>
      ) : null}
    </section>
  );
}
