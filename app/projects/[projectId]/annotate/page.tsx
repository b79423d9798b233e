import { AnnotatePage } from '@/components/annotate/annotate-page';
import { titled } from '@/lib/i18n/page-title';

export const generateMetadata = titled('annotate');

export default async function ProjectAnnotatePage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return <AnnotatePage projectId={projectId} />;
}
