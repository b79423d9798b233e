import { AccountPage } from '@/components/account/account-page';
import { pageMetadata } from '@/lib/i18n/page-metadata';

export const generateMetadata = pageMetadata('account');

export default function Page() {
  return <AccountPage />;
}
