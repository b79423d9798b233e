'use client';

import type { ReactNode } from 'react';
import { TextFormatProvider } from '@/components/content/text-forms';
import { TierColorsProvider } from '@/components/ui/tier';
import { useProject } from './use-project';

const none = [] as const;

/** All pages of a project draw its tiers in its colours and its texts in its format. */
export function ProjectLook({ projectId, children }: { projectId: string; children: ReactNode }) {
  const project = useProject(projectId).data?.project;
  return (
    <TextFormatProvider value={project?.textFormat ?? 'auto'}>
      <TierColorsProvider colors={project?.tierColors ?? none}>{children}</TierColorsProvider>
    </TextFormatProvider>
  );
}
