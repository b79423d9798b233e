'use client';

import { Printer } from 'lucide-react';
import { useProject } from '@/components/projects/use-project';
import { Button, EmptyState, ErrorState, LinkButton, LoadingState, Page, PageHeader } from '@/components/ui';
import { formatDateTime } from '@/components/ui/format';
import { GuidelinesHistory } from './guidelines-history';
import { GuidelinesText } from './guidelines-text';
import { useGuidelines } from './use-guidelines';

/** The guidelines to read in peace, and to print. */
export function GuidelinesPage({ projectId }: { projectId: string }) {
  const project = useProject(projectId);
  const answer = useGuidelines(projectId);
  const failed = project.error ?? answer.error;
  if (!project.data || !answer.data) {
    return (
      <Page width="narrow">
        {failed ? (
          <ErrorState error={failed} onRetry={() => Promise.all([project.refetch(), answer.refetch()])} />
        ) : (
          <LoadingState label="Loading the guidelines" />
        )}
      </Page>
    );
  }
  const manages = project.data.role !== 'annotator';
  const { name, tiers } = project.data.project;
  const { current } = answer.data;
  const edit = manages ? (
    <LinkButton href={`/projects/${projectId}/settings`} className="print:hidden">
      Edit
    </LinkButton>
  ) : null;
  return (
    <Page width="narrow">
      <PageHeader
        title="Guidelines"
        eyebrow={<span className="wrap-anywhere">{name}</span>}
        description={current ? `Version ${current.version}, ${formatDateTime(current.createdAt)}` : null}
        actions={
          current ? (
            <>
              {edit}
              <Button
                className="print:hidden"
                icon={<Printer aria-hidden="true" className="size-4" />}
                onClick={() => window.print()}
              >
                Print
              </Button>
            </>
          ) : null
        }
      />
      {current ? (
        <>
          <GuidelinesText guidelines={current} tiers={tiers} />
          {manages ? (
            <GuidelinesHistory key={current.version} projectId={projectId} tiers={tiers} current={current.version} />
          ) : null}
        </>
      ) : (
        <EmptyState title="No guidelines yet" actions={edit}>
          {manages
            ? 'Write down what to judge by, with examples for each tier. Everybody who annotates reads them first.'
            : 'Nobody has written any for this project.'}
        </EmptyState>
      )}
    </Page>
  );
}
