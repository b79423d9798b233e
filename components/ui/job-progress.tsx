import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { JobAnswer } from '@/lib/schemas/job';
import { api, useApi } from './api';
import { Button } from './button';
import { ProgressBar } from './progress-bar';
import { useFormats } from './use-formats';

/** A new job id, a version 4 UUID. Works without a secure context, unlike randomUUID. */
export function newJobId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/**
 * The progress of a job on the server, with a button that cancels it. The request that started the job then fails with
 * 'conflict'; its answer marks the end in any case.
 */
export function JobProgressBar({
  jobId,
  label,
  items,
}: {
  jobId: string;
  label: string;
  /** What has been done so far, where that is counted. */
  items?: (count: number) => string;
}) {
  const t = useTranslations('ui');
  const { formatPercent } = useFormats();
  const [cancelling, setCancelling] = useState(false);
  const { data } = useApi<JobAnswer>(`/jobs/${jobId}`, { refetchMs: 500 });
  const { done = 0, total = 0, items: count = 0 } = data?.job ?? {};
  const share = total > 0 ? formatPercent(done / total) : undefined;
  // Until then the server has no job that could be cancelled.
  const started = data?.job?.state === 'running';
  const cancel = async () => {
    setCancelling(true);
    await api(`/jobs/${jobId}`, { method: 'DELETE' }).catch(() => setCancelling(false));
  };
  return (
    <div className="grid gap-4">
      <ProgressBar
        label={cancelling ? t('cancelling') : label}
        value={total > 0 ? done : undefined}
        max={total}
        detail={share && items && count > 0 ? `${share} · ${items(count)}` : share}
      />
      <div>
        <Button size="sm" onClick={cancel} disabled={!started || cancelling}>
          {t('cancel')}
        </Button>
      </div>
    </div>
  );
}
