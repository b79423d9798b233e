'use client';

import type { ReactNode } from 'react';
import { TextFormatProvider } from '@/components/content/text-forms';
import { TierColorsProvider } from '@/components/ui/tier';
import { useProject } from './use-project';

const none = [] as const;

/** Provides the project's tier colours and text format to all of its pages. */
export function ProjectAppearance({ projectId, children }: { projectId: string; children: ReactNode }) {
  const project = useProject(projectId).data?.project;
  return (
    <TextFormatProvider value={project?.textFormat ?? 'auto'}>
      <TierColorsProvider colors={project?.tierColors ?? none}>{children}</TierColorsProvider>
    </TextFormatProvider>
  );
}
