'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useProject } from '@/components/projects/use-project';
import { Badge, Button, Card, Notice, TextField, useErrorMessage } from '@/components/ui';
import { api, useCreation } from '@/components/ui/api';
import { useFormats } from '@/components/ui/use-formats';
import type { MyMark } from '@/lib/schemas/prompt-mark';

/** What one person said of a prompt. Researchers resolve a flag here, or open it again. */
export function MarkCard({
  projectId,
  annotatorId,
  annotator = null,
  mark,
}: {
  projectId: string;
  annotatorId: string;
  /** Where it does not stand above. */
  annotator?: string | null;
  mark: MyMark;
}) {
  const t = useTranslations('marks');
  const errorMessage = useErrorMessage();
  const { formatDateTime } = useFormats();
  const project = useProject(projectId).data;
  const mayResolve = project !== undefined && project.role !== 'annotator' && !project.project.isArchived;
  const [resolution, setResolution] = useState('');
  const { promptId, kind, resolvedAt } = mark;
  const root = `/projects/${projectId}`;
  const resolve = useCreation(
    (resolved: boolean) =>
      api(`${root}/marks/resolve`, { method: 'POST', json: { promptId, annotatorId, resolved, resolution } }),
    [`${root}/answers`, `${root}/work`, `${root}/marks`, `${root}/prompts`],
  );
  const when = resolvedAt ? t('resolvedAt', { time: formatDateTime(resolvedAt) }) : formatDateTime(mark.createdAt);
  return (
    <Card className="grid gap-3 text-sm">
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-2">
          <Badge tone={kind === 'flagged' && !resolvedAt ? 'warn' : 'neutral'}>{t(`kinds.${kind}`)}</Badge>
          {annotator === null ? null : (
            <span dir="auto" className="font-medium">
              {annotator}
            </span>
          )}
          <span className="text-faint">{when}</span>
        </p>
        {mark.reason ? <p className="mt-1.5 text-soft">{t(`reasons.${mark.reason}`)}</p> : null}
        {mark.note ? (
          <p dir="auto" className="mt-1.5 wrap-anywhere">
            {mark.note}
          </p>
        ) : null}
        {mark.resolution ? (
          <p dir="auto" className="mt-1.5 border-line border-s-2 ps-3 text-soft wrap-anywhere">
            {mark.resolution}
          </p>
        ) : null}
      </div>
      {kind === 'flagged' && mayResolve ? (
        <div className="flex flex-wrap items-end gap-3">
          {resolvedAt ? null : (
            <TextField
              label={t('resolution')}
              className="min-w-0 flex-1 basis-56"
              dir="auto"
              maxLength={2000}
              value={resolution}
              onChange={(event) => setResolution(event.target.value)}
            />
          )}
          <Button pending={resolve.isPending} onClick={() => resolve.mutate(resolvedAt === null)}>
            {resolvedAt ? t('reopen') : t('markResolved')}
          </Button>
        </div>
      ) : null}
      {resolve.isError ? <Notice tone="bad">{errorMessage(resolve.error)}</Notice> : null}
    </Card>
  );
}
