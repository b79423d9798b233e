'use client';

import { ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Badge, Button, Card, CardHeader, ErrorState, LoadingState } from '@/components/ui';
import { useApi } from '@/components/ui/api';
import { useFormats } from '@/components/ui/use-formats';
import type { GuidelineChange, GuidelineHistory, PastVersion } from '@/lib/schemas/guidelines';
import { GuidelinesChanges } from './guidelines-changes';
import { GuidelinesText } from './guidelines-text';

/** All versions with their authors, newest first; each opens to its changes. `current` is the version in force. */
export function GuidelinesHistory({
  projectId,
  tiers,
  current,
}: {
  projectId: string;
  tiers: string[];
  current: number;
}) {
  const t = useTranslations('guidelines');
  const answer = useApi<GuidelineHistory>(`/projects/${projectId}/guidelines/history`, { fresh: true });
  return (
    <Card flush className="mt-8 print:hidden">
      <CardHeader title={t('history')} description={t('historyHint')} className="px-5 pt-4 pb-3" />
      {answer.data ? (
        <ol aria-label={t('versions')} className="divide-y divide-line border-line border-t">
          {answer.data.versions.map((past) => (
            <li key={past.version}>
              <Version projectId={projectId} tiers={tiers} past={past} inForce={past.version === current} />
            </li>
          ))}
        </ol>
      ) : answer.isError ? (
        <ErrorState error={answer.error} onRetry={() => answer.refetch()} />
      ) : (
        <LoadingState label={t('loadingHistory')} />
      )}
    </Card>
  );
}

function Version({
  projectId,
  tiers,
  past: { version, author, createdAt },
  inForce,
}: {
  projectId: string;
  tiers: string[];
  past: PastVersion;
  inForce: boolean;
}) {
  const t = useTranslations('guidelines');
  const { formatDateTime } = useFormats();
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="group" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="flex list-none flex-wrap items-center gap-x-3 gap-y-0.5 px-5 py-2.5 text-sm -outline-offset-2 hover:bg-hover [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden="true" className="size-4 text-faint transition-transform group-open:rotate-90" />
        <span className="font-medium">{t('versionNumber', { version })}</span>
        {inForce ? <Badge tone="accent">{t('current')}</Badge> : null}
        <span className="flex-1" />
        <span className="text-[0.8125rem] text-soft wrap-anywhere">{author ?? t('formerUser')}</span>
        <span className="tabular text-[0.8125rem] text-faint">{formatDateTime(createdAt)}</span>
      </summary>
      <div className="px-5 pt-3 pb-4 empty:hidden">
        {isOpen ? <Change projectId={projectId} tiers={tiers} version={version} /> : null}
      </div>
    </details>
  );
}

function Change({ projectId, tiers, version }: { projectId: string; tiers: string[]; version: number }) {
  const t = useTranslations('guidelines');
  const [whole, setWhole] = useState(false);
  const answer = useApi<GuidelineChange>(`/projects/${projectId}/guidelines/history/${version}`);
  if (!answer.data) {
    return answer.isError ? (
      <ErrorState error={answer.error} onRetry={() => answer.refetch()} />
    ) : (
      <LoadingState label={t('loadingVersion', { version })} />
    );
  }
  const { before, after } = answer.data;
  return (
    <>
      {before && !whole ? (
        <GuidelinesChanges before={before} after={after} tiers={tiers} />
      ) : (
        <GuidelinesText guidelines={after} tiers={tiers} />
      )}
      {before ? (
        <Button size="sm" className="mt-4" onClick={() => setWhole(!whole)}>
          {whole ? t('changedSince', { version: before.version }) : t('showFullText')}
        </Button>
      ) : null}
    </>
  );
}
