import { MyWorkPage } from '@/components/annotate/my-work-page';
import { titled } from '@/lib/i18n/page-title';

export const generateMetadata = titled('mine');

export default async function ProjectMyWorkPage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return <MyWorkPage projectId={projectId} />;
}
