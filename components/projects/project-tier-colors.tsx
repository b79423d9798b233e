'use client';

import type { ReactNode } from 'react';
import { TierColorsProvider } from '@/components/ui/tier';
import { useProject } from './use-project';

const none = [] as const;

/** All pages of a project draw its tiers in its colours. */
export function ProjectTierColors({ projectId, children }: { projectId: string; children: ReactNode }) {
  return (
    <TierColorsProvider colors={useProject(projectId).data?.project.tierColors ?? none}>{children}</TierColorsProvider>
  );
}
