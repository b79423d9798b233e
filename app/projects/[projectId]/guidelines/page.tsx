import type { Metadata } from 'next';
import { GuidelinesPage } from '@/components/guidelines/guidelines-page';

export const metadata: Metadata = { title: 'Guidelines' };

export default async function ProjectGuidelinesPage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return <GuidelinesPage projectId={projectId} />;
}
