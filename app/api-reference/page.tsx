import { ApiReferencePage } from '@/components/api-reference/api-reference-page';
import { Translations } from '@/components/shell/translations';
import { pageMetadata } from '@/lib/i18n/page-metadata';

export const generateMetadata = pageMetadata('apiReference');

export default function Page() {
  return (
    <Translations of={['apiReference']}>
      <ApiReferencePage />
    </Translations>
  );
}
