'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { Badge, Card, CardHeader } from '@/components/ui';
import { useFormats } from '@/components/ui/use-formats';
import type { SharedMark } from '@/lib/schemas/prompt-mark';

/** Skipped and flagged prompts, linked to the annotators' answers. Resolved flags are hidden by default. */
export function MarkList({ projectId, marks }: { projectId: string; marks: SharedMark[] }) {
  const t = useTranslations('work');
  const open = marks.filter(({ resolvedAt }) => resolvedAt === null);
  const resolved = marks.filter(({ resolvedAt }) => resolvedAt !== null);
  return (
    <Card flush>
      <CardHeader className="p-5" title={t('skippedAndFlagged')} description={t('newestFirst')} />
      {open.length === 0 ? (
        <p className="px-5 pb-5 text-sm text-soft">
          {resolved.length === 0 ? t('noSkipsOrFlags') : t('everyFlagResolved')}
        </p>
      ) : (
        <Marks projectId={projectId} marks={open} />
      )}
      {resolved.length > 0 ? (
        <details className="border-line border-t">
          <summary className="cursor-pointer px-5 py-3 text-sm text-soft hover:bg-hover">
            {t('resolvedFlags', { count: resolved.length })}
          </summary>
          <Marks projectId={projectId} marks={resolved} />
        </details>
      ) : null}
    </Card>
  );
}

function Marks({ projectId, marks }: { projectId: string; marks: SharedMark[] }) {
  const { formatDateTime } = useFormats();
  const t = useTranslations('work');
  const words = useTranslations('marks');
  return (
    <ul className="divide-y divide-line border-line border-t">
      {marks.map((mark) => (
        <li key={`${mark.promptId} ${mark.kind} ${mark.annotatorId}`}>
          <Link
            href={`/projects/${projectId}/work/${mark.promptId}/${encodeURIComponent(mark.annotatorId)}`}
            className="flex flex-wrap items-start gap-x-4 gap-y-1 px-5 py-3 text-sm -outline-offset-2 hover:bg-hover"
          >
            <span className="min-w-0 flex-1 basis-48">
              <span className="block font-medium font-mono text-[0.8125rem] wrap-anywhere">{mark.externalId}</span>
              {mark.reason ? <span className="block text-soft">{words(`reasons.${mark.reason}`)}</span> : null}
              {mark.note ? (
                <span dir="auto" className="block text-faint wrap-anywhere">
                  {mark.note}
                </span>
              ) : null}
            </span>
            <span className="flex flex-wrap items-center gap-2 text-[0.8125rem] text-faint">
              <Badge tone={mark.kind === 'flagged' && !mark.resolvedAt ? 'warn' : 'neutral'}>{t(mark.kind)}</Badge>
              {mark.annotator} · {formatDateTime(mark.createdAt)}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
