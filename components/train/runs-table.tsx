'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { Table, Td, Th } from '@/components/ui';
import { useFormats } from '@/components/ui/use-formats';
import type { RunSummary } from '@/lib/schemas/run-answers';
import { methodName } from '@/lib/schemas/run-name';
import { RunStatusBadge } from './run-status';
import { useRunStatus } from './use-run-status';

/** A table of runs, newest first as the server sends them, with their held-out accuracy. */
export function RunsTable({ projectId, runs }: { projectId: string; runs: readonly RunSummary[] }) {
  const { formatDateTime } = useFormats();
  const statusOf = useRunStatus();
  const t = useTranslations('train');
  return (
    <Table caption={t('runs')}>
      <thead>
        <tr>
          <Th>{t('run')}</Th>
          <Th>{t('status')}</Th>
          <Th numeric>α</Th>
          <Th numeric>{t('epochs')}</Th>
          <Th numeric>{t('steps')}</Th>
          <Th numeric>{t('heldOutAccuracy')}</Th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <tr key={run.id}>
            <Td>
              <Link
                href={`/projects/${projectId}/runs/${run.id}`}
                className="whitespace-nowrap font-medium text-accent hover:underline"
              >
                {t('runNumber', { number: run.number })}
              </Link>
              <span className="block whitespace-nowrap text-[0.8125rem] text-faint">
                {formatDateTime(run.createdAt)}
              </span>
              <span className="block text-[0.8125rem] text-faint">
                {run.modelName} · {methodName(run.config)} · {run.snapshotName}
              </span>
            </Td>
            <Td>
              <RunStatusBadge status={statusOf(run)} />
            </Td>
            <Td numeric>{run.config.alpha}</Td>
            <Td numeric>{run.config.epochs}</Td>
            <Td numeric>
              {run.totalSteps > 0 ? t('stepOfTotal', { step: run.step, totalSteps: run.totalSteps }) : '–'}
            </Td>
            <Td numeric className="whitespace-nowrap">
              <AccuracyChange run={run} />
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function AccuracyChange({ run: { evaluation } }: { run: RunSummary }) {
  const { formatPercent } = useFormats();
  const before = evaluation?.heldOut.before?.accuracy;
  const after = evaluation?.heldOut.after?.accuracy;
  if (typeof before !== 'number' || typeof after !== 'number') return '–';
  return (
    <>
      {formatPercent(before, 1)} <span className="inline-block rtl:-scale-x-100">→</span> {formatPercent(after, 1)}
    </>
  );
}
