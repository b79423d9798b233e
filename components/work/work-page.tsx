'use client';

import { Users } from 'lucide-react';
import Link from 'next/link';
import { durationWords } from '@/components/annotate/pace-words';
import { skipReasonWords } from '@/components/annotate/skip-reasons';
import { Badge, Card, CardHeader, EmptyState, ErrorState, LoadingState, Page, PageHeader } from '@/components/ui';
import { useApi } from '@/components/ui/api';
import { formatDateTime } from '@/components/ui/format';
import { Table, Td, Th } from '@/components/ui/table';
import type { WorkMark, WorkReport, WorkRow } from '@/lib/schemas/work';
import { GoldSettings } from './gold-settings';
import { HideNames } from './hide-names';

/** How the annotators work, what they skipped and flagged, and what they practise on. For researchers. */
export function WorkPage({ projectId }: { projectId: string }) {
  const { data, error, refetch } = useApi<WorkReport>(`/projects/${projectId}/work`, { fresh: true });
  return (
    <Page>
      <PageHeader
        title="Work"
        description="How people annotate here. What is marked is worth a look or a talk; the program does nothing about it."
      />
      {error && !data ? (
        <ErrorState error={error} title="The work could not be loaded" onRetry={() => refetch()} />
      ) : data ? (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
          <People report={data} />
          <GoldSettings projectId={projectId} />
          <HideNames projectId={projectId} />
          <Marks projectId={projectId} marks={data.marks} />
        </div>
      ) : (
        <LoadingState label="Loading the work" />
      )}
    </Page>
  );
}

function People({ report: { rows, fastCharactersPerSecond } }: { report: WorkReport }) {
  if (rows.length === 0) {
    return (
      <EmptyState icon={<Users className="size-5" />} title="Nobody has annotated yet">
        Each annotator’s work appears here with the first prompt judged.
      </EmptyState>
    );
  }
  return (
    <Card flush>
      <CardHeader
        className="p-5"
        title="People"
        description={`Time is active time, the median a prompt. Fast: done in less time than reading it takes at ${fastCharactersPerSecond} characters a second, some 600 words a minute; a Chinese or Japanese character counts as three.`}
      />
      <Table caption="Work of each annotator">
        <thead>
          <tr>
            <Th>Annotator</Th>
            <Th numeric>Prompts</Th>
            <Th numeric>Time</Th>
            <Th numeric>Fast</Th>
            <Th numeric>In one tier</Th>
            <Th numeric>Can’t judge</Th>
            <Th numeric>Agrees with gold</Th>
            <Th numeric>Skipped</Th>
            <Th numeric>Flagged</Th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.annotatorId}>
              <Person row={row} />
              <Td numeric>{row.prompts}</Td>
              <Td numeric className="whitespace-nowrap">
                {row.medianActiveMs === null ? '—' : durationWords(row.medianActiveMs)}
              </Td>
              <Td numeric>{row.fast}</Td>
              <Td numeric>{shareWords(row.singleTierShare)}</Td>
              <Td numeric>{shareWords(row.cannotJudgeShare)}</Td>
              <Td numeric>{goldShareWords(row)}</Td>
              <Td numeric>{row.skipped}</Td>
              <Td numeric>{row.flagged}</Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

function Person({ row }: { row: WorkRow }) {
  return (
    <th
      scope="row"
      className="min-w-40 border-line border-b px-4 py-2.5 text-left align-top font-normal in-[tr:last-child]:border-b-0"
    >
      <span className="block font-medium wrap-anywhere">{row.name}</span>
      {row.signs.map((sign) => (
        <span key={sign} className="mt-0.5 block text-[0.8125rem] text-warn">
          {sign}
        </span>
      ))}
    </th>
  );
}

const shareWords = (share: number | null) => (share === null ? 'nothing yet' : `${Math.round(share * 100)} %`);

function goldShareWords({ goldShare, goldPrompts }: WorkRow): string {
  if (goldPrompts === 0) return 'no gold yet';
  return goldShare === null ? 'no common pair' : `${Math.round(goldShare * 100)} % on ${goldPrompts}`;
}

function Marks({ projectId, marks }: { projectId: string; marks: WorkMark[] }) {
  return (
    <Card flush>
      <CardHeader className="p-5" title="Skipped and flagged" description="Newest first." />
      {marks.length === 0 ? (
        <p className="px-5 pb-5 text-sm text-soft">Nobody has skipped or flagged a prompt.</p>
      ) : (
        <ul className="divide-y divide-line border-line border-t">
          {marks.map((mark) => (
            <li key={`${mark.promptId} ${mark.kind} ${mark.annotator} ${mark.createdAt}`}>
              <Link
                href={`/projects/${projectId}/annotate/mine/${mark.promptId}`}
                className="flex flex-wrap items-start gap-x-4 gap-y-1 px-5 py-3 text-sm -outline-offset-2 hover:bg-hover"
              >
                <span className="min-w-0 flex-1 basis-48">
                  <span className="block font-medium font-mono text-[0.8125rem] wrap-anywhere">{mark.externalId}</span>
                  {mark.reason ? <span className="block text-soft">{skipReasonWords[mark.reason]}</span> : null}
                  {mark.note ? (
                    <span dir="auto" className="block text-faint wrap-anywhere">
                      {mark.note}
                    </span>
                  ) : null}
                </span>
                <span className="flex flex-wrap items-center gap-2 text-[0.8125rem] text-faint">
                  <Badge tone={mark.kind === 'flagged' ? 'warn' : 'neutral'}>
                    {mark.kind === 'flagged' ? 'Flagged' : 'Skipped'}
                  </Badge>
                  {mark.annotator} · {formatDateTime(mark.createdAt)}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
