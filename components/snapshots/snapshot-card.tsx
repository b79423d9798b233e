'use client';

import { Download, PackageOpen, Pencil } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Badge, Button, Card, DownloadButton, LinkButton } from '@/components/ui';
import { useFormats } from '@/components/ui/use-formats';
import type { SnapshotSummary } from '@/lib/schemas/snapshot';
import { droppedReasons } from './dropped-reasons';
import { ExportDialog } from './export-dialog';
import { RenameSnapshotDialog } from './rename-snapshot-dialog';
import { bundleUrl, pairsUrl } from './snapshot-api';
import { SnapshotContents } from './snapshot-contents';

/** One snapshot: its content, the pairs that were dropped and why, and its downloads. */
export function SnapshotCard({ projectId, snapshot }: { projectId: string; snapshot: SnapshotSummary }) {
  const { formatDateTime } = useFormats();
  const t = useTranslations('snapshots');
  const { header } = snapshot;
  const [exporting, setExporting] = useState(false);
  const [renaming, setRenaming] = useState(false);
  const icon = <Download aria-hidden="true" className="size-4" />;
  const headingId = `snapshot-${snapshot.id}`;
  return (
    <Card aria-labelledby={headingId} className="grid gap-4">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
            <h2 id={headingId} className="break-words font-semibold text-base">
              {snapshot.name}
            </h2>
            <Button
              size="sm"
              variant="ghost"
              icon={<Pencil aria-hidden="true" className="size-3.5" />}
              aria-label={`${t('rename')} ${t('namedSnapshot', { name: snapshot.name })}`}
              onClick={() => setRenaming(true)}
            />
            <Badge>{t(`strategies.${header.strategy}.name`)}</Badge>
          </div>
          <p className="mt-1 text-[0.8125rem] text-faint">
            {formatDateTime(snapshot.createdAt)} ·{' '}
            <span title={`SHA-256 ${snapshot.hash}`}>
              {t('hash')} <code className="font-mono">{snapshot.hash.slice(0, 12)}</code>
            </span>
          </p>
        </div>
        <LinkButton
          href={`/projects/${projectId}/train?snapshot=${snapshot.id}`}
          variant={snapshot.pairCount > 0 ? 'primary' : 'secondary'}
          size="sm"
        >
          {t('trainOnThis')}
          <span className="sr-only"> {t('namedSnapshot', { name: snapshot.name })}</span>
        </LinkButton>
      </div>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-5">
        <Count label={t('counts.prompts')} value={header.counts.prompts} />
        <Count label={t('counts.responses')} value={header.counts.responses} />
        <Count label={t('counts.pairs')} value={header.counts.pairs} />
        <Count label={t('counts.annotations')} value={header.counts.annotations} />
        <Count label={t('counts.dropped')} value={header.counts.dropped_pairs} />
      </dl>
      {snapshot.pairCount === 0 ? (
        <p className="rounded-md border border-warn/35 bg-warn-wash px-3.5 py-2.5 text-sm">{t('noPairs')}</p>
      ) : null}
      <DroppedPairs snapshot={snapshot} />
      <SnapshotContents snapshot={snapshot} />
      <div className="flex flex-wrap gap-2">
        <Button
          size="sm"
          icon={<PackageOpen aria-hidden="true" className="size-4" />}
          onClick={() => setExporting(true)}
        >
          {t('export.open')}
          <span className="sr-only"> {t('namedSnapshot', { name: snapshot.name })}</span>
        </Button>
        <DownloadButton size="sm" icon={icon} href={pairsUrl(snapshot.id)}>
          {t('exportPairs')}
        </DownloadButton>
        <DownloadButton size="sm" icon={icon} href={bundleUrl(snapshot.id)}>
          {t('exportLossless')}
        </DownloadButton>
      </div>
      {renaming ? <RenameSnapshotDialog snapshot={snapshot} onClose={() => setRenaming(false)} /> : null}
      {exporting ? <ExportDialog snapshot={snapshot} onOpenChange={setExporting} /> : null}
    </Card>
  );
}

function Count({ label, value }: { label: string; value: number }) {
  const { formatNumber } = useFormats();
  return (
    <div>
      <dt className="text-[0.8125rem] text-soft">{label}</dt>
      <dd className="tabular font-semibold text-lg">{formatNumber(value)}</dd>
    </div>
  );
}

function DroppedPairs({ snapshot }: { snapshot: SnapshotSummary }) {
  const t = useTranslations('snapshots');
  const count = snapshot.header.counts.dropped_pairs;
  if (count === 0) return null;
  return (
    <details className="text-sm">
      <summary className="cursor-pointer text-soft hover:text-ink">{t('whyDropped', { count })}</summary>
      <ul className="mt-2 grid list-disc gap-1 ps-5 text-soft">
        {droppedReasons(snapshot.header).map(({ reason, count }) => (
          <li key={reason}>{t(`reasons.${reason}`, { count })}</li>
        ))}
      </ul>
    </details>
  );
}
