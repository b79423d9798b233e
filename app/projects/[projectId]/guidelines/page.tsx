import { GuidelinesPage } from '@/components/guidelines/guidelines-page';
import { titled } from '@/lib/i18n/page-title';

export const generateMetadata = titled('guidelines');

export default async function ProjectGuidelinesPage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return <GuidelinesPage projectId={projectId} />;
}
