'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { Card, CardHeader } from '@/components/ui';
import { useFormats } from '@/components/ui/use-formats';
import type { WorkReport } from '@/lib/schemas/work';

/** Where the number of annotators adapts: which of the prompts that were judged last are certain, and after how many. */
export function Certainties({ projectId, certainties }: { projectId: string } & Pick<WorkReport, 'certainties'>) {
  const t = useTranslations('work');
  const { formatPercent } = useFormats();
  if (certainties.length === 0) return null;
  return (
    <Card>
      <CardHeader title={t('certainties')} description={t('certaintiesHint')} className="mb-3" />
      <ul className="grid gap-1.5 text-sm">
        {certainties.map(({ promptId, externalId, judged, most, share, isClosed }) => (
          <li key={promptId} className="wrap-anywhere">
            <Link href={`/projects/${projectId}/prompts/${promptId}`} className="text-accent underline">
              <bdi dir="auto">{externalId}</bdi>
            </Link>{' '}
            <span className="text-soft">
              {t(isClosed ? 'closedCertain' : judged < most ? 'openCertain' : 'fullCertain', {
                judged,
                most,
                percent: formatPercent(share),
              })}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
