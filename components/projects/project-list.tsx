'use client';

import { Archive, Layers, Plus } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useMe } from '@/components/account/use-me';
import { useApiList } from '@/components/ui/api';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/field';
import { Page, PageHeader } from '@/components/ui/page-header';
import { EmptyState, ErrorState, LoadingState } from '@/components/ui/states';
import type { ProjectSummary } from '@/lib/schemas/project';
import { LoadDemoButton } from './load-demo-button';
import { NewProjectDialog } from './new-project-dialog';

export function ProjectList() {
  const t = useTranslations('projects');
  const [creating, setCreating] = useState(false);
  const me = useMe();
  const projects = useApiList<'projects', ProjectSummary>('/projects', 'projects');
  const mayCreate = me.data?.user != null && me.data.user.role !== 'annotator';
  const [showsArchived, setShowsArchived] = useState(false);
  const list = projects.data?.projects ?? [];
  const archived = list.filter((project) => project.isArchived).length;
  const shown = list.filter((project) => showsArchived || !project.isArchived);
  const hasDemo = list.some((project) => project.isDemo);

  const newProject = (
    <Button icon={<Plus aria-hidden="true" className="size-4" />} onClick={() => setCreating(true)}>
      {t('newProject')}
    </Button>
  );

  return (
    <Page>
      <PageHeader
        title={t('projects')}
        description={t('intro')}
        actions={
          mayCreate && list.length > 0 ? (
            <>
              {hasDemo ? null : <LoadDemoButton variant="secondary" />}
              {newProject}
            </>
          ) : null
        }
      />
      {projects.isError ? (
        <ErrorState error={projects.error} onRetry={() => projects.refetch()} />
      ) : !projects.data ? (
        <LoadingState label={t('loadingProjects')} />
      ) : list.length === 0 ? (
        mayCreate ? (
          <EmptyState
            icon={<Layers className="size-5" />}
            title={t('emptyTitle')}
            actions={
              <>
                <LoadDemoButton />
                {newProject}
              </>
            }
          >
            {t('emptyHint')}
          </EmptyState>
        ) : (
          <EmptyState icon={<Layers className="size-5" />} title={t('noProjects')}>
            {t('noProjectsHint')}
          </EmptyState>
        )
      ) : (
        <>
          {shown.length === 0 ? <EmptyState icon={<Archive className="size-5" />} title={t('allArchived')} /> : null}
          <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
            {shown.map((project) => (
              <li key={project.id}>
                <ProjectCard project={project} />
              </li>
            ))}
          </ul>
          {archived > 0 ? (
            <Checkbox
              className="mt-6"
              label={t('showArchived', { count: archived })}
              checked={showsArchived}
              onChange={(event) => setShowsArchived(event.target.checked)}
            />
          ) : null}
        </>
      )}
      <NewProjectDialog isOpen={creating} onOpenChange={setCreating} />
    </Page>
  );
}

function ProjectCard({ project }: { project: ProjectSummary }) {
  const t = useTranslations('projects');
  const { counts } = project;
  return (
    <Link
      href={`/projects/${project.id}`}
      className="group flex h-full flex-col rounded-lg border border-line bg-surface p-5 shadow-card transition-colors hover:border-edge"
    >
      <span className="flex items-start justify-between gap-3">
        <span className="font-semibold group-hover:text-accent">{project.name}</span>
        {project.isDemo ? <Badge>{t('demo')}</Badge> : null}
        {project.isArchived ? <Badge>{t('archived')}</Badge> : null}
      </span>
      {project.description ? (
        <span dir="auto" className="mt-1.5 line-clamp-2 text-sm text-soft">
          {project.description}
        </span>
      ) : null}
      {counts ? (
        <span className="tabular mt-auto pt-4 text-[0.8125rem] text-faint">
          {t('countPrompts', { prompts: counts.prompts ?? 0 })} ·{' '}
          {t('countAnnotations', { annotations: counts.annotations ?? 0 })}
        </span>
      ) : null}
    </Link>
  );
}
