import { LedgerPage } from '@/components/agreement/ledger-page';
import { Translations } from '@/components/shell/translations';
import { pageMetadata } from '@/lib/i18n/page-metadata';

export const generateMetadata = pageMetadata('ledger');

export default async function ProjectLedgerPage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return (
    <Translations of={['agreement']}>
      <LedgerPage projectId={projectId} />
    </Translations>
  );
}
