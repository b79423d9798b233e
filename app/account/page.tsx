import { AccountPage } from '@/components/account/account-page';
import { titled } from '@/lib/i18n/page-title';

export const generateMetadata = titled('account');

export default function Page() {
  return <AccountPage />;
}
