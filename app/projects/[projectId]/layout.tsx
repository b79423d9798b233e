import type { ReactNode } from 'react';
import { ProjectTierColors } from '@/components/projects/project-tier-colors';
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
      <ProjectTierColors projectId={projectId}>{children}</ProjectTierColors>
    </>
  );
}
