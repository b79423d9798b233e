import { AgreementPage } from '@/components/agreement/agreement-page';
import { Translations } from '@/components/shell/translations';
import { pageMetadata } from '@/lib/i18n/page-metadata';

export const generateMetadata = pageMetadata('agreement');

export default async function ProjectAgreementPage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return (
    <Translations of={['agreement', 'trainer']}>
      <AgreementPage projectId={projectId} />
    </Translations>
  );
}
