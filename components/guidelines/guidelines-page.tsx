'use client';

import { Printer } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useProject } from '@/components/projects/use-project';
import { Button, EmptyState, ErrorState, LinkButton, LoadingState, Page, PageHeader } from '@/components/ui';
import { useFormats } from '@/components/ui/use-formats';
import { GuidelinesHistory } from './guidelines-history';
import { GuidelinesText } from './guidelines-text';
import { useGuidelines } from './use-guidelines';

/** The guidelines as a page that can be printed. */
export function GuidelinesPage({ projectId }: { projectId: string }) {
  const { formatDateTime } = useFormats();
  const t = useTranslations('guidelines');
  const project = useProject(projectId);
  const answer = useGuidelines(projectId);
  const failed = project.error ?? answer.error;
  if (!project.data || !answer.data) {
    return (
      <Page width="narrow">
        {failed ? (
          <ErrorState error={failed} onRetry={() => Promise.all([project.refetch(), answer.refetch()])} />
        ) : (
          <LoadingState label={t('loading')} />
        )}
      </Page>
    );
  }
  const manages = project.data.role !== 'annotator';
  const { name, tiers } = project.data.project;
  const { current } = answer.data;
  const edit = manages ? (
    <LinkButton href={`/projects/${projectId}/settings`} className="print:hidden">
      {t('edit')}
    </LinkButton>
  ) : null;
  return (
    <Page width="narrow">
      <PageHeader
        title={t('guidelines')}
        eyebrow={<span className="wrap-anywhere">{name}</span>}
        description={
          current ? t('versionAt', { version: current.version, createdAt: formatDateTime(current.createdAt) }) : null
        }
        actions={
          current ? (
            <>
              {edit}
              <Button
                className="print:hidden"
                icon={<Printer aria-hidden="true" className="size-4" />}
                onClick={() => window.print()}
              >
                {t('print')}
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
        <EmptyState title={t('noGuidelines')} actions={edit}>
          {manages ? t('noGuidelinesHintForResearchers') : t('noGuidelinesHint')}
        </EmptyState>
      )}
    </Page>
  );
}
