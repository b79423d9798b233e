import { SettingsPage } from '@/components/settings/settings-page';
import { titled } from '@/lib/i18n/page-title';

export const generateMetadata = titled('settings');

export default async function ProjectSettingsPage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return <SettingsPage projectId={projectId} />;
}
