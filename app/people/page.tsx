import { PeoplePage } from '@/components/account/people-page';
import { pageMetadata } from '@/lib/i18n/page-metadata';

export const generateMetadata = pageMetadata('people');

export default function Page() {
  return <PeoplePage />;
}
