import { AuditPage } from '@/components/account/audit-page';
import { pageMetadata } from '@/lib/i18n/page-metadata';

export const generateMetadata = pageMetadata('audit');

export default function Page() {
  return <AuditPage />;
}
