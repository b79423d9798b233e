'use client';

import { Archive } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useProject } from '@/components/projects/use-project';

/** Above every page of an archived project. */
export function ArchivedNotice({ projectId }: { projectId: string }) {
  const t = useTranslations('shell');
  if (!useProject(projectId).data?.project.isArchived) return null;
  return (
    <p role="status" className="border-line border-b bg-warn-wash px-4 py-2.5 text-sm sm:px-6 print:hidden">
      <Archive aria-hidden="true" className="me-2 inline size-4 align-text-bottom" />
      {t('archivedNotice')}
    </p>
  );
}
