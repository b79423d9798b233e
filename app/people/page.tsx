import { PeoplePage } from '@/components/account/people-page';
import { titled } from '@/lib/i18n/page-title';

export const generateMetadata = titled('people');

export default function Page() {
  return <PeoplePage />;
}
