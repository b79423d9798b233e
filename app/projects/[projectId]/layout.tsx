import type { ReactNode } from 'react';
import { ProjectAppearance } from '@/components/projects/project-appearance';
import { ArchivedNotice } from '@/components/shell/archived-notice';
import { ProjectNav } from '@/components/shell/project-nav';

export default async function ProjectLayout({
  children,
  params,
}: {
  children: ReactNode;
  params: Promise<{ projectId: string }>;
}) {
  const { projectId } = await params;
  return (
    <>
      <ProjectNav projectId={projectId} />
      <ArchivedNotice projectId={projectId} />
      <ProjectAppearance projectId={projectId}>{children}</ProjectAppearance>
    </>
  );
}
