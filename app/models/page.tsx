import { ModelsPage } from '@/components/models/models-page';
import { Translations } from '@/components/shell/translations';
import { pageMetadata } from '@/lib/i18n/page-metadata';

export const generateMetadata = pageMetadata('models');

export default function Page() {
  return (
    <Translations of={['models', 'trainer']}>
      <ModelsPage />
    </Translations>
  );
}
