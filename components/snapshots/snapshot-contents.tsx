'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Notice, useErrorMessage } from '@/components/ui';
import { useApi } from '@/components/ui/api';
import { Spinner } from '@/components/ui/spinner';
import type { SnapshotSummary } from '@/lib/schemas/snapshot';
import type { SnapshotContents as Contents } from '@/lib/schemas/snapshot-contents';
import { ContentsFigures } from './contents-figures';

/** What a snapshot holds, fetched when it is opened. */
export function SnapshotContents({ snapshot }: { snapshot: SnapshotSummary }) {
  const t = useTranslations('snapshots');
  const errorMessage = useErrorMessage();
  const [isOpen, setOpen] = useState(false);
  const { data, error } = useApi<Contents>(`/snapshots/${snapshot.id}/contents`, { enabled: isOpen });
  return (
    <details className="min-w-0 text-sm" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className="cursor-pointer text-soft hover:text-ink">
        {t('contents.title')}
        <span className="sr-only"> {t('namedSnapshot', { name: snapshot.name })}</span>
      </summary>
      <div className="mt-3">
        {error ? <Notice tone="bad">{errorMessage(error)}</Notice> : null}
        {data ? <ContentsFigures contents={data} /> : null}
        {isOpen && !data && !error ? (
          <p role="status" className="flex items-center gap-2 text-soft">
            <Spinner /> {t('contents.loading')}
          </p>
        ) : null}
      </div>
    </details>
  );
}
