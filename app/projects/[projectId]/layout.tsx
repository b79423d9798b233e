import type { ReactNode } from 'react';
import { ProjectLook } from '@/components/projects/project-look';
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
      <ProjectLook projectId={projectId}>{children}</ProjectLook>
    </>
  );
}
