import { SettingsPage } from '@/components/settings/settings-page';
import { Translations } from '@/components/shell/translations';
import { pageMetadata } from '@/lib/i18n/page-metadata';

export const generateMetadata = pageMetadata('settings');

export default async function ProjectSettingsPage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return (
    <Translations of={['settings', 'account', 'projects', 'guidelines', 'content']}>
      <SettingsPage projectId={projectId} />
    </Translations>
  );
}
