'use client';

import type { ReactNode } from 'react';
import { TextFormatProvider, ThinkingTagsProvider } from '@/components/content/text-forms';
import { TierColorsProvider } from '@/components/ui/tier';
import { useProject } from './use-project';

const none = [] as const;

/** Provides the project's tier colours, text format and thinking tags to all of its pages. */
export function ProjectAppearance({ projectId, children }: { projectId: string; children: ReactNode }) {
  const project = useProject(projectId).data?.project;
  return (
    <TextFormatProvider value={project?.textFormat ?? 'auto'}>
      <ThinkingTagsProvider value={project?.thinkingTags ?? none}>
        <TierColorsProvider colors={project?.tierColors ?? none}>{children}</TierColorsProvider>
      </ThinkingTagsProvider>
    </TextFormatProvider>
  );
}
