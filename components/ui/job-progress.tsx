import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { JobAnswer } from '@/lib/schemas/job';
import { api, useApi } from './api';
import { Button } from './button';
import { ProgressBar } from './progress-bar';
import { useFormats } from './use-formats';

/** A new id to follow long work by, version 4. Works without a secure context, unlike randomUUID. */
export function newJobId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/**
 * How far long work on the server is, with a button that cancels it; the request that began it is refused then, as
 * 'conflict', and tells the end in any case.
 */
export function JobProgressBar({ jobId, label }: { jobId: string; label: string }) {
  const t = useTranslations('ui');
  const { formatPercent } = useFormats();
  const [cancelling, setCancelling] = useState(false);
  const { data } = useApi<JobAnswer>(`/jobs/${jobId}`, { refetchMs: 500 });
  const { done = 0, total = 0 } = data?.job ?? {};
  // Until then there is nothing on the server that could be cancelled.
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
        detail={total > 0 ? formatPercent(done / total) : undefined}
      />
      <div>
        <Button size="sm" onClick={cancel} disabled={!started || cancelling}>
          {t('cancel')}
        </Button>
      </div>
    </div>
  );
}
