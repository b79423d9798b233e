import { ModelsPage } from '@/components/models/models-page';
import { Translations } from '@/components/shell/translations';
import { titled } from '@/lib/i18n/page-title';

export const generateMetadata = titled('models');

export default function Page() {
  return (
    <Translations of={['models', 'trainer']}>
      <ModelsPage />
    </Translations>
  );
}
